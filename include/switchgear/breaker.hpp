#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "switchgear/breaker/call_tracer.hpp"
#include "switchgear/breaker/cell.hpp"
#include "switchgear/breaker/statistics.hpp"
#include "switchgear/classify.hpp"

namespace caf {

class actor;

} // namespace caf

namespace switchgear {

namespace actor {

class actor_cell;

} // namespace actor

/// One permitted call that its owner makes by hand. It ends once: with one of
/// the functions below, or, if it is destroyed before, as cancelled.
/// @note Movable; for one thread at a time, not always the same.
class admission {
public:
  admission(std::shared_ptr<cell> where, const cell::call& begun)
    : cell_(std::move(where)),
      call_(begun) {
    // nop
  }

  admission(admission&&) noexcept = default;

  admission& operator=(admission&& other) noexcept {
    auto taken = std::move(other); // which may be this very one
    std::swap(cell_, taken.cell_);
    std::swap(call_, taken.call_);
    return *this;
  }

  ~admission() {
    cancel();
  }

  /// The call went well.
  void succeed() {
    if (auto where = std::move(cell_))
      where->succeed(call_);
  }

  /// The call failed; the breaker's predicates are asked about `why`.
  void fail(const failure& why) {
    if (auto where = std::move(cell_))
      where->fail(call_, why);
  }

  /// The call says nothing about the tool.
  void ignore() {
    if (auto where = std::move(cell_))
      where->end(call_, outcome::ignored);
  }

  /// The call was not made, or given up.
  void cancel() {
    if (auto where = std::move(cell_))
      where->end(call_, outcome::cancelled);
  }

  /// For those who report from elsewhere, as a message to the breaker's actor.
  const switchgear::permit& permit() const noexcept {
    return call_.of;
  }

private:
  std::shared_ptr<cell> cell_;
  cell::call call_;
};

namespace detail {

/// A call within `breaker::call`: cancelled if it is left in another way than
/// by an end, as it is when its thread is cancelled.
class scoped_call {
public:
  explicit scoped_call(cell& where) noexcept
    : cell_(where),
      open_(where.begin(call_)) {
    if (open_) [[likely]]
      trace_.begin(where.name());
  }

  scoped_call(const scoped_call&) = delete;
  scoped_call& operator=(const scoped_call&) = delete;

  ~scoped_call() {
    if (open_) [[unlikely]]
      cell_.end(call_, outcome::cancelled);
  }

  bool admitted() const noexcept {
    return open_;
  }

  failure refusal() const noexcept {
    return cell_.refusal(call_);
  }

  void succeed() {
    open_ = false;
    trace_.end(nullptr);
    cell_.succeed(call_);
  }

  void fail(const failure& why) {
    open_ = false;
    trace_.end(&why);
    cell_.fail(call_, why);
  }

private:
  cell& cell_;
  cell::call call_;
  bool open_;
  call_trace trace_;
};

} // namespace detail

/// A handle to a circuit breaker: cheap to copy, safe to share between threads,
/// valid across restarts of the actor behind it. It may outlive its runtime;
/// then everything answers `unavailable`.
///
/// Calls run on the caller's thread. Asking for statistics and changing things
/// asks the breaker's actor and waits for its answer, at most five seconds:
/// from inside an actor send messages to `actor()` instead.
class breaker {
public:
  explicit breaker(std::shared_ptr<actor::actor_cell> where);

  const std::string& name() const noexcept {
    return cell_->name();
  }

  // -- calls ------------------------------------------------------------------

  /// Calls `f` if the breaker lets it, and tells the breaker how it went.
  ///
  /// `f` fails by throwing, by returning an `expected`-like value without a
  /// value or an error code that is set, or as `returned<T>` says. The failure
  /// is returned, never thrown. The handle must outlive the call.
  /// @returns what `f` returned, or why there is nothing.
  template <class F>
  auto call(F&& f) -> expected<detail::success_of_t<F&>, failure> {
    detail::scoped_call current{*cell_};
    if (!current.admitted()) [[unlikely]]
      return make_unexpected(current.refusal());
    auto result = detail::run(f);
    if (result) [[likely]]
      current.succeed();
    else
      current.fail(result.error());
    return result;
  }

  /// As `call`; if there is no result, `fallback(failure)` gives one.
  template <class F, class Fallback>
  requires std::is_invocable_v<Fallback, const failure&>
  auto call(F&& f, Fallback&& fallback) -> detail::success_of_t<F&> {
    auto result = call(std::forward<F>(f));
    if (!result)
      return std::forward<Fallback>(fallback)(std::as_const(result.error()));
    if constexpr (!std::is_void_v<detail::success_of_t<F&>>)
      return std::move(*result);
  }

  /// A permit for a call that you make yourself, or why there is none.
  expected<admission, failure> acquire() {
    cell::call begun;
    if (!cell_->begin(begun)) [[unlikely]]
      return make_unexpected(cell_->refusal(begun));
    return admission{cell_, begun};
  }

  // -- asking -----------------------------------------------------------------

  /// As the breaker last decided; asks nobody.
  switchgear::state state() const noexcept {
    return cell_->current_state();
  }

  switchgear::mode mode() const noexcept {
    return cell_->current_mode();
  }

  /// Waits until it is in `wanted`, at most for `limit`.
  /// @returns whether it was. A state that does not last may be missed.
  bool await(switchgear::state wanted, duration limit) const {
    return cell_->await(wanted, limit);
  }

  /// Its settings. To change one of several, change it in these and
  /// `reconfigure`.
  expected<config, failure> settings() const;

  /// Everything, exactly: all that was reported before is in it.
  expected<statistics, failure> stats() const;

  // -- changing ---------------------------------------------------------------

  /// To closed and automatic, with fresh counts. Totals stay.
  expected<void, failure> reset() const;

  /// Trips by hand. After the open time it probes, as after any trip.
  expected<void, failure> force_open() const;

  /// Holds it open until `automatic` or `reset`. Not a trip.
  expected<void, failure> isolate() const;

  /// Holds it closed: calls pass and are counted, nothing trips.
  expected<void, failure> force_closed() const;

  /// Calls pass; nothing is counted towards a trip.
  expected<void, failure> disable() const;

  /// Changes its state by its rules but rejects nothing.
  expected<void, failure> metrics_only() const;

  /// Back to its own rules. An isolated breaker probes at once.
  expected<void, failure> automatic() const;

  expected<void, failure> set_mode(switchgear::mode to) const;

  /// Takes over new settings. Counts, window and state stay.
  expected<void, failure> reconfigure(config to) const;

  /// The actor at this moment; after a restart it is another one. Waits for one
  /// that is about to start, on a thread of CAF's for a few milliseconds at the
  /// most. Null if there is none then, or never will be.
  caf::actor actor() const;

  /// For those who build on it.
  const std::shared_ptr<cell>& core() const noexcept {
    return cell_;
  }

private:
  actor::actor_cell& owned() const noexcept;

  std::shared_ptr<cell> cell_;
};

} // namespace switchgear
