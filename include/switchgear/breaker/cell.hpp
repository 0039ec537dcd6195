#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "switchgear/breaker/gate.hpp"
#include "switchgear/breaker/inbox.hpp"
#include "switchgear/breaker/machine.hpp"
#include "switchgear/expected.hpp"
#include "switchgear/statem/engine.hpp"

namespace switchgear {

/// All of a breaker that outlives its actor: the gate that callers pass, the
/// inbox for their results, and the machine that decides.
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

  /// A permit for one call, or why there is none. Does not block; a rejection
  /// allocates nothing.
  expected<permit, failure> admit() noexcept;

  /// Reports how a call ended. If that may change the state this waits until
  /// it has been judged, so that the caller's next call sees the new state;
  /// at most `patience`, and never for long on a thread that the owner may
  /// need to run on.
  void complete(const permit& of, outcome how, duration latency,
                std::string error = {});

  /// What `bad` means for the breaker, by the user's predicates.
  outcome judge(const failure& bad) const;

  /// As `complete`, for a call that took `latency` and ended with `bad`, or
  /// well if that is null. Longer than the call timeout is a timeout.
  void finish(const permit& of, duration latency, const failure* bad);

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

  /// Feeds the machine what callers have reported: `call(message, judgement)`
  /// for results that somebody waits for, `cast(message)` for others. A machine
  /// that has ended is fed no more: the rest is for its successor.
  template <class Call, class Cast>
  void drain(Call call, Cast cast) {
    inbox_.consume(
      [&](breaker_types::message&& content,
          std::shared_ptr<judgement>&& awaited) {
        if (awaited)
          call(std::move(content), std::move(awaited));
        else
          cast(std::move(content));
      },
      [this] { return engine_->terminated(); });
    if (engine_->terminated())
      return;
    if (const auto n = gate_.take_rejections(); n > 0)
      cast(input::turned_away{n});
  }

  /// Lets callers see what the machine has decided.
  void publish() noexcept;

  /// From now on all calls are refused as `unavailable`.
  void retire() noexcept;

protected:
  /// Makes the owner drain the inbox soon. Called by callers.
  virtual void wake() noexcept = 0;

  /// How long a caller may wait for a judgement.
  virtual duration patience() const noexcept;

private:
  void publish_limits() noexcept;

  std::string name_;
  std::shared_ptr<const hooks> hooks_;
  gate gate_;
  inbox inbox_;
  std::atomic<switchgear::state> state_{switchgear::state::closed};
  std::atomic<switchgear::mode> mode_{switchgear::mode::automatic};
  std::atomic<duration::rep> call_timeout_{0};
  std::atomic<duration::rep> slow_call_{0};
  breaker_machine rules_;
  std::optional<engine_type> engine_; // there is always one; see `revive`
  bool retired_ = false;
};

} // namespace switchgear
