/// The actor that breakers are made of, and its timers.

#include "../../actors/light_actor.hpp"

#if CAF_MAJOR_VERSION < 1

#  include <gmock/gmock.h>
#  include <gtest/gtest.h>

#  include <memory>
#  include <stdexcept>
#  include <string>
#  include <utility>
#  include <vector>

#  include <caf/message_priority.hpp>
#  include <caf/sec.hpp>

#  include "support/deterministic_world.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

struct diary {
  std::vector<int> numbers;
  std::string exits;
  bool started = false;
  std::shared_ptr<actor::timekeeper> timers;
};

class subject : public actor::light_actor {
public:
  subject(caf::actor_config& cfg, diary& notes)
    : actor::light_actor(cfg),
      notes_(notes) {
    // nop
  }

  void after(duration delay, int number) {
    last_ = run_delayed(delay, [this, number] { note(number); });
  }

  void forget() {
    last_.dispose();
  }

  void on_exit() override {
    promises_.clear();
  }

protected:
  void started() override {
    notes_.started = true;
  }

  caf::behavior make_handlers() override {
    return {
      [this](int x) {
        note(x);
        return x + 1;
      },
      [](double) -> caf::result<int> { throw std::logic_error{"no halves"}; },
      [this](const std::string&) {
        auto waiting = make_response_promise();
        promises_.push_back(waiting);
        return waiting;
      },
    };
  }

  void handle_exit(caf::exit_msg& what) override {
    notes_.exits += what.reason == caf::exit_reason::user_shutdown
                      ? "user_shutdown"
                      : "another reason";
    quit(std::move(what.reason));
  }

  actor::timekeeper* timers() const noexcept override {
    return notes_.timers.get();
  }

private:
  void note(int x) {
    notes_.numbers.push_back(x);
  }

  diary& notes_;
  caf::disposable last_;
  std::vector<caf::response_promise> promises_;
};

class light_actor : public testing::Test {
public:
  light_actor() {
    world.run();
  }

  ~light_actor() override {
    if (notes.timers)
      notes.timers->stop();
    caf::anon_send_exit(tested, caf::exit_reason::kill);
    world.run();
  }

  subject& inside() {
    return *caf::actor_cast<subject*>(tested);
  }

  /// @returns the answer, or the error as text
  template <class... Ts>
  std::string ask(const Ts&... xs) {
    std::string result;
    caf::scoped_actor self{world.system()};
    auto pending = actor::ask(self, tested, caf::infinite, xs...);
    world.run();
    std::move(pending).receive(
      [&](int x) { result = std::to_string(x); },
      [&](const caf::error& why) { end(why, result); });
    return result;
  }

  static void end(const caf::error& why, std::string& text) {
    text = to_string(why);
    text.erase(0, text.find("::", sizeof("caf::")) + 2); // caf::sec::...
  }

  std::string why_it_ended() {
    std::string result = "alive";
    tested->attach_functor([&](const caf::error& why) { end(why, result); });
    return result;
  }

  diary notes;
  deterministic_world world;
  caf::actor tested = world.system().spawn<subject>(std::ref(notes));
};

TEST_F(light_actor, starts_before_it_has_a_message) {
  EXPECT_TRUE(notes.started);
}

TEST_F(light_actor, answers) {
  EXPECT_EQ(ask(1), "2");
  EXPECT_EQ(ask(5), "6");
  EXPECT_EQ(notes.numbers, (std::vector{1, 5}));
}

TEST_F(light_actor, refuses_what_it_does_not_know) {
  EXPECT_EQ(ask(true), "unexpected_message");
  EXPECT_EQ(ask(1), "2");
}

TEST_F(light_actor, tells_who_it_is) {
  caf::scoped_actor self{world.system()};
  auto pending = actor::ask(self, tested, caf::infinite, caf::sys_atom_v,
                            caf::get_atom_v, std::string{"info"});
  world.run();
  std::move(pending).receive(
    [&](caf::ok_atom, const std::string& what, const caf::strong_actor_ptr& who,
        const std::string&) {
      EXPECT_EQ(what, "info");
      EXPECT_EQ(who, tested);
    },
    [](const caf::error& why) { ADD_FAILURE() << to_string(why); });
}

