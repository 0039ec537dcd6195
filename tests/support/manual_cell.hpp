#pragma once

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "support/cell_calls.hpp"
#include "switchgear/breaker/cell.hpp"

namespace switchgear::test {

/// A cell on one thread, whose owner acts whenever `step` is called.
/// Counts for what its callers wait; none ever does.
class manual_cell : public cell, private statem::host<breaker_types> {
public:
  explicit manual_cell(config cfg = {}, hooks user = {})
    : manual_cell(std::move(cfg), nullptr, std::move(user)) {
    // nop
  }

  /// @param observer hears of all, from the first event on
  manual_cell(config cfg, breaker_observer* observer, hooks user = {})
    : cell("tool", std::move(cfg), std::move(user), 0) {
    observe(observer);
    machine().attach(this);
    machine().start(now);
    publish(now);
  }

  expected<cell::call, failure> admit() {
    return switchgear::test::admit(*this);
  }

  void step() {
    drain_here();
    publish(now);
    for (auto& each : std::exchange(awaited, {}))
      each->reached();
  }

  void give(breaker_types::message what) {
    tell(std::move(what));
    step();
  }

  /// Time passes; what is due happens, and before it what was told.
  void pass(duration by) {
    const auto until = now + by;
    for (;;) {
      const auto next = std::min_element(
        timers.begin(), timers.end(),
        [](const auto& x, const auto& y) { return x.second < y.second; });
      if (next == timers.end() || next->second > until)
        break;
      now = std::max(now, next->second);
      const auto ref = next->first;
      timers.erase(next);
      drain_here();
      machine().expire(ref, now);
      publish(now);
    }
    now = until;
    publish(now);
  }

  /// As after an actor's end: another one owns it.
  void change_owner() {
    machine().attach(nullptr);
    timers.clear();
    const bool fault = revive();
    machine().attach(this);
    give(input::restarted{fault});
  }

  bool call(outcome how) {
    const auto given = admit();
    if (given)
      end(*given, how, std::chrono::milliseconds{1},
          how == outcome::success ? "" : "broken");
    step();
    return given.has_value();
  }

  time_point now = clock::now();
  std::atomic<int> wakes = 0;
  mutable std::atomic<int> waits = 0;
  /// The owner acts as soon as it is woken.
  bool prompt = false;
  std::optional<statem::exit_reason> exit;
  std::vector<std::pair<statem::timer_ref, time_point>> timers;
  std::vector<std::shared_ptr<judgement>> awaited;

private:
  void drain_here() {
    drain(
      now,
      [this](breaker_types::message&& x, std::shared_ptr<judgement>&& who) {
        awaited.push_back(std::move(who));
        machine().cast(std::move(x), now);
      },
      [this](breaker_types::message&& x) { machine().cast(std::move(x), now); },
      [this](std::shared_ptr<judgement>&& who) {
        awaited.push_back(std::move(who));
      });
  }

  void wake() noexcept override {
    ++wakes;
    if (prompt)
      step();
  }

  duration patience() const noexcept override {
    ++waits;
    return duration::zero(); // nobody would reach a judgement meanwhile
  }

  void reply(statem::caller, breaker_types::reply) override {
    // nop: all is told as casts
  }

  void arm(statem::timer_ref ref, time_point due) override {
    timers.emplace_back(ref, due);
  }

  void disarm(statem::timer_ref ref) override {
    std::erase_if(timers, [=](const auto& t) { return t.first == ref; });
  }

  void terminated(const statem::exit_reason& why) override {
    exit = why;
  }
};

} // namespace switchgear::test
