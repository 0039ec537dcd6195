/// The messages that a breaker's actor understands, through both kinds of
/// handles.

#include <gtest/gtest.h>

#include <tuple>

#include <caf/actor_cast.hpp>

#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"
#include "support/request.hpp"
#include "switchgear/actor.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

/// @tparam Handle `caf::actor` or `breaker_actor`
template <class Handle>
class messages : public testing::Test {
public:
  template <class Result, class... Ts>
  expected<Result, caf::error> ask(const Ts&... xs) {
    return request<Result>(rt.system(),
                           caf::actor_cast<Handle>(db.actor()), xs...);
  }

  std::pair<state, mode> ask_state() {
    std::pair<state, mode> result;
    caf::scoped_actor self{rt.system()};
    actor::ask(self, caf::actor_cast<Handle>(db.actor()), duration{patience},
               get_state_v)
      .receive([&](state s, mode m) { result = {s, m}; },
               [](const caf::error& why) { FAIL() << to_string(why); });
    return result;
  }

  expected<void, caf::error> report(const permit& of, outcome how) {
    return ask<void>(report_v, of, how, duration{1ms}, std::string{"refused"});
  }

  statistics stats() {
    return ask<statistics>(get_stats_v).value();
  }

  runtime rt;
  breaker db = rt.breaker("db", trips_after(2));
};

using handles = testing::Types<caf::actor, breaker_actor>;
TYPED_TEST_SUITE(messages, handles);

TYPED_TEST(messages, acquire_and_report) {
  const auto given = this->template ask<permit>(acquire_v);
  ASSERT_TRUE(given);
  EXPECT_EQ(*given, (permit{1, 0}));
  EXPECT_TRUE(this->report(*given, outcome::success));
  EXPECT_EQ(this->stats().total_successes, 1u);
  EXPECT_EQ(this->stats().avg_latency, 1ms);
}

TYPED_TEST(messages, a_report_is_answered_when_it_has_been_judged) {
  for (int i = 0; i < 2; ++i)
    EXPECT_TRUE(this->report(*this->template ask<permit>(acquire_v),
                             outcome::failure));
  EXPECT_EQ(this->db.state(), state::open); // published, too
  const auto refused = this->template ask<permit>(acquire_v);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), errc::circuit_open);
  const auto why = actor::to_failure(refused.error());
  EXPECT_EQ(why, errc::circuit_open);
  EXPECT_GT(why.retry_after(), 59s);
  EXPECT_EQ(this->stats().total_rejected, 1u);
}

TYPED_TEST(messages, probes) {
  ASSERT_TRUE(this->template ask<void>(reconfigure_v, probes_at_once(2)));
  ASSERT_TRUE(this->template ask<void>(force_open_v));
  ASSERT_TRUE(
    eventually([&] { return this->db.state() == state::half_open; }));
  const auto first = this->template ask<permit>(acquire_v).value();
  const auto second = this->template ask<permit>(acquire_v).value();
  EXPECT_TRUE(first.is_probe());
  EXPECT_TRUE(second.is_probe());
  EXPECT_NE(first.lease, second.lease);
  EXPECT_EQ(this->template ask<permit>(acquire_v).error(),
            errc::too_many_probes);
  EXPECT_TRUE(this->report(first, outcome::success));
  EXPECT_TRUE(this->report(first, outcome::success)); // counts once
  EXPECT_EQ(this->ask_state().first, state::half_open);
  EXPECT_TRUE(this->report(second, outcome::success));
  EXPECT_EQ(this->ask_state().first, state::closed);
  EXPECT_EQ(this->stats().total_successes, 2u);
}

TYPED_TEST(messages, get_state) {
  EXPECT_EQ(this->ask_state(), std::pair(state::closed, mode::automatic));
  ASSERT_TRUE(this->template ask<void>(force_open_v));
  EXPECT_EQ(this->ask_state(), std::pair(state::open, mode::automatic));
}

TYPED_TEST(messages, get_stats_has_all_that_was_reported_before) {
  EXPECT_TRUE(this->db.call(fine));
  EXPECT_FALSE(this->db.call(broken));
  const auto s = this->stats();
  EXPECT_EQ(s.name, "db");
  EXPECT_EQ(s.total_calls, 2u);
  EXPECT_EQ(s.window, "SF");
  EXPECT_EQ(s.last_failure, "std::runtime_error: broken");
}

