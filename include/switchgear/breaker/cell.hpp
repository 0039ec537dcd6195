#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "switchgear/breaker/gate.hpp"
#include "switchgear/breaker/inbox.hpp"
#include "switchgear/breaker/lane.hpp"
#include "switchgear/breaker/machine.hpp"
#include "switchgear/breaker/told_successes.hpp"
#include "switchgear/detail/on_demand.hpp"
#include "switchgear/expected.hpp"
#include "switchgear/statem/engine.hpp"

namespace switchgear {

/// All of a breaker that outlives its actor: the gate that callers pass, the
/// lane in which they count, the inbox for what they have to tell, and the
/// machine that decides.
///
/// **Success is silent, failure is a message, and only the owner decides.**
///  1. A call passes a closed breaker by reading one word, and counts its
///     success in its thread's own slot (see `lane`). Nobody is told.
///  2. A failure, a slow call, and whatever else is not a plain success goes
///     into the inbox, with the number of successes of its epoch that its
///     thread saw by then. The owner puts successes and failures back in order
///     by that number: one thread's calls, and calls that happen one after the
///     other on several threads, come out exactly in their order.
///  3. The owner publishes from which ticket on a failure may trip
///     (`verdict_from_`): with each failure the ticket counts up, and so many
///     as `breaker_machine::spare` tells cannot trip whatever happens in
///     between. They go on at once, and the owner looks at them later. Others
///     wait until they have been judged, so that a caller's next call, and the
///     calls of everybody whom it tells, see the state that follows.
///  4. Before the owner handles anything it adds what has been counted so far.
///     Totals are exact: each call is in them once. It belongs to its epoch if
///     the owner has counted it before it ended that epoch.
///
/// The functions of «callers» are thread-safe. Those of «the owner» are for
/// the actor that currently owns the cell; owners follow one another, they
/// never overlap.
class cell {
public:
  using engine_type = statem::engine<breaker_types>;

  /// @param user null if there are none
  /// @pre `cfg` is valid
  cell(std::string name, std::shared_ptr<const config> cfg,
       std::shared_ptr<const hooks> user, std::uint64_t seed);

  cell(std::string name, config cfg, hooks user, std::uint64_t seed);

  virtual ~cell() = default;

  cell(const cell&) = delete;
  cell& operator=(const cell&) = delete;

  const std::string& name() const noexcept {
    return name_;
  }

  const hooks& user() const noexcept {
    static const hooks none;
    return hooks_ ? *hooks_ : none;
  }

  // -- callers ----------------------------------------------------------------

  /// One call under way.
  struct call {
    permit of;
    lane::slot* began_in = nullptr;
    call_starts::entry* start = nullptr;
    time_point began{};
    bool timed = false;
    bool told = false; // as a success it becomes an event
    gate::answer refused = gate::answer::pass; // why there is no call
  };

  /// May a call be made now? Does not block. If it may, the call has begun, and
  /// must end once, with one of the functions below. Else it is a rejection.
  bool begin(call& c) noexcept {
    c.began_in = lane_.mine();
    c.of.epoch = gate_.passes();
    if (c.of.epoch == 0 && !begin_slowly(c)) [[unlikely]]
      return false;
    lane_.begin(c.began_in);
    const auto marks = marks_.load(std::memory_order_relaxed);
    if (marks != 0)
      start(c, marks);
    return true;
  }

  /// The call, which has just begun, is timed from `at` on.
  void start_at(call& c, time_point at) noexcept;

  /// Why `begin` said no. Allocates nothing, reads no clock.
  failure refusal(const call& c) const noexcept;

  /// The call went well. Waits as `fail` does; few successes have to.
  /// @returns as `fail`
  bool succeed(const call& c, bool wait = true) {
    auto* own = lane_.mine(); // perhaps on another thread than it began
    if (c.timed || c.told || c.of.is_probe() || !own
        || !own->successes.add(c.of.epoch)) [[unlikely]]
      return succeed_at(c, c.timed ? clock::now() : time_point::max(), wait);
    return false;
  }

  /// As `succeed`, at a time that is known. Does not matter for a call that is
  /// not timed.
  bool succeed_at(const call& c, time_point now, bool wait = true);

