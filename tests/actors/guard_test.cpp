/// Actors behind a guard: what counts as what, and who is answered how.

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include <caf/exit_reason.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "support/breaker_printing.hpp"
#include "support/guarded_actor.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

class guards : public testing::Test {
public:
  ~guards() override {
    caf::anon_send_exit(target, caf::exit_reason::user_shutdown);
  }

  template <class Result = int, class... Ts>
  expected<Result, caf::error> ask(const Ts&... xs) {
    return request<Result>(rt.system(), guarded, xs...);
  }

  caf::actor with(guard_options options) {
    return guard(db, target, std::move(options));
  }

  statistics stats() {
    return db.stats().value();
  }

  runtime rt;
  arrivals got;
  breaker db = rt.breaker("db", trips_after(3));
  caf::actor target = rt.system().spawn(doubler, &got);
  caf::actor guarded = guard(db, target);
};

TEST_F(guards, pass_on_requests_and_responses) {
  EXPECT_EQ(ask(21), 42);
  EXPECT_EQ(ask(4), 8);
  EXPECT_EQ(stats().total_successes, 2u);
  EXPECT_EQ(stats().calls_under_way, 0u);
}

TEST_F(guards, pass_on_error_responses_as_they_are_and_count_them) {
  auto answer = ask(-1);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error(), caf::sec::runtime_error);
  EXPECT_NE(to_string(answer.error()).find("negative"), std::string::npos);
  const auto s = stats();
  EXPECT_EQ(s.total_failures, 1u);
  EXPECT_NE(s.last_failure.find("negative"), std::string::npos)
    << s.last_failure;
}

TEST_F(guards, whose_breaker_opens_let_nothing_through) {
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 3; ++i)
      EXPECT_FALSE(ask(-1));
    // Who has the answer sees the state that goes with it.
    ASSERT_EQ(db.state(), state::open);
    const int before = got.requests;
    auto answer = ask(21);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error(), errc::circuit_open);
    EXPECT_GT(actor::to_failure(answer.error()).retry_after(), 59s);
    EXPECT_EQ(got.requests, before);
    ASSERT_TRUE(db.reset());
  }
  EXPECT_EQ(stats().total_rejected, 20u);
}

TEST_F(guards, make_probes_like_any_call) {
  ASSERT_TRUE(db.reconfigure(probes_at_once()));
  EXPECT_FALSE(ask(-1));
  ASSERT_TRUE(eventually([&] { return db.state() == state::half_open; }));
  caf::scoped_actor self{rt.system()};
  auto probe = actor::ask(self, guarded, caf::infinite, 0);
  ASSERT_TRUE(eventually([&] { return got.requests == 2; }));
  EXPECT_EQ(ask(21).error(), errc::too_many_probes);
  caf::anon_send_exit(target, caf::exit_reason::user_shutdown);
  std::move(probe).receive([](int) { ADD_FAILURE(); },
                           [](const caf::error&) {});
  EXPECT_GE(stats().trip_count, 2u);
}

TEST_F(guards, close_the_breaker_when_the_probe_goes_well) {
  auto cfg = probes_at_once();
  cfg.success_threshold = 1;
  ASSERT_TRUE(db.reconfigure(cfg));
  for (int round = 0; round < 20; ++round) {
    EXPECT_FALSE(ask(-1));
    ASSERT_TRUE(eventually([&] { return db.state() == state::half_open; }));
    EXPECT_EQ(ask(21), 42);
    ASSERT_EQ(db.state(), state::closed);
  }
}

TEST_F(guards, are_of_their_targets_type) {
  using handle = caf::typed_actor<caf::result<int>(int)>;
  auto typed = rt.system().spawn(
    []() -> handle::behavior_type { return {[](int n) { return 3 * n; }}; });
  const handle before = guard(db, typed);
  EXPECT_EQ(request<int>(rt.system(), before, 5), 15);
  EXPECT_EQ(stats().total_successes, 1u);
  ASSERT_TRUE(db.force_open());
  EXPECT_EQ(request<int>(rt.system(), before, 5).error(), errc::circuit_open);
}

TEST_F(guards, may_stand_before_guards) {
  auto inner = rt.breaker("inner", trips_after(1));
  auto outer = guard(db, guard(inner, target));
  EXPECT_EQ(request<int>(rt.system(), outer, 21), 42);
  ASSERT_TRUE(inner.force_open());
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(request<int>(rt.system(), outer, 21).error(), errc::circuit_open);
  EXPECT_EQ(db.state(), state::closed); // nobody asked the target
  EXPECT_EQ(stats().total_ignored, 5u);
}

// -- what says nothing --------------------------------------------------------

