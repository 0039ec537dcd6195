#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/task.hpp"
#include "switchgear/breaker/cell.hpp"
#include "switchgear/executor.hpp"

namespace switchgear::actor {

/// Has the callables of call messages run by an executor, whose threads answer
/// their callers themselves: no actor stands in between, so that a breaker that
/// is restarted takes no caller down with it. For prompt tasks without a call
/// timeout; others need the courier.
///
/// All functions are thread-safe.
class dispatcher {
public:
  class batch;

  struct recycle {
    void operator()(batch* what) const noexcept;
  };

  using batch_ptr = std::unique_ptr<batch, recycle>;

  explicit dispatcher(std::shared_ptr<executor> workers);

  /// Answers those who still wait.
  ~dispatcher();

  dispatcher(const dispatcher&) = delete;
  dispatcher& operator=(const dispatcher&) = delete;

  /// An empty batch of calls through the breaker behind `where`.
  batch_ptr collect(std::shared_ptr<cell> where);

  /// Has them run. Those for which there is no room are answered with
  /// `bulkhead_full`, and give their permits back.
  void run(batch_ptr calls);

  /// Answers all who wait with `unavailable`. Nobody is answered from now on,
  /// and the actor system may go.
  void close();

private:
  class place;
  struct shared;

  std::shared_ptr<executor> workers_;
  std::shared_ptr<shared> state_;
};

/// Admitted calls through one breaker that are queued together. It is over with
/// the last of them, and used again.
class dispatcher::batch {
public:
  static constexpr std::size_t capacity = 32;

  std::size_t size() const noexcept {
    return size_;
  }

  bool full() const noexcept {
    return size_ == capacity;
  }

  /// @pre not full, and `what` is prompt
  void add(const cell::call& of, task what, return_address from) {
    auto& next = calls_[size_++];
    next.of = of;
    next.what = std::move(what);
    next.from = std::move(from);
    next.at.store(stage::waiting, std::memory_order_relaxed);
  }

private:
  friend class dispatcher;

  // Who runs a call and who closes the dispatcher may want to answer it at the
  // same time. Whoever takes it from `waiting` to `answering` does; the other
  // one leaves the return address alone.
  enum class stage : std::uint8_t { waiting, answering, answered };

  struct errand {
    cell::call of;
    task what;
    return_address from;
    std::atomic<stage> at{stage::answered};
  };

  bool enlist();
  void delist();
  void run(errand& each);
  void refuse(errand& each);
  void leave(errand& each);
  void close();

  template <class Response>
  void answer(errand& each, Response response);

  std::shared_ptr<shared> all_;
  std::shared_ptr<cell> where_;
  std::array<errand, capacity> calls_;
  std::size_t size_ = 0;
  std::atomic<std::size_t> left_{0};
  bool listed_ = false;
  batch* next_ = nullptr;
  batch* previous_ = nullptr;
};

} // namespace switchgear::actor
