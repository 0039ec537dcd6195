#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "switchgear/policy/budget.hpp"
#include "switchgear/policy/context.hpp"
#include "switchgear/policy/detail/crew.hpp"
#include "switchgear/policy/timing.hpp"

namespace switchgear::policy {

/// When to ask a second time without waiting for the first answer.
struct hedge_options {
  /// How long an attempt may take until another one begins. 0 to 24 h.
  duration delay = std::chrono::milliseconds{100};

  /// Says the delay for each call, e.g. a percentile of past durations; null:
  /// `delay`. Asked on the caller's thread; if it throws, `delay`.
  std::function<duration()> delay_of{};

  /// Attempts, the first one included. 2 to 16.
  std::uint32_t max_attempts = 2;

  /// How many further attempts calls may cause together.
  budget_options budget{};

  /// Attempts that may be under way at a time, those included that nobody waits
  /// for any more. 1 to 10,000.
  std::uint32_t workers = 64;
};

/// All that is wrong with `how`.
std::vector<config_error> validate(const hedge_options& how);

struct hedge_statistics {
  std::uint64_t calls = 0;
  std::uint64_t hedges = 0;       ///< Attempts beyond the first ones.
  std::uint64_t won_by_hedge = 0; ///< Calls that such an attempt answered.
  std::uint64_t failed = 0;       ///< Calls all of whose attempts failed.
  std::uint64_t budget_refusals
    = 0;                       ///< Attempts for which there was no budget.
  std::uint64_t cancelled = 0; ///< Told to stop, or past the deadline.
  std::uint64_t rejected = 0;  ///< No thread: `bulkhead_full`.
  std::uint64_t running = 0;   ///< Attempts at this moment.
  std::uint64_t abandoned = 0; ///< Of these, those that have lost.
};

/// Asks again while the first answer is still to come, and takes the first
/// success. The others are told to stop through the `std::stop_token` that the
/// callable may take; their results are dropped. If all fail the last failure
/// is returned. A failure brings no further attempt: that is `retry`'s.
///
/// Only for what may be done twice. Attempts run on other threads, several at a
/// time, with the same callable: it must be thread-safe, and own what it uses,
/// since one that has lost goes on until it returns.
///
/// Each attempt passes what is inside for itself: a breaker counts each. One
/// that has lost and fails after that counts as cancelled.
///
/// Copies share threads, budget and statistics. Thread-safe.
class hedge {
public:
  static constexpr kind what = kind::hedge;
  static constexpr bool detaches = true;

  /// @param where runs the attempts; null: threads of its own. Not an executor
  ///        on which its callers run, too: they would wait for each other
  /// @throws setup_error if the options are not valid
  explicit hedge(hedge_options how = {},
                 std::shared_ptr<executor> where = nullptr,
                 timing_ptr time = real_time());

  template <class Next>
  auto run(const context& ctx, const Next& next) const
    -> detail::answer_of<Next>;

  const hedge_options& options() const noexcept;

  hedge_statistics stats() const;

private:
  struct shared;

  template <class Answer>
  class race;

  enum class event : unsigned char { hedged, hedge_won, failed, cancelled };

  duration begin() const;
  bool may_hedge() const;
  void note(event what_happened) const noexcept;
  timing& time() const noexcept;
  const std::shared_ptr<detail::crew>& crew() const noexcept;

  std::shared_ptr<shared> state_;
};

// -- implementation -----------------------------------------------------------

/// The attempts of one call.
template <class Answer>
class hedge::race {
public:
  explicit race(std::shared_ptr<detail::crew> of) : crew_(std::move(of)) {
    // nop
  }

  /// One of them.
  class runner {
  public:
    runner(std::shared_ptr<race> of, detail::crew::ticket place, bool first)
      : of_(std::move(of)),
        place_(std::move(place)),
        first_(first) {
      // nop
    }

    std::stop_token token() const noexcept {
      return stop_.get_token();
    }

    void deliver(Answer answer) {
      of_->arrive(*this, std::move(answer));
    }

  private:
    friend class race;

    std::shared_ptr<race> of_;
    detail::crew::ticket place_;
    std::stop_source stop_;
    bool first_;
    bool lost_ = false; // guarded by the race's mutex
  };