TEST_F(guards, ignore_what_the_predicate_names) {
  guarded = with({.is_ignored = [](const caf::error& why) {
    return why == caf::sec::runtime_error;
  }});
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(ask(-1).error(), caf::sec::runtime_error);
  EXPECT_EQ(stats().total_ignored, 5u);
  EXPECT_EQ(db.state(), state::closed);
}

TEST_F(guards, count_where_the_predicate_throws) {
  guarded = with({.is_ignored = [](const caf::error&) -> bool {
    throw std::runtime_error{"no idea"};
  }});
  EXPECT_EQ(ask(-1).error(), caf::sec::runtime_error);
  EXPECT_EQ(stats().total_failures, 1u);
}

TEST_F(guards, ignore_what_the_target_does_not_understand) {
  EXPECT_EQ(ask(1.5).error(), caf::sec::unexpected_message);
  EXPECT_EQ(stats().total_ignored, 1u);
}

TEST_F(guards, ask_the_breakers_hooks) {
  hooks user;
  user.is_failure = [](const failure& why) {
    return why.message().find("negative") == std::string::npos;
  };
  auto lenient = rt.breaker("lenient", trips_after(1), user);
  guarded = guard(lenient, target);
  EXPECT_FALSE(ask(-1));
  EXPECT_EQ(lenient.stats()->total_successes, 1u);
  EXPECT_EQ(lenient.state(), state::closed);
}

// -- time ---------------------------------------------------------------------

TEST_F(guards, answer_when_the_target_does_not) {
  guarded = with({.timeout = 5ms});
  auto answer = ask(0);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error(), errc::timeout);
  EXPECT_EQ(stats().total_timeouts, 1u);
  EXPECT_TRUE(eventually([&] { // its time may be too short for this, too
    EXPECT_TRUE(db.reset());
    return ask(21) == 42;
  }));
  EXPECT_EQ(db.state(), state::closed);
  const int before = got.requests;
  EXPECT_FALSE(ask(0));
  EXPECT_FALSE(ask(0));
  EXPECT_FALSE(ask(0));
  EXPECT_EQ(db.state(), state::open);
  EXPECT_TRUE(eventually([&] { return got.requests == before + 3; }));
}

TEST_F(guards, keep_to_the_breakers_call_timeout) {
  auto cfg = trips_after(1);
  cfg.call_timeout = 1ms;
  ASSERT_TRUE(db.reconfigure(cfg));
  auto slow = rt.system().spawn(late_echo, 5ms);
  guarded = guard(db, slow);
  EXPECT_EQ(ask(7), 7); // it has come, if late
  EXPECT_EQ(stats().total_timeouts, 1u);
  EXPECT_EQ(db.state(), state::open);
}

TEST_F(guards, check_their_options) {
  try {
    static_cast<void>(with({.timeout = 1us}));
    FAIL();
  } catch (const setup_error& wrong) {
    EXPECT_EQ(wrong.what(), std::string{"guard: timeout = 1000 ns: must be 0 "
                                        "(no limit), or 1 ms to 24 h"});
  }
  EXPECT_THROW(static_cast<void>(guard(db, caf::actor{})), setup_error);
}

// -- what is no request -------------------------------------------------------

TEST_F(guards, pass_on_what_asks_for_nothing_and_ignore_it) {
  caf::scoped_actor self{rt.system()};
  actor::tell_from(&*self, guarded, std::string{"hello"});
  ASSERT_TRUE(eventually([&] { return got.texts == 1; }));
  EXPECT_EQ(got.last_sender, caf::actor_cast<caf::strong_actor_ptr>(self));
  got.last_sender = nullptr;
  EXPECT_TRUE(eventually([&] { return stats().total_ignored == 1u; }));
  EXPECT_EQ(stats().total_calls, 0u);
}

TEST_F(guards, drop_what_asks_for_nothing_while_open) {
  ASSERT_TRUE(db.force_open());
  actor::tell(guarded, std::string{"hello"});
  EXPECT_TRUE(eventually([&] { return stats().total_rejected == 1u; }));
  EXPECT_EQ(ask(21).error(), errc::circuit_open); // came after it
  EXPECT_EQ(got.texts, 0);
}

TEST_F(guards, keep_what_is_urgent_urgent) {
  const auto to = caf::actor_cast<caf::strong_actor_ptr>(guarded);
  to->enqueue(actor::make_element(
                nullptr, caf::make_message_id(caf::message_priority::high),
                caf::make_message(std::string{"hello"})),
              nullptr);
  ASSERT_TRUE(eventually([&] { return got.texts == 1; }));
  EXPECT_TRUE(got.urgent);
  EXPECT_EQ(ask(1), 2);
  EXPECT_FALSE(got.urgent);
  std::atomic<int> answer{0};
  auto asking = rt.system().spawn([&](caf::event_based_actor* self) {
    actor::ask_anything(
      self, to, caf::message_priority::high, caf::make_message(1),
      [&](caf::message& response) { answer = response.get_as<int>(0); });
  });
  EXPECT_TRUE(eventually([&] { return answer == 2; }));
  EXPECT_TRUE(got.urgent);
}

