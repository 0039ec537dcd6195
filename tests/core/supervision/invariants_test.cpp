/// What must hold whatever children do and whoever asks for what.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "support/fake_children.hpp"

namespace switchgear::test {

namespace {

constexpr auto ids = {"a", "b", "c", "d", "e"};

/// A supervisor that goes through a random life.
class random_life {
public:
  random_life() {
    supervisor_options options;
    options.strategy = *rc::gen::element(restart_strategy::one_for_one,
                                         restart_strategy::rest_for_one,
                                         restart_strategy::one_for_all);
    options.intensity = *rc::gen::inRange(0, 20);
    std::vector<spec> specs;
    for (const auto* id : ids)
      if (*rc::gen::inRange(0, 2) == 0)
        specs.push_back(child(id));
    world.begin(std::move(specs), options);
  }

  void step() {
    switch (*rc::gen::inRange(0, 9)) {
      case 0:
      case 1:
        if (const auto process = any_process())
          world.exit(process, *rc::gen::element(exit_reason::normal(),
                                                exit_reason::shutdown(),
                                                exit_reason::error("boom"),
                                                exit_reason::killed()));
        break;
      case 2:
        ask(request::start_child<int>{std::make_shared<spec>(child(any_id()))});
        break;
      case 3:
        ask(request::terminate_child{any_id()});
        break;
      case 4:
        ask(request::restart_child{any_id()});
        break;
      case 5:
        ask(request::delete_child{any_id()});
        break;
      case 6:
        ask(request::which_children{});
        break;
      case 7:
        world.driver().advance(
          std::chrono::milliseconds{*rc::gen::inRange(0, 3000)});
        break;
      default:
        if (const auto process = any_process())
          world.ready(process); // if it is not the time for it nothing happens
        break;
    }
  }

  void check() {
    auto& machine = world.driver().machine();
    const auto& d = machine.data();
    if (machine.terminated()) {
      RC_ASSERT(world.alive.empty());
      return;
    }
    // The machine knows exactly the processes that there are.
    std::set<int> known;
    d.children.for_each([&](const child_of& x) {
      RC_ASSERT((x.process != 0)
                == (x.status == child_status::running
                    || x.status == child_status::starting));
      if (x.process && !x.gone)
        RC_ASSERT(known.insert(x.process).second);
    });
    std::set<int> alive;
    for (const auto& [process, who] : world.alive)
      alive.insert(process);
    RC_ASSERT(known == alive);
    // Who runs has nobody waiting; who waits, waits for somebody.
    if (machine.state() == supervisor_state::running) {
      RC_ASSERT(d.waiting.empty());
      RC_ASSERT(answers() == asked_);
    } else {
      const auto& awaited = d.current.awaited;
      RC_ASSERT(
        std::any_of(world.alive.begin(), world.alive.end(),
                    [&](const auto& x) { return x.second.key == awaited; }));
    }
    RC_ASSERT(answers() <= asked_);
  }

  /// All good things come to an end.
  void finish() {
    world.stop();
    while (!world.driver().machine().terminated()) {
      for (auto i = world.alive.begin(); i != world.alive.end();)
        world.ready((i++)->first);
      world.driver().advance(1s);
      check();
    }
    RC_ASSERT(world.alive.empty());
    RC_ASSERT(answers() <= asked_);
  }

private:
  using child_of = supervision::child<int>;

  spec child(const std::string& id) {
    auto result = world.child(id, *rc::gen::element(restart_type::permanent,
                                                    restart_type::transient,
                                                    restart_type::temporary));
    result.shutdown = *rc::gen::element(shutdown_time{}, shutdown_time{1s},
                                        shutdown_time{brutal_kill});
    const auto habits
      = *rc::gen::container<std::vector<int>>(4, rc::gen::inRange(0, 8));
    result.start
      = [this, habits, n = std::size_t{0}]() mutable -> start_result<int> {
      switch (habits[n++ % habits.size()]) {
        case 0:
          return exit_reason::stopped("nope");
        case 1:
          return ignore;
        case 2:
          return starting<int>{++world.last_process};
        case 3:
          world.stubborn.insert(world.last_process + 1);
          return ++world.last_process;
        default:
          return ++world.last_process;
      }
    };
    return result;
  }

  template <class Request>
  void ask(Request what) {
    if (world.driver().machine().terminated())
      return;
    ++asked_;
    world.ask(std::move(what));
  }

  static std::string any_id() {
    return *rc::gen::elementOf(
      std::vector<std::string>{ids.begin(), ids.end()});
  }

  int any_process() {
    if (world.alive.empty())
      return 0;
    const auto n = *rc::gen::inRange(0, static_cast<int>(world.alive.size()));
    return std::next(world.alive.begin(), n)->first;
  }

  std::ptrdiff_t answers() const {
    return std::ranges::count_if(world.log, [](const std::string& line) {
      return line.starts_with("->");
    });
  }

  fake_children world;
  std::ptrdiff_t asked_ = 0;
};

RC_GTEST_PROP(supervision_invariants, hold, ()) {
  random_life life;
  life.check();
  const auto steps = *rc::gen::inRange(0, 60);
  for (int i = 0; i < steps; ++i) {
    life.step();
    life.check();
  }
  life.finish();
}

} // namespace

} // namespace switchgear::test
