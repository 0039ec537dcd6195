#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "switchgear/breaker/alerts.hpp"
#include "switchgear/breaker/config.hpp"
#include "switchgear/breaker/events.hpp"
#include "switchgear/breaker/latency_histogram.hpp"
#include "switchgear/breaker/permit.hpp"
#include "switchgear/breaker/state.hpp"
#include "switchgear/breaker/statistics.hpp"
#include "switchgear/breaker/window.hpp"
#include "switchgear/detail/bounded_text.hpp"
#include "switchgear/detail/on_demand.hpp"
#include "switchgear/detail/ring_queue.hpp"
#include "switchgear/failure.hpp"
#include "switchgear/statem/callback_module.hpp"

/// What a breaker machine can be told.
namespace switchgear::input {

/// May I call? The reply is a `permit`, or a `failure` that says why not. For
/// machines without a gate: where there is one, it alone gives permits.
struct acquire {};

/// The gate let a call through as a probe (see `gate`).
struct probe_taken {
  permit given;
};

/// The gate turned calls away.
struct turned_away {
  std::uint64_t count = 1;
  /// `circuit_open` or `too_many_probes`.
  errc with = errc::circuit_open;
};

/// Whole milliseconds; enough for all that a breaker may ever stay open, and
/// small, so that a report does not grow.
using pause = std::chrono::duration<std::uint32_t, std::milli>;

/// Rounded up; `longest_open` at the most.
pause to_pause(duration value) noexcept;

/// How a call ended. As a call, the reply comes when it has been judged.
struct report {
  permit of;
  outcome how = outcome::success;
  /// Of a failure: for how long, from its end on, the tool wants to be left
  /// alone; see `failure::retry_later`.
  pause retry_after{};
  duration latency{};
  /// When it ended; if that is later than what the machine is told: then.
  time_point at = time_point::max();
  /// How many of its epoch's successes that were counted elsewhere came before.
  std::uint64_t successes_before = 0;
  /// Of a failure: what kind of error; valid for ever. See `failure::type`.
  std::string_view error_type{};
  /// Of a failure; a longer text is cut off.
  detail::bounded_text<159> error{};
};

/// The result of a call that has been reported as timed out: too late.
struct late_result {
  permit of;
  outcome how = outcome::success;
  duration latency{};
};

/// To closed, with fresh counts, in automatic mode. Totals stay.
struct reset {};

/// Trips by hand; recovers as after any trip.
struct force_open {};

struct set_mode {
  mode to = mode::automatic;
};

struct reconfigure {
  std::shared_ptr<const config> to;
};

/// Calls that began in this epoch and have not come back for long.
struct stuck_calls {
  std::uint64_t epoch = 0;
  /// How many have been under way for `stuck_after` or longer.
  std::uint64_t count = 0;
  /// When there can be enough of them at the earliest.
  time_point look_again{};
};

/// The answer of `hooks::ready_to_trip`; none if it threw.
struct trip_verdict {
  std::uint64_t epoch = 0;
  std::optional<bool> trip;
};

/// The answer of `hooks::open_time`.
struct open_time_verdict {
  std::uint64_t epoch = 0;
  duration open_time{};
};

/// The actor was restarted. Timers that should run and do not are started.
struct restarted {
  /// Whether the machine itself had ended. It may have lost track of a probe
  /// then, so half-open begins again: nothing may wedge it.
  bool after_fault = false;
};

} // namespace switchgear::input

namespace switchgear {

/// What the machine tells and asks the world. Called from within transitions;
/// must neither block nor call back. Asking is answered by a later event.
class breaker_observer {
public:
  virtual ~breaker_observer() = default;

  virtual void emit(const breaker_event& event) = 0;

  /// Asked if `hooks::ready_to_trip` is set; answer with `trip_verdict`.
  virtual void consult_ready_to_trip(const counts& so_far, std::uint64_t epoch)
    = 0;

  /// Asked now and then if calls can be stuck; answer with `stuck_calls`.
  virtual void consult_stuck_calls(time_point) {
    // nop
  }

  /// Asked if `hooks::open_time` is set; answer with `open_time_verdict`.
  virtual void consult_open_time(const trip_cause& cause, std::uint64_t epoch)
    = 0;

  /// Whether events of this kind are wanted. They are only numbered if not.
  virtual bool wants(event_kind) const {
    return true;
  }
};

/// All that a breaker knows.
struct breaker_data {
  std::shared_ptr<const config> cfg;
  switchgear::mode mode = switchgear::mode::automatic;
  std::uint64_t epoch = 0;
  std::uint64_t sequence = 0; // of events

  // Towards a trip, or a recovery.
  counts period;
  window recent;

  // Probes. Those still out when their epoch ends are remembered, so that each
  // result is counted once: that of a probe known to neither list was counted
  // before, when it came or when the lease was over.
  struct lease {
    std::uint64_t id = 0;
    time_point ends{};
  };
  std::vector<lease> probes; // in the order in which they end
  std::vector<std::uint64_t> abandoned;
  std::uint64_t last_lease = 0;
  std::uint64_t probes_ended = 0; // in this epoch

