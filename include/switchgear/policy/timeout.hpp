#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "switchgear/breaker/config.hpp"
#include "switchgear/policy/context.hpp"
#include "switchgear/policy/detail/crew.hpp"
#include "switchgear/policy/timing.hpp"

namespace switchgear::policy {

/// How long a call may take, and where it runs.
struct timeout_options {
  /// 1 us to 24 h.
  duration limit = std::chrono::seconds{2};

  /// Whether the call runs on the caller's own thread. There it cannot be left
  /// behind: what takes too long is judged when it returns, and its result is
  /// dropped. The callable may look at the deadline.
  bool inline_only = false;

  /// Calls that may be under way at a time on other threads, those that were
  /// given up included. 1 to 10,000.
  std::uint32_t workers = 64;

  /// Calls that were given up and still run, from which on no further ones
  /// begin. 1 to `workers`.
  std::uint32_t max_abandoned = 16;
};

/// All that is wrong with `how`.
std::vector<config_error> validate(const timeout_options& how);

struct timeout_statistics {
  std::uint64_t calls = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t cancelled = 0; ///< Told to stop from outside.
  std::uint64_t rejected = 0;  ///< No thread: `bulkhead_full`.
  std::uint64_t running = 0;   ///< On other threads, at this moment.
  std::uint64_t abandoned = 0; ///< Of these, those that were given up.
};

/// Answers `timeout` in time, whatever the call does.
///
/// The call runs on another thread. When its time is over it is told to stop
/// through the `std::stop_token` that its callable may take, and its caller
/// goes on. The callable itself goes on as well until it returns, and what it
/// returns is dropped: no thread can be stopped from outside. So it must own
/// what it uses: capture by value, or what lives longer. While too many calls
/// that were given up still run, further ones are refused as `bulkhead_full`.
///
/// At the end of a program the threads are waited for, for a second.
///
/// Copies share threads and statistics. Thread-safe.
class timeout {
public:
  static constexpr kind what = kind::timeout;
  static constexpr bool detaches = true;

  explicit timeout(duration limit, timing_ptr time = real_time())
    : timeout(timeout_options{.limit = limit}, nullptr, std::move(time)) {
    // nop
  }

  /// @param where runs the calls; null: threads of its own. Not an executor
  ///        on which its callers run, too: they would wait for each other
  /// @throws setup_error if the options are not valid
  explicit timeout(const timeout_options& how,
                   std::shared_ptr<executor> where = nullptr,
                   timing_ptr time = real_time());

  template <class Next>
  auto run(const context& ctx, const Next& next) const
    -> detail::answer_of<Next>;

  const timeout_options& options() const noexcept;

  timeout_statistics stats() const;

private:
  struct shared;

  template <class Answer>
  class meeting;

  time_point begin() const;
  failure expired(bool own_limit) const;
  failure interrupted() const;
  timing& time() const noexcept;
  const std::shared_ptr<detail::crew>& crew() const noexcept;

  std::shared_ptr<shared> state_;
};

// -- implementation -----------------------------------------------------------

/// Where a caller waits for a result from another thread.
template <class Answer>
class timeout::meeting {
public:
  meeting(std::shared_ptr<detail::crew> of, detail::crew::ticket place)
    : crew_(std::move(of)),
      place_(std::move(place)) {
    // nop
  }

  std::stop_token token() const noexcept {
    return stop_.get_token();
  }

  void deliver(Answer answer) {
    {
      std::lock_guard guard{mutex_};
      place_.end(abandoned_);
      if (abandoned_)
        return;
      answer_.emplace(std::move(answer));
    }
    changed_.notify_all();
  }

  void interrupt() {
    {
      std::lock_guard guard{mutex_};
      interrupted_ = true;
    }
    changed_.notify_all();
  }

  /// The answer, unless it does not come in time: then the call is left behind.
  std::optional<Answer> await(timing& time, time_point until) {
    std::unique_lock guard{mutex_};
    time.wait(guard, changed_, until,
              [this] { return answer_.has_value() || interrupted_; });
    if (answer_)
      return std::move(answer_);
    abandoned_ = true;
    crew_->abandon();
    guard.unlock();
    stop_.request_stop();
    return std::nullopt;
  }

  bool was_interrupted() {
    std::lock_guard guard{mutex_};
    return interrupted_;
  }

private:
  std::shared_ptr<detail::crew> crew_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::stop_source stop_;
  detail::crew::ticket place_;
  std::optional<Answer> answer_;
  bool abandoned_ = false;
  bool interrupted_ = false;
};

template <class Next>
auto timeout::run(const context& ctx, const Next& next) const
  -> detail::answer_of<Next> {
  using answer = detail::answer_of<Next>;
  const auto own_limit = begin();
  const auto until = std::min(own_limit, ctx.deadline);
  if (options().inline_only) {
    auto result = next(context{ctx.stop, until});
    if (time().now() > until)
      return make_unexpected(expired(own_limit <= ctx.deadline));
    return result;
  }
  auto place = crew()->enter();
  if (!place)
    return make_unexpected(std::move(place.error()));
  auto here = std::make_shared<meeting<answer>>(crew(), std::move(*place));
  executor::job job{detail::errand{here, next, context{here->token(), until}}};
  if (auto refused = crew()->submit(job))
    return make_unexpected(std::move(*refused));
  const std::stop_callback relay{ctx.stop, [&] { here->interrupt(); }};
  if (auto got = here->await(time(), until))
    return std::move(*got);
  return make_unexpected(here->was_interrupted()
                           ? interrupted()
                           : expired(own_limit <= ctx.deadline));
}

} // namespace switchgear::policy