TYPED_TEST(messages, reset_and_force_open) {
  ASSERT_TRUE(this->template ask<void>(force_open_v));
  EXPECT_EQ(this->db.state(), state::open);
  EXPECT_EQ(this->stats().last_reason, reason::forced_open);
  ASSERT_TRUE(this->template ask<void>(reset_v));
  EXPECT_EQ(this->db.state(), state::closed);
  EXPECT_EQ(this->stats().last_reason, reason::reset);
}

TYPED_TEST(messages, set_mode) {
  for (auto to : {mode::isolated, mode::forced_closed, mode::disabled,
                  mode::metrics_only, mode::automatic}) {
    ASSERT_TRUE(this->template ask<void>(set_mode_v, to));
    EXPECT_EQ(this->ask_state().second, to);
    EXPECT_EQ(this->db.mode(), to);
  }
}

TYPED_TEST(messages, reconfigure_keeps_the_history) {
  EXPECT_FALSE(this->db.call(broken));
  ASSERT_TRUE(this->template ask<void>(reconfigure_v, trips_after(3)));
  EXPECT_FALSE(this->db.call(broken));
  EXPECT_EQ(this->db.state(), state::closed);
  EXPECT_FALSE(this->db.call(broken));
  EXPECT_EQ(this->db.state(), state::open);
}

TYPED_TEST(messages, reconfigure_refuses_what_is_not_valid) {
  auto cfg = trips_after(0);
  cfg.success_threshold = 0;
  const auto got = this->template ask<void>(reconfigure_v, cfg);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error(), errc::invalid_config);
  EXPECT_EQ(actor::to_failure(got.error()).message(),
            "failure_threshold = 0: must be 1 to 1000000; "
            "success_threshold = 0: must be 1 to 1000000");
  EXPECT_FALSE(this->db.call(broken));
  EXPECT_EQ(this->db.state(), state::closed); // two failures, as before
}

TYPED_TEST(messages, stop_ends_it_for_good) {
  const auto handle = caf::actor_cast<TypeParam>(this->db.actor());
  EXPECT_TRUE(request<void>(this->rt.system(), handle, stop_v));
  EXPECT_TRUE(eventually([&] { return !this->db.actor(); }));
  EXPECT_EQ(this->db.call(fine).error(), errc::unavailable);
  EXPECT_EQ(this->db.stats().error(), errc::unavailable);
  EXPECT_FALSE(request<permit>(this->rt.system(), handle, acquire_v));
}

TYPED_TEST(messages, a_forged_permit_moves_nothing) {
  ASSERT_TRUE(this->template ask<void>(reconfigure_v, probes_at_once(1)));
  ASSERT_TRUE(this->template ask<void>(force_open_v));
  ASSERT_TRUE(
    eventually([&] { return this->db.state() == state::half_open; }));
  const auto given = this->template ask<permit>(acquire_v).value();
  const permit forged[] = {
    {given.epoch, given.lease + 1}, // nobody's lease
    {given.epoch, 0},               // no probe
    {given.epoch + 5, 0},           // an epoch to come
    {given.epoch + 5, given.lease}, {0, 0},
    {~std::uint64_t{0}, ~std::uint64_t{0}},
  };
  for (const auto& each : forged)
    for (auto how : {outcome::success, outcome::failure, outcome::timeout,
                     outcome::ignored, outcome::cancelled})
      EXPECT_TRUE(this->report(each, how));
  EXPECT_EQ(this->ask_state().first, state::half_open);
  EXPECT_EQ(this->stats().probes_out, 1u);
  EXPECT_EQ(this->template ask<permit>(acquire_v).error(),
            errc::too_many_probes);
  EXPECT_TRUE(this->report(given, outcome::success));
  EXPECT_EQ(this->stats().probes_out, 0u);
}

TYPED_TEST(messages, of_many_senders_are_each_answered) {
  auto self = caf::actor_cast<TypeParam>(this->db.actor());
  std::vector<std::thread> senders;
  std::atomic<int> answered{0};
  for (int i = 0; i < 8; ++i)
    senders.emplace_back([&] {
      for (int j = 0; j < 50; ++j)
        answered += request<permit>(this->rt.system(), self, acquire_v)
                      .has_value();
    });
  for (auto& each : senders)
    each.join();
  EXPECT_EQ(answered, 400);
}

} // namespace

} // namespace switchgear::test