  // Totals.
  std::uint64_t successes = 0;
  std::uint64_t failures = 0;
  std::uint64_t rejected = 0;
  std::uint64_t ignored = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t late = 0;
  std::uint64_t would_reject = 0;
  // The same calls and changes of state in classes that do not overlap.
  struct classes {
    outcome_counts outcomes;
    std::vector<transition_count> transitions;
  };
  switchgear::detail::on_demand<classes> classified;
  // Of calls that were told of; others are in the lane.
  switchgear::detail::on_demand<latency_histogram> latencies;

  // Trips and recoveries.
  std::uint64_t trips = 0;
  std::uint64_t trips_in_a_row = 0;
  struct trip_record {
    trip_cause cause;
    std::string text; // with the thresholds of that time
  };
  switchgear::detail::on_demand<trip_record> last_trip;
  std::optional<time_point> down_since; // the first trip after closed
  std::uint64_t recoveries = 0;
  duration recovery_time{};

  // The last change of state, and those before.
  struct past_transition {
    state from{};
    state to{};
    reason why{};
    time_point at{};
    std::string text;
    std::uint64_t epoch = 0;
  };
  alert_monitor alerts;

  reason why = reason::none; // of the change under way, then of the last one
  time_point entered{};
  time_point epoch_began{};
  time_point open_until = time_point::max();
  time_point counts_until = time_point::max(); // closed_interval
  using past_transitions = switchgear::detail::ring_queue<past_transition>;
  switchgear::detail::on_demand<past_transitions> history;

  struct failure_record {
    time_point at{};
    std::string text;
    // Until when the tool wants to be left alone: the latest that one of the
    // failures in a row has asked for, late ones not counted.
    time_point away_until = time_point::min();
  };
  switchgear::detail::on_demand<failure_record> last_failure;

  std::vector<statem::caller> undecided; // wait for a trip verdict
  std::uint64_t restarts = 0;
  std::uint64_t random = 0; // state of the generator behind the jitter

  breaker_data(std::shared_ptr<const config> settings, std::uint64_t seed);

  std::uint64_t total_calls() const noexcept;
};

/// The types of the breaker machine.
struct breaker_types {
  using state = switchgear::state;
  using data = breaker_data;
  using message = std::variant<
    std::monostate, input::acquire, input::probe_taken, input::turned_away,
    input::report, input::late_result, input::reset, input::force_open,
    input::set_mode, input::reconfigure, input::trip_verdict,
    input::open_time_verdict, input::stuck_calls, input::restarted>;
  using reply = std::variant<std::monostate, permit, failure>;
  enum class timer_name : std::uint8_t { probe_lease, stuck_calls };

