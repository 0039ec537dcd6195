/// States of other types than an enum, and machines made of several modules.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "switchgear/statem/statem.hpp"

namespace switchgear::statem::test {

namespace {

using testing::ElementsAre;

/// A lock whose state is what has been typed so far, or one of two words.
struct lock_types {
  using state = std::string;
  using data = int; // wrong attempts
  using message = char;
  using reply = bool;
};

class code_lock : public handle_event_function<lock_types> {
public:
  bool state_enter() const override {
    return true;
  }

  transition handle(const event& ev, const std::string& typed,
                    int& wrong) override {
    if (ev.is_enter()) {
      entered.push_back(*ev.old_state + ">" + typed);
      return keep_state();
    }
    if (typed == "open")
      return ev.content == '#' ? next_state("") : keep_state(postpone());
    if (typed.size() < 3)
      return next_state(typed + ev.content);
    if (typed + ev.content == code)
      return next_state("open", reply(ev.from, true));
    ++wrong;
    return next_state("", reply(ev.from, false));
  }

  std::string code = "2718";
  std::vector<std::string> entered;
};

TEST(state_types, a_string_can_be_the_state) {
  code_lock rules;
  std::vector<bool> replies;
  virtual_driver<lock_types> driver{rules, "", 0};
  driver.on_reply([&](caller, bool x) { replies.push_back(x); });
  driver.start();
  for (char key : std::string{"271"})
    driver.cast(key);
  driver.call('8');
  driver.cast('9'); // waits until the door is shut
  driver.cast('#');
  driver.run();
  EXPECT_THAT(replies, ElementsAre(true));
  EXPECT_EQ(driver.machine().state(), "9");
  EXPECT_EQ(driver.machine().data(), 0);
  EXPECT_THAT(rules.entered, ElementsAre(">", ">2", "2>27", "27>271",
                                         "271>open", "open>", ">9"));
}

TEST(state_types, state_functions_need_only_equality) {
  struct types {
    using state = std::string_view;
    using data = int;
    using message = int;
    using reply = int;
  };
  struct rules : state_functions<rules, types> {
    transition off(const event&, int& n) {
      ++n;
      return next_state("on");
    }
    transition on(const event&, int&) {
      return next_state("off");
    }
    static constexpr auto states() {
      return std::array{row{"off", "off", &rules::off},
                        row{"on", "on", &rules::on}};
    }
    static constexpr auto edges() {
      return std::array{edge<std::string_view>{"off", "on", "push"}};
    }
  } callbacks;
  virtual_driver<types> driver{callbacks, "off", 0};
  std::string end;
  driver.on_exit([&](const exit_reason& why) { end = why.to_string(); });
  driver.start();
  driver.cast(1);
  driver.run();
  EXPECT_EQ(driver.machine().state(), "on");
  EXPECT_EQ(end, "");
  driver.cast(1);
  driver.run();
  EXPECT_EQ(end, "error:undeclared_transition");
  EXPECT_EQ(driver.machine().data(), 1);
}

} // namespace

} // namespace switchgear::statem::test