  /// The call failed; the user's predicates are asked about `why`. If that may
  /// change the state this waits until it has been judged; at most `patience`,
  /// and never for long on a thread that the owner may need to run on.
  /// @param wait whether this may wait
  /// @returns whether it would have waited but may not: the owner answers what
  ///          it is asked from now on after it has judged
  bool fail(const call& c, const failure& why, bool wait = true);

  /// The call ended in this way. Waits as `fail` does.
  void end(const call& c, outcome how);

  /// As `end`, for a call that took so long.
  /// @param wait whether this may wait
  /// @param error in words; a long one is cut off
  /// @param type of the error; must stay valid for ever
  /// @param retry_after for how long the tool wants to be left alone
  /// @returns as `fail`
  bool end(const call& c, outcome how, duration latency,
           std::string_view error = {}, std::string_view type = {},
           bool wait = true, duration retry_after = {});

  /// The call was not made. Does not wait.
  void give_back(const call& c) {
    end(c, outcome::cancelled, {}, {}, {}, false);
  }

  /// The call, which had to wait, is really made only now: from now on its
  /// duration counts.
  void restart_clock(call& c) const noexcept {
    if (c.timed)
      c.began = clock::now();
  }

  /// A call that has begun will end with a message to the machine: from now on
  /// its age is not known. When it ends, so must `count_end`.
  void hand_over(call& c) noexcept {
    stop(c, lane_.mine());
    c.start = nullptr;
  }

  void count_end() noexcept {
    lane_.end(lane_.mine());
  }

  /// What `bad` means for the breaker, by the user's predicates.
  outcome judge(const failure& bad) const;

  /// Tells the machine something, without waiting.
  void tell(breaker_types::message content);

  /// As `tell`.
  /// @returns what is reached when the machine has replied, or never will.
  std::shared_ptr<judgement> submit(breaker_types::message content);

  /// The state and mode last published. Exact for the caller's own calls.
  switchgear::state current_state() const noexcept {
    return state_.load(std::memory_order_acquire);
  }

  switchgear::mode current_mode() const noexcept {
    return mode_.load(std::memory_order_acquire);
  }

  /// How many calls must fail in a row, or be stuck, for it to trip, by the
  /// settings last published; 0: a rule of the user's says.
  std::uint32_t calls_to_trip() const noexcept {
    return calls_to_trip_.load(std::memory_order_relaxed);
  }

  /// Waits until the breaker is in `wanted`, at most for `limit`.
  /// @returns whether it was. A state that does not last may be missed.
  bool await(switchgear::state wanted, duration limit) const;

  // -- the owner --------------------------------------------------------------

  engine_type& machine() noexcept {
    return *engine_;
  }

  const breaker_data& data() const noexcept {
    return engine_->data();
  }

  /// Makes a machine that has ended ready to be taken over: state and data stay
  /// as they were.
  /// @returns whether it had ended.
  bool revive();

  void observe(breaker_observer* observer) noexcept {
    rules_.observe(observer);
  }

  /// Says, before any call, that whoever will own it wants to hear of each
  /// success: those until then are kept for it.
  void expect_listeners() noexcept {
    publish_settings(true);
  }

  /// Successes that were to be told of one by one and have been overwritten.
  std::uint64_t untold() const noexcept {
    return telling_->lost;
  }

  /// Those since the last time.
  std::uint64_t take_untold() {
    if (!telling_)
      return 0;
    auto& known = telling_.edit();
    return known.lost - std::exchange(known.lost_taken, known.lost);
  }

  /// Whether many successes have been written to be told of since the owner
  /// last looked, or none: it should look more often, or may look less often.
  enum class pace { idle, fit, hurried };

  pace logging_pace() const noexcept {
    return telling_->now;
  }

  /// Adds what callers have counted, and feeds the machine what they have told:
  /// `as_call(message, judgement)` for what somebody waits for,
  /// `as_cast(message)` for the rest. Results that cannot change the state are
  /// no events; if somebody waits nevertheless, `judged(judgement)`. A machine
  /// that has ended is fed no more: the rest is for its successor.
  template <class Call, class Cast, class Judged>
  void drain(time_point now, Call as_call, Cast as_cast, Judged judged);

  /// Lets callers see what the machine has decided.
  void publish(time_point now);

  /// From now on all calls are refused as `unavailable`.
  void retire() noexcept;

  /// The calls of this epoch that have not come back, by `config::stuck_after`.
  input::stuck_calls stuck_calls(time_point now) const;

