/// The sinks that come with the library.

#include <gmock/gmock.h>

#include <atomic>
#include <mutex>
#include <stdexcept>

#include <caf/event_based_actor.hpp>

#include "support/breakers.hpp"
#include "support/captured_log.hpp"
#include "switchgear/actor.hpp"
#include "switchgear/actor/telemetry.hpp"
#include "switchgear/switchgear.hpp"
#include "switchgear/telemetry/sinks.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

using namespace telemetry;
using ::testing::HasSubstr;
using ::testing::Not;

// -- the log ------------------------------------------------------------------

event failed_call(std::uint64_t sequence) {
  event result;
  result.kind = event_kind::call_failed;
  result.breaker = "my db";
  result.sequence = sequence;
  result.text = "no \"route\"\nto host";
  result.error_type = "std::runtime_error";
  result.latency = 1500us;
  return result;
}

TEST(log_sink, writes_words_and_values) {
  captured_log log;
  const event all[] = {failed_call(7)};
  make_log_sink()()->deliver(all);
  EXPECT_EQ(
    log.text(),
    "warning my db: call failed after 1.5 ms: no \"route\" to host | "
    "event=call_failed name=\"my db\" sequence=7 epoch=0 call.outcome=success "
    "call.duration=0.0015 error.type=std::runtime_error "
    "error.message=\"no \\\"route\\\" to host\"\n");
}

TEST(log_sink, writes_so_many_lines_a_second_and_counts_the_rest) {
  captured_log log;
  std::vector<event> all;
  for (std::uint64_t i = 0; i < 100; ++i)
    all.push_back(failed_call(i));
  const auto tested = make_log_sink({.lines_per_second = 10})();
  EXPECT_EQ(tested->deliver(all).what, delivery::verdict::delivered);
  EXPECT_THAT(log.text(), HasSubstr("sequence=9 "));
  EXPECT_THAT(log.text(), Not(HasSubstr("sequence=10 ")));
  tested->flush(clock::now());
  EXPECT_THAT(log.text(), HasSubstr("warning telemetry: 90 events were not "
                                    "logged, for there were too many\n"));
  EXPECT_THROW(make_log_sink({.lines_per_second = 0}), std::invalid_argument);
}

TEST(log_sink, is_there_by_default_for_changes) {
  captured_log log;
  {
    runtime rt;
    auto db = rt.breaker("db", trips_after(1));
    EXPECT_TRUE(db.call(fine));
    EXPECT_FALSE(db.call(broken));
  }
  EXPECT_THAT(log.text(),
              HasSubstr("warning db: closed -> open: 1 failure in a row"));
  EXPECT_THAT(log.text(), Not(HasSubstr("call_")));
  EXPECT_THAT(log.text(), Not(HasSubstr("alert_changed")));
}

TEST(log_sink, can_be_left_out) {
  captured_log log;
  {
    runtime_options options;
    options.telemetry.log = telemetry_options::log_use::never;
    runtime rt{options};
    EXPECT_FALSE(rt.breaker("db", trips_after(1)).call(broken));
    EXPECT_TRUE(rt.telemetry().health().empty());
  }
  EXPECT_EQ(log.text(), "");
}

TEST(telemetry_end, tells_of_what_was_not_delivered) {
  captured_log log;
  {
    runtime rt{{.shutdown_grace = 1s}};
    ASSERT_TRUE(rt.telemetry().add(
      "bad", make_callback_sink([](auto) { throw std::runtime_error{"no"}; }),
      {.wants = interests::everything()}));
    EXPECT_TRUE(rt.breaker("db").call(fine));
  }
  EXPECT_THAT(log.text(), HasSubstr("of sink bad"));
  EXPECT_THAT(log.text(),
              HasSubstr("telemetry: sink bad threw and is made anew: "
                        "std::runtime_error: no"));
}

// -- actors -------------------------------------------------------------------

class actor_sink : public ::testing::Test {
public:
  using batch = std::vector<event>;

  caf::actor spawn(std::function<caf::result<void>(const batch&)> f) {
    return rt.system().spawn(
      [f = std::move(f)](caf::event_based_actor*) -> caf::behavior {
        return {[f](const batch& x) { return f(x); }};
      });
  }

  sink_health health() {
    return rt.telemetry().health().back();
  }

  runtime rt;
  std::atomic<std::size_t> got{0};
};

TEST_F(actor_sink, sends_each_event_once) {
  const auto who = spawn([this](const batch& x) -> caf::result<void> {
    got += x.size();
    return {};
  });
  ASSERT_TRUE(rt.telemetry().add("a", make_actor_sink(rt.system(), who),
                                 {.wants = interests::everything()}));
  auto db = rt.breaker("db");
  for (int i = 0; i < 100; ++i)
    EXPECT_TRUE(db.call(fine));
  ASSERT_TRUE(rt.telemetry().flush(patience));
  EXPECT_EQ(got, 101u);
  rt.shutdown(); // the actor refers to what ends here
}

TEST_F(actor_sink, sends_again_what_was_answered_with_an_error) {
  std::atomic<int> refusals{3};
  const auto who = spawn([&](const batch& x) -> caf::result<void> {
    if (refusals-- > 0)
      return caf::make_error(caf::sec::runtime_error, "not now");
    got += x.size();
    return {};
  });
  ASSERT_TRUE(rt.telemetry().add(
    "a", make_actor_sink(rt.system(), who),
    {.wants = interests::everything(), .shortest_pause = 1ms}));
  EXPECT_TRUE(rt.breaker("db").call(fine));
  ASSERT_TRUE(rt.telemetry().flush(patience));
  EXPECT_EQ(got, 2u);
  EXPECT_THAT(health().last_error, HasSubstr("not now"));
  rt.shutdown(); // the actor refers to what ends here
}

TEST_F(actor_sink, does_not_wait_for_one_that_has_ended) {
  auto who = spawn([](const batch&) -> caf::result<void> { return {}; });
  caf::anon_send_exit(who, caf::exit_reason::kill);
  ASSERT_TRUE(rt.telemetry().add(
    "a", make_actor_sink(rt.system(), who),
    {.wants = interests::everything(), .shortest_pause = 1ms}));
  who = nullptr;
  EXPECT_TRUE(rt.breaker("db").call(fine));
  ASSERT_TRUE(rt.telemetry().flush(patience));
  EXPECT_EQ(health().failed, 2u);
}

} // namespace

} // namespace switchgear::test