TEST_F(light_actor, takes_urgent_messages_first) {
  caf::anon_send(tested, 1);
  caf::anon_send(tested, 2);
  caf::anon_send<caf::message_priority::high>(tested, 3);
  world.run();
  EXPECT_EQ(notes.numbers, (std::vector{3, 1, 2}));
}

TEST_F(light_actor, ends_as_it_is_told) {
  caf::anon_send_exit(tested, caf::exit_reason::user_shutdown);
  world.run();
  EXPECT_EQ(notes.exits, "user_shutdown");
  EXPECT_EQ(why_it_ended(), "user_shutdown");
}

TEST_F(light_actor, is_not_asked_when_it_is_killed) {
  caf::anon_send_exit(tested, caf::exit_reason::kill);
  world.run();
  EXPECT_EQ(notes.exits, "");
  EXPECT_EQ(why_it_ended(), "kill");
}

TEST_F(light_actor, ends_with_what_a_handler_throws) {
  EXPECT_THAT(ask(0.5), testing::HasSubstr("no halves"));
  EXPECT_THAT(why_it_ended(), testing::StartsWith("runtime_error"));
}

TEST_F(light_actor, leaves_nobody_waiting) {
  caf::scoped_actor self{world.system()};
  int answers = 0;
  const auto count = [&](const caf::error&) { ++answers; };
  auto held = actor::ask(self, tested, caf::infinite, std::string{"wait"});
  world.run();
  // Not looked at any more, for the end is urgent; and too late.
  caf::anon_send_exit(tested, caf::exit_reason::kill);
  auto queued = actor::ask(self, tested, caf::infinite, 1);
  world.run();
  auto late = actor::ask(self, tested, caf::infinite, 2);
  std::move(queued).receive([](int) {}, count);
  std::move(late).receive([](int) {}, count);
  std::move(held).receive([](int) {}, count);
  EXPECT_EQ(answers, 3);
  EXPECT_EQ(notes.numbers, std::vector<int>{});
}

/// With CAF's clock, and with a time keeper on top of it.
class timed_actor : public light_actor,
                    public testing::WithParamInterface<bool> {
public:
  timed_actor() {
    if (GetParam())
      notes.timers
        = std::make_shared<actor::timekeeper>(world.system().clock());
  }
};

INSTANTIATE_TEST_SUITE_P(clocks, timed_actor, testing::Bool());

TEST_P(timed_actor, timers_come_when_they_are_due) {
  for (int i : {30, 10, 40, 20})
    inside().after(i * 1s, i);
  world.advance(10s - 1ns);
  EXPECT_EQ(notes.numbers, std::vector<int>{});
  world.advance(1ns);
  EXPECT_EQ(notes.numbers, (std::vector{10}));
  world.advance(20s);
  EXPECT_EQ(notes.numbers, (std::vector{10, 20, 30}));
  inside().after(1s, 1);
  world.advance(1min);
  EXPECT_EQ(notes.numbers, (std::vector{10, 20, 30, 1, 40}));
}

TEST_P(timed_actor, a_timer_can_be_given_up) {
  inside().after(1s, 1);
  inside().after(2s, 2);
  inside().forget();
  world.advance(1min);
  EXPECT_EQ(notes.numbers, (std::vector{1}));
}

TEST_F(light_actor, timers_given_up_do_not_pile_up) {
  notes.timers = std::make_shared<actor::timekeeper>(world.system().clock());
  const auto before = tested->ctrl()->strong_refs.load();
  for (int i = 0; i < 10'000; ++i) {
    inside().after(1h, i);
    inside().forget();
  }
  EXPECT_LE(tested->ctrl()->strong_refs.load(), before + 2048);
  notes.timers->stop();
  EXPECT_EQ(tested->ctrl()->strong_refs.load(), before);
}

} // namespace

} // namespace switchgear::test

#endif