  void add(std::shared_ptr<runner> next) {
    std::lock_guard guard{mutex_};
    runners_.push_back(std::move(next));
  }

  /// It could not be started; what it may still deliver does not count.
  void withdraw(const std::shared_ptr<runner>& which) {
    std::lock_guard guard{mutex_};
    std::erase(runners_, which);
  }

  void interrupt() {
    {
      std::lock_guard guard{mutex_};
      interrupted_ = true;
    }
    changed_.notify_all();
  }

  enum class state : unsigned char { running, won, lost, interrupted };

  /// Waits for an end, at most until then.
  state await(timing& time, time_point until) {
    std::unique_lock guard{mutex_};
    time.wait(guard, changed_, until,
              [this] { return current() != state::running; });
    return current();
  }

  /// Those who still run are told to stop. Nothing is changed by them from now
  /// on.
  void end() {
    std::vector<std::shared_ptr<runner>> others;
    {
      std::lock_guard guard{mutex_};
      others.swap(runners_);
      for (auto& each : others) {
        each->lost_ = true;
        crew_->abandon();
      }
    }
    for (auto& each : others)
      each->stop_.request_stop();
  }

  // After `end`.
  std::optional<Answer> answer;
  bool first_won = false;
  failure last{errc::cancelled};

private:
  state current() const {
    if (answer)
      return state::won;
    if (interrupted_)
      return state::interrupted;
    return runners_.empty() ? state::lost : state::running;
  }

  void arrive(runner& which, Answer got) {
    std::shared_ptr<runner> kept; // what it holds goes without the lock
    {
      std::lock_guard guard{mutex_};
      const auto i = std::ranges::find_if(
        runners_, [&](const auto& each) { return each.get() == &which; });
      if (i == runners_.end()) { // has lost, or was never started
        which.place_.end(which.lost_);
        return;
      }
      kept = std::move(*i);
      runners_.erase(i);
      which.place_.end(false);
      if (!got) {
        last = std::move(got.error());
      } else if (!answer) {
        first_won = which.first_;
        answer.emplace(std::move(got));
      }
    }
    changed_.notify_all();
  }

  std::shared_ptr<detail::crew> crew_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::shared_ptr<runner>> runners_; // that are under way
  bool interrupted_ = false;
};

template <class Next>
auto hedge::run(const context& ctx, const Next& next) const
  -> detail::answer_of<Next> {
  using answer = detail::answer_of<Next>;
  using race_type = race<answer>;
  using state = typename race_type::state;
  const auto delay = begin();
  auto all = std::make_shared<race_type>(crew());
  const auto start = [&](bool first) -> std::optional<failure> {
    auto place = crew()->enter();
    if (!place)
      return std::move(place.error());
    auto runner = std::make_shared<typename race_type::runner>(
      all, std::move(*place), first);
    executor::job job{
      detail::errand{runner, next, context{runner->token(), ctx.deadline}}};
    all->add(runner);
    auto refused = crew()->submit(job);
    if (refused)
      all->withdraw(runner);
    return refused;
  };
  if (auto refused = start(true))
    return make_unexpected(std::move(*refused));
  const std::stop_callback relay{ctx.stop, [&] { all->interrupt(); }};
  std::uint32_t attempts = 1;
  bool may_start = true;
  auto came_to = state::running;
  for (;;) {
    may_start = may_start && attempts < options().max_attempts;
    const auto next_start
      = may_start ? after(time().now(), delay) : time_point::max();
    came_to = all->await(time(), std::min(next_start, ctx.deadline));
    if (came_to != state::running || time().now() >= ctx.deadline)
      break;
    may_start = may_start && may_hedge() && !start(false);
    if (may_start) {
      ++attempts;
      note(event::hedged);
    }
  }
  all->end();
  // An answer may have come in the last moment.
  if (all->answer) {
    if (!all->first_won)
      note(event::hedge_won);
    return std::move(*all->answer);
  }
  if (came_to == state::lost) {
    note(event::failed);
    return make_unexpected(std::move(all->last));
  }
  note(event::cancelled);
  if (came_to == state::interrupted)
    return make_unexpected(failure{errc::cancelled, "told to stop"});
  return make_unexpected(
    failure{errc::timeout, "no result before the deadline"});
}

} // namespace switchgear::policy