  // Once a callback has begun to change the data, only running out of memory
  // could stop it; a copy of the window for each event would cost more.
  static constexpr bool transactional = false;
};

/// The circuit breaker: three states, each a function, as a gen_statem in
/// `[state_functions, state_enter]` would have them.
///
/// Rules:
///  1. Every state entry begins a new epoch. A result of an earlier epoch is
///     counted in the totals and as late; it moves nothing else.
///  2. In half-open at most `half_open_max_calls` probes are out. Each ends
///     once: with a result, given back, or lost when its lease is over.
///  3. A trip is judged when a call fails or is slow, never on a plain success.
///     A rate needs `minimum_calls` results and trips at `>=`.
///  4. Totals never shrink.
///  5. A call's reply precedes the transition, the call's event precedes the
///     transition's event.
///
/// @note Pure: no clock, no thread. One instance serves one breaker.
class breaker_machine
  : public statem::state_functions<breaker_machine, breaker_types> {
public:
  /// @param with_ready_to_trip whether `ready_to_trip` is asked
  /// @param with_open_time whether `open_time` is asked
  explicit breaker_machine(bool with_ready_to_trip = false,
                           bool with_open_time = false)
    : asks_ready_to_trip_(with_ready_to_trip),
      asks_open_time_(with_open_time) {
    // nop
  }

  /// Sets who is told; null while nobody is.
  void observe(breaker_observer* observer) noexcept {
    observer_ = observer;
  }

  bool state_enter() const override {
    return true;
  }

  transition closed(const event& ev, breaker_data& d);
  transition open(const event& ev, breaker_data& d);
  transition half_open(const event& ev, breaker_data& d);

  void terminate(const statem::exit_reason& why, const state& last,
                 breaker_data& d) override;

  // -- what callers have counted by themselves
  // ----------------------------------
  //
  // What cannot change the state is no event: it is added to the data between
  // two events, as a server reads counters that its clients write.

  /// How many failures and slow calls can come from `now` on, before
  /// `spare_until`, none of which trips whatever else comes in between.
  std::uint64_t spare(state now_in, const breaker_data& d,
                      time_point now) const;

  time_point spare_until(const breaker_data& d, time_point now) const {
    return d.recent.unchanged_until(now);
  }

  /// Adds `n` plain successes of this epoch. To a window that spans time they
  /// are not added; see `add_to_window`.
  void add_successes(state now_in, std::uint64_t n, time_point now,
                     breaker_data& d);

  /// Puts plain successes of this epoch into a window that spans time.
  void add_to_window(state now_in, std::uint64_t n, time_point at,
                     breaker_data& d);

  /// Adds `n` plain successes that count only in the totals: of an epoch that
  /// ended, before it did or (`late`) after.
  void add_old_successes(state now_in, std::uint64_t n, bool late,
                         time_point now, breaker_data& d);

  /// Tells of one success that has been added, or is about to be.
  void tell_success(state now_in, time_point at, duration latency,
                    breaker_data& d);

  /// Numbers `n` successes that are not told of.
  void pass_over(std::uint64_t n, breaker_data& d) const noexcept {
    d.sequence += n;
  }

  /// Looks whether people should know of something, and tells them. To be
  /// called after each event, and now and then.
  void watch_alerts(state now_in, time_point now, breaker_data& d);

  /// Whether anybody wants to hear of successes one by one.
  bool wants_successes() const {
    return observer_ && observer_->wants(event_kind::call_succeeded);
  }

  /// Adds a result that cannot change the state.
  /// @param spared what `spare` has told, less the failures and slow calls
  ///        since; zero if that is not known
  /// @returns false if it may: then nothing has been added, and it has to
  ///          become an event.
  bool add_result(state now_in, const input::report& r, time_point now,
                  std::uint64_t& spared, breaker_data& d);

  static constexpr auto states() {
    using m = breaker_machine;
    return std::array{
      statem::state_function<m>{state::closed, "closed", &m::closed},
      statem::state_function<m>{state::open, "open", &m::open},
      statem::state_function<m>{state::half_open, "half_open", &m::half_open},
    };
  }

  static constexpr auto edges() {
    using edge = statem::edge<state>;
    return std::array{
      edge{state::closed, state::open, "a threshold is reached, or by hand"},
      edge{state::open, state::half_open, "the open time is over, or released"},
      edge{state::open, state::closed, "by hand"},
      edge{state::half_open, state::closed,
           "enough probes succeeded, or by hand"},
      edge{state::half_open, state::open,
           "a probe failed, was slow or lost, or by hand"},
    };
  }

private:
  // -- what is the same in every state ----------------------------------------

  transition common(state now_in, const event& ev, breaker_data& d);
  transition reset(state now_in, const event& ev, breaker_data& d);
  transition force_open(state now_in, const event& ev, breaker_data& d);
  transition reconfigure(std::shared_ptr<const config> to, state now_in,
                         const event& ev, breaker_data& d);
  transition set_mode(mode to, state now_in, const event& ev, breaker_data& d);
  void switch_mode(mode to, state now_in, const event& ev, breaker_data& d);
  transition restarted(bool after_fault, state now_in, const event& ev,
                       breaker_data& d);

  transition go(state to, reason why, breaker_data& d, const event& ev);
  transition done(const event& ev);
  transition let_go(transition next, breaker_data& d);
  action next_interval(const event& ev, breaker_data& d);
  void entered(state now_in, const event& ev, breaker_data& d);

  // -- results ----------------------------------------------------------------

  transition late(state now_in, const event& ev, const input::report& r,
                  breaker_data& d);
  void tell_late(state now_in, time_point now, outcome how, duration latency,
                 std::uint64_t n, breaker_data& d);
  bool tally(state now_in, const input::report& r, time_point now,
             breaker_data& d);
  transition judge_failure(const event& ev, breaker_data& d);
  transition trip(reason why, const event& ev, breaker_data& d);
  reason broken_rule(const breaker_data& d, time_point now) const;
  void count(state now_in, time_point at, const input::report& r,
             breaker_data& d);
  static void note_pause(const input::report& r, time_point at,
                         breaker_data& d);
  void turn_away(state now_in, const input::turned_away& calls, const event& ev,
                 breaker_data& d);
  action watch_stuck_calls(const event& ev, const breaker_data& d);
  transition judge_stuck_calls(const event& ev, const input::stuck_calls& x,
                               breaker_data& d);
  static action watch_leases(const breaker_data& d);
  transition probe_result(const event& ev, const input::report& r,
                          breaker_data& d);
  transition lose_probes(const event& ev, breaker_data& d);

  // -- open time --------------------------------------------------------------

  duration open_time(breaker_data& d) const;
  static duration asked_for(const breaker_data& d, time_point now);

  breaker_event make_event(event_kind kind, state now_in, time_point at,
                           breaker_data& d) const;
  bool wanted(event_kind kind, breaker_data& d) const;
  void emit(const breaker_event& event) const;

  breaker_observer* observer_ = nullptr;
  bool asks_ready_to_trip_;
  bool asks_open_time_;
};

/// What `breaker_machine` knows, for people. `name` is left empty, and what
/// only an actor knows is left zero.
statistics statistics_of(state now_in, const breaker_data& d, time_point now,
                         wall_time wall_now);

} // namespace switchgear