TEST_F(guards, answer_who_delegates_to_them) {
  auto front = rt.system().spawn([this](caf::event_based_actor* self) {
    return caf::behavior{
      [self, this](int n) { return actor::pass_on(self, guarded, n); }};
  });
  EXPECT_EQ(request<int>(rt.system(), front, 21), 42);
  EXPECT_EQ(request<int>(rt.system(), front, -1).error(),
            caf::sec::runtime_error);
}

// -- ends ---------------------------------------------------------------------

TEST_F(guards, count_a_target_that_is_gone) {
  caf::anon_send_exit(target, caf::exit_reason::user_shutdown);
  caf::scoped_actor {
    rt.system()
    } -> wait_for(target);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(ask(21).error(), caf::sec::request_receiver_down);
  EXPECT_EQ(db.state(), state::open);
  EXPECT_EQ(ask(21).error(), errc::circuit_open);
  EXPECT_EQ(stats().total_failures, 3u);
}

TEST_F(guards, count_what_asks_for_nothing_of_a_target_that_is_gone) {
  caf::anon_send_exit(target, caf::exit_reason::user_shutdown);
  caf::scoped_actor {
    rt.system()
    } -> wait_for(target);
  EXPECT_FALSE(ask(21)); // now it knows
  actor::tell(guarded, std::string{"hello"});
  actor::tell(guarded, std::string{"hello"});
  EXPECT_TRUE(eventually([&] { return db.state() == state::open; }));
}

TEST_F(guards, answer_when_the_target_ends_meanwhile) {
  caf::scoped_actor self{rt.system()};
  auto pending = actor::ask(self, guarded, caf::infinite, 0);
  ASSERT_TRUE(eventually([&] { return got.requests == 1; }));
  caf::anon_send_exit(target, caf::exit_reason::user_shutdown);
  std::move(pending).receive([](int) { ADD_FAILURE(); },
                             [](const caf::error&) {});
  EXPECT_EQ(stats().total_failures, 1u);
}

TEST_F(guards, turn_to_a_successor) {
  auto next = rt.system().spawn(doubler, &got);
  std::atomic<int> asked{0};
  guarded = with({.successor = [&]() -> caf::actor {
    return ++asked < 3 ? caf::actor{} : next;
  }});
  EXPECT_EQ(ask(21), 42);
  caf::anon_send_exit(target, caf::exit_reason::user_shutdown);
  caf::scoped_actor {
    rt.system()
    } -> wait_for(target);
  EXPECT_TRUE(eventually([&] {
    static_cast<void>(db.reset());
    return ask(21).has_value();
  }));
  EXPECT_EQ(asked, 3);
  EXPECT_EQ(ask(4), 8);
  EXPECT_EQ(asked, 3);
  caf::anon_send_exit(next, caf::exit_reason::user_shutdown);
}

TEST_F(guards, answer_all_when_they_end) {
  caf::scoped_actor self{rt.system()};
  auto one = actor::ask(self, guarded, caf::infinite, 0);
  auto two = actor::ask(self, guarded, caf::infinite, 0);
  ASSERT_TRUE(eventually([&] { return got.requests == 2; }));
  caf::anon_send_exit(guarded, caf::exit_reason::user_shutdown);
  for (auto* each : {&one, &two})
    std::move(*each).receive([](int) { ADD_FAILURE(); },
                             [](const caf::error& why) {
                               EXPECT_EQ(why, caf::sec::request_receiver_down);
                             });
  EXPECT_EQ(stats().total_cancelled, 2u);
  EXPECT_EQ(stats().calls_under_way, 0u);
  EXPECT_EQ(ask(21).error(), caf::sec::request_receiver_down);
  EXPECT_EQ(request<int>(rt.system(), target, 21), 42); // lives on
}

TEST_F(guards, of_a_breaker_that_is_gone_let_nothing_through) {
  ASSERT_TRUE(rt.unregister_breaker("db"));
  EXPECT_EQ(ask(21).error(), errc::unavailable);
  EXPECT_EQ(got.requests, 0);
}

TEST_F(guards, survive_a_restart_of_the_breaker) {
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(rt.kill("db"));
    EXPECT_FALSE(ask(-1));
    EXPECT_EQ(ask(21), 42);
  }
}

} // namespace

} // namespace switchgear::test
