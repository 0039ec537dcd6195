#pragma once

#include <atomic>
#include <string>
#include <utility>

#include "switchgear/failure.hpp"

namespace switchgear {

/// Sees calls on the very threads that make them, while they do: what traces
/// are made of. There is one for the process, or none.
///
/// Its functions are called by all threads at once, must not throw, and cost
/// their callers whatever they cost.
class call_tracer {
public:
  virtual ~call_tracer() = default;

  /// This thread's call was turned away.
  virtual void rejected(const std::string& breaker, errc with) noexcept = 0;

  /// A call whose end is reported on this thread has failed, or is ignored.
  virtual void failed(const std::string& breaker,
                      const failure& why) noexcept = 0;

  /// This thread begins a call.
  /// @returns what `end` gets; null: nothing is to be ended
  virtual void* begin(const std::string& breaker) noexcept = 0;

  /// The call of `begin` has ended, on the same thread, before any other that
  /// began earlier.
  /// @param why null if it went well
  virtual void end(void* begun, const failure* why) noexcept = 0;

  /// The tracer, or null. Asked on every call.
  static call_tracer* installed() noexcept {
    return current.load(std::memory_order_acquire);
  }

  /// @param tracer lives to the end of the program, for calls may be under way
  ///        when it is replaced; null: none
  static void install(call_tracer* tracer) noexcept {
    current.store(tracer, std::memory_order_release);
  }

private:
  static inline constinit std::atomic<call_tracer*> current{nullptr};
};

/// What a tracer makes of one call, from its beginning to its end on the same
/// thread. If it is not ended it is cancelled.
class call_trace {
public:
  call_trace() = default;
  call_trace(const call_trace&) = delete;
  call_trace& operator=(const call_trace&) = delete;

  ~call_trace() {
    if (begun_) [[unlikely]]
      cancel();
  }

  void begin(const std::string& breaker) noexcept {
    if (auto* tracer = call_tracer::installed()) [[unlikely]] {
      tracer_ = tracer;
      begun_ = tracer->begin(breaker);
    }
  }

  /// @param why null if it went well
  void end(const failure* why) noexcept {
    if (begun_) [[unlikely]]
      tracer_->end(std::exchange(begun_, nullptr), why);
  }

private:
  void cancel() noexcept {
    const failure why{errc::cancelled};
    end(&why);
  }

  call_tracer* tracer_ = nullptr;
  void* begun_ = nullptr;
};

} // namespace switchgear
