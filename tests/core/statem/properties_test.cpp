/// What holds for every machine, whatever its rules: nothing is lost, nothing
/// is handled twice, nothing is retried for no reason.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <vector>

#include "switchgear/statem/statem.hpp"

namespace switchgear::statem::test {

namespace {

constexpr int states = 3;
constexpr int words = 3;
constexpr int most_stays = 50;

/// What a machine does about a word in a state.
struct rule {
  int target = 0; // a state, or `states` to enter this one again
  bool postpone = false;
  bool insert = false; // an event of the next word
};

struct message {
  int word = 0;
  int id = 0; // 0 for what the machine has inserted
};

struct types {
  using state = int;
  using data = int; // how often the state has changed
  using message = test::message;
  using reply = int;
};

/// One handling of an event from outside.
struct handling {
  int id;
  int stay; // which stay in a state it was, counted in changes
  bool postponed;
};

class machine : public handle_event_function<types> {
public:
  explicit machine(std::vector<rule> rules) : rules_(std::move(rules)) {
    // nop
  }

  transition handle(const event& ev, const int& current, int& stay) override {
    const auto [word, id] = ev.content;
    auto what = rules_[std::size_t(current * words + word)];
    // Events that are postponed by a change of state would go round for ever.
    if (stay == most_stays)
      what.target = current;
    const bool postponed = what.postpone && id != 0;
    if (id == 0)
      --waiting_;
    else
      log.push_back({id, stay, postponed});
    in_order = in_order && (id == 0 || waiting_ == 0);
    auto result = next_state(what.target);
    if (what.target == states)
      result = repeat_state();
    else if (what.target != current)
      ++stay;
    if (postponed)
      result << postpone();
    // Inserted events insert no more, so it comes to an end.
    if (what.insert && id != 0) {
      ++waiting_;
      result << next_event(event_type::internal, {(word + 1) % words, 0});
    }
    return result;
  }

  std::vector<handling> log;
  bool in_order = true; // inserted events come before all others

private:
  std::vector<rule> rules_;
  int waiting_ = 0; // inserted and not yet handled
};

rc::Gen<rule> any_rule() {
  return rc::gen::build<rule>(
    rc::gen::set(&rule::target, rc::gen::inRange(0, states + 1)),
    rc::gen::set(&rule::postpone, rc::gen::arbitrary<bool>()),
    rc::gen::set(&rule::insert, rc::gen::arbitrary<bool>()));
}

RC_GTEST_PROP(engine_properties, every_event_is_handled_once_or_still_waits,
              ()) {
  const auto rules = *rc::gen::container<std::vector<rule>>(
    std::size_t(states * words), any_rule());
  const auto sent
    = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, words));
  machine callbacks{rules};
  virtual_driver<types> driver{callbacks, 0, 0};
  driver.start();
  int id = 0;
  for (auto word : sent)
    driver.cast({word, ++id});
  driver.run();

  RC_ASSERT(!driver.machine().terminated());
  RC_ASSERT(callbacks.in_order);
  std::map<int, handling> last;
  for (const auto& each : callbacks.log) {
    if (auto i = last.find(each.id); i != last.end()) {
      RC_ASSERT(i->second.postponed);        // what is done comes no more
      RC_ASSERT(i->second.stay < each.stay); // retried only after a change
    }
    last[each.id] = each;
  }
  RC_ASSERT(last.size() == sent.size()); // all were handled at least once

  const auto& machine = driver.machine();
  std::size_t waiting = 0;
  for (const auto& [key, each] : last) {
    if (!each.postponed)
      continue;
    ++waiting;
    RC_ASSERT(each.stay == machine.data()); // retried after every change
  }
  RC_ASSERT(machine.postponed().size() == waiting);
}

RC_GTEST_PROP(engine_properties, events_of_equal_fate_keep_their_order, ()) {
  const auto count = *rc::gen::inRange(1, 20);
  // Word 0 is postponed in state 0, word 1 goes to state 1, where all is done.
  std::vector<rule> rules(std::size_t(states * words), rule{1, false, false});
  rules[0] = {0, true, false};
  machine callbacks{rules};
  virtual_driver<types> driver{callbacks, 0, 0};
  driver.start();
  for (int id = 1; id <= count; ++id)
    driver.cast({0, id});
  driver.cast({1, count + 1});
  driver.cast({0, count + 2});
  driver.run();
  std::vector<int> done;
  for (const auto& each : callbacks.log)
    if (!each.postponed)
      done.push_back(each.id);
  std::vector<int> expected{count + 1};
  for (int id = 1; id <= count; ++id)
    expected.push_back(id);
  expected.push_back(count + 2);
  RC_ASSERT(done == expected);
}

} // namespace

} // namespace switchgear::statem::test