  /// All that is known, for people.
  statistics make_statistics(time_point now, wall_time wall_now) const;

protected:
  /// Makes the owner drain the inbox soon. Called by callers.
  virtual void wake() noexcept = 0;

  /// How long a caller may wait for a judgement.
  virtual duration patience() const noexcept;

private:
  bool begin_slowly(call& c) noexcept;
  void start(call& c, std::uint64_t marks) noexcept;
  bool count_success(const call& c, lane::slot* own, duration latency,
                     time_point now);
  void stop(const call& c, lane::slot* own) noexcept;
  std::uint64_t spare(std::uint64_t epoch, std::uint64_t ticket,
                      time_point at) const noexcept;

  struct rejections {
    std::uint64_t open = 0;
    std::uint64_t without_probe = 0;
  };

  rejections collect(time_point now);
  void credit(std::uint64_t up_to, time_point now);
  void tell_successes(std::uint64_t n, bool all, time_point now);
  void end_epoch(time_point now);
  void publish_settings(bool all_successes) noexcept;
  void publish_spare(time_point now);
  void publish_state() noexcept;

  // As good as no limit, and yet far from where tickets begin anew.
  static constexpr std::uint64_t most_spare = std::uint64_t{1} << 40;

  // What callers read on every call, and nobody writes while all is well.
  gate gate_;
  std::atomic<std::uint64_t> marks_{0}; // see `marks_of`
  std::atomic<switchgear::state> state_{switchgear::state::closed};
  std::atomic<switchgear::mode> mode_{switchgear::mode::automatic};
  bool retired_ = false;
  std::atomic<std::uint32_t> calls_to_trip_{0};
  lane lane_;

  // What they read when a call is timed, or failed.
  std::atomic<duration::rep> call_timeout_{0};
  std::atomic<duration::rep> slow_call_{0};
  std::atomic<duration::rep> slice_length_{0};
  std::atomic<std::uint64_t> verdict_from_{0}; // a ticket
  std::atomic<duration::rep> spare_until_{0};
  std::atomic<std::uint64_t> low_{0}; // when it is time to look
  inbox inbox_;

  // The owner's.
  std::uint64_t epoch_ = 1;    // whose successes are being counted
  std::uint64_t counted_ = 0;  // successes of this epoch: all that are known
  std::uint64_t credited_ = 0; // and those that the machine has
  struct telling {
    told_successes pending;
    std::uint64_t lost = 0;
    std::uint64_t lost_taken = 0;
    pace now = pace::idle;
  };
  detail::on_demand<telling> telling_; // of those that are told of
  breaker_machine rules_;
  std::optional<engine_type> engine_; // there is always one; see `revive`

  std::string name_;
  // Read once: what is told of it does not follow the clock's corrections.
  wall_time created_ = std::chrono::system_clock::now();
  std::shared_ptr<const hooks> hooks_;
};

// -- implementation -----------------------------------------------------------

template <class Call, class Cast, class Judged>
void cell::drain(time_point now, Call as_call, Cast as_cast, Judged judged) {
  inbox_.look();
  inbox_.gather();
  // After what was told has been taken out: all successes that it had seen are
  // there. Calls are rejected in states that have been published, so before
  // anything that is about to change.
  const auto rejected = collect(now);
  if (rejected.open > 0)
    as_cast(input::turned_away{rejected.open, errc::circuit_open});
  if (rejected.without_probe > 0)
    as_cast(input::turned_away{rejected.without_probe, errc::too_many_probes});
  std::uint64_t spared = 0;
  const auto feed = [&](breaker_types::message&& content,
                        std::shared_ptr<judgement>&& awaited) {
    if (awaited)
      as_call(std::move(content), std::move(awaited));
    else
      as_cast(std::move(content));
  };
  inbox_.consume(
    [&](const input::report& r, std::shared_ptr<judgement>&& awaited) {
      if (r.of.epoch == epoch_)
        credit(r.successes_before, now);
      if (!rules_.add_result(engine_->state(), r, now, spared, engine_->data()))
        feed(r, std::move(awaited));
      else if (awaited)
        judged(std::move(awaited));
    },
    [&](breaker_types::message&& content,
        std::shared_ptr<judgement>&& awaited) {
      credit(counted_, now);
      spared = 0; // it may change the rules
      feed(std::move(content), std::move(awaited));
    },
    [this] { return engine_->terminated(); });
  if (!engine_->terminated())
    credit(counted_, now);
}

} // namespace switchgear
