#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>

#include "switchgear/executor.hpp"
#include "switchgear/policy/context.hpp"

namespace switchgear::policy::detail {

/// Why a call is not made that an executor does not take.
failure no_room();

/// Threads on which a policy has calls run that it may leave behind: those
/// whose results nobody waits for any more keep their threads until they come
/// back, so there is a limit to them. Thread-safe.
class crew : public std::enable_shared_from_this<crew> {
public:
  /// @param workers calls under way at a time
  /// @param abandoned of these, how many may be left behind before further
  ///        calls are refused
  /// @param where null: threads of its own, made when they are needed
  crew(std::string name, std::size_t workers, std::size_t abandoned,
       std::shared_ptr<executor> where);

  /// A call's right to a thread.
  class ticket {
  public:
    explicit ticket(std::shared_ptr<crew> of) : of_(std::move(of)) {
      // nop
    }

    ticket(ticket&&) noexcept = default;
    ticket& operator=(ticket&&) = delete;

    ~ticket() {
      end(false);
    }

    /// @param abandoned whether the call had been left behind
    void end(bool abandoned) noexcept {
      if (auto of = std::exchange(of_, nullptr))
        of->leave(abandoned);
    }

  private:
    std::shared_ptr<crew> of_;
  };

  /// A ticket, or why there is none.
  expected<ticket, failure> enter();

  /// Has a job run, or dropped later.
  /// @returns why it will not; then it is as it was
  std::optional<failure> submit(executor::job& next);

  /// A call is left behind.
  void abandon() noexcept;

  struct load {
    std::uint64_t running = 0;
    std::uint64_t abandoned = 0;
    std::uint64_t refused = 0;
  };

  load current_load() const;

private:
  void leave(bool abandoned) noexcept;

  const std::size_t workers_;
  const std::size_t most_abandoned_;
  mutable std::mutex mutex_;
  load load_;
  std::shared_ptr<executor> executor_;
};

/// One call on a crew's thread: `to.deliver(answer)` once, however it ends.
///
/// @tparam To a pointer to who waits; keeps alive what `next` needs
template <class To, class Next>
class errand {
public:
  errand(To to, Next next, context ctx)
    : to_(std::move(to)),
      next_(std::move(next)),
      ctx_(std::move(ctx)) {
    // nop
  }

  errand(errand&& other) noexcept
    : to_(std::exchange(other.to_, nullptr)),
      next_(std::move(other.next_)),
      ctx_(std::move(other.ctx_)) {
    // nop
  }

  errand& operator=(errand&&) = delete;

  ~errand() {
    if (auto to = std::move(to_))
      to->deliver(make_unexpected(
        failure{errc::unavailable, "the executor dropped the call"}));
  }

  void operator()() {
    auto answer = switchgear::detail::run([this] {
      const auto next = std::move(*next_);
      next_.reset();
      return next(ctx_); // what it holds goes before its caller goes on
    });
    std::exchange(to_, nullptr)->deliver(std::move(answer));
  }

private:
  To to_;
  std::optional<Next> next_;
  context ctx_;
};

} // namespace switchgear::policy::detail
