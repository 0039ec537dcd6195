#include "switchgear/policy/order.hpp"

#include <gmock/gmock.h>

#include "support/policies.hpp"

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

namespace switchgear::policy {

namespace {

std::vector<std::string> warnings_of(std::vector<stage> order) {
  return check_order(order);
}

std::vector<std::string> warnings_of(std::vector<kind> order) {
  std::vector<stage> stages;
  for (auto each : order)
    stages.push_back({.what = each});
  return check_order(stages);
}

using enum kind;

TEST(order, the_one_that_is_recommended_has_no_warning) {
  EXPECT_THAT(warnings_of({fallback, timeout, retry, rate_limit, hedge, breaker,
                           bulkhead, timeout, chaos}),
              IsEmpty());
  EXPECT_THAT(warnings_of(std::vector<kind>{}), IsEmpty());
}

TEST(order, what_is_a_choice_has_no_warning) {
  EXPECT_THAT(warnings_of({rate_limit, retry, breaker}), IsEmpty());
  EXPECT_THAT(warnings_of({retry, rate_limit, breaker}), IsEmpty());
  EXPECT_THAT(warnings_of({bulkhead, retry, breaker}), IsEmpty());
  EXPECT_THAT(warnings_of({timeout, retry, breaker, timeout}), IsEmpty());
  EXPECT_THAT(warnings_of({retry, timeout}), IsEmpty());
  EXPECT_THAT(warnings_of({breaker, rate_limit, bulkhead}), IsEmpty());
  EXPECT_THAT(warnings_of({retry, hedge}), IsEmpty());
}

TEST(order, what_hides_failures_from_a_breaker_is_told) {
  EXPECT_THAT(warnings_of({breaker, retry}),
              ElementsAre(StartsWith("retry inside breaker: the breaker sees "
                                     "one failure for all attempts")));
  EXPECT_THAT(warnings_of({breaker, hedge}),
              ElementsAre(StartsWith("hedge inside breaker: ")));
  EXPECT_THAT(warnings_of({breaker, fallback}),
              ElementsAre(StartsWith("fallback inside breaker: ")));
  EXPECT_THAT(warnings_of({timeout, breaker}),
              ElementsAre(StartsWith("breaker inside timeout: ")));
}

TEST(order, what_leaves_nothing_to_act_on_is_told) {
  EXPECT_THAT(warnings_of({retry, fallback}),
              ElementsAre(StartsWith("fallback inside retry: ")));
  EXPECT_THAT(warnings_of({hedge, fallback}),
              ElementsAre(StartsWith("fallback inside hedge: ")));
}

TEST(order, a_fallback_for_some_failures_only_hides_no_others) {
  for (auto outside : {breaker, retry, hedge})
    EXPECT_THAT(
      warnings_of({{.what = outside}, {.what = fallback, .selective = true}}),
      IsEmpty());
}

TEST(order, what_waits_inside_a_breaker_is_told) {
  EXPECT_THAT(
    warnings_of({{.what = breaker}, {.what = rate_limit, .waits = true}}),
    ElementsAre(StartsWith("rate_limit inside breaker: ")));
  EXPECT_THAT(
    warnings_of({{.what = breaker}, {.what = bulkhead, .waits = true}}),
    ElementsAre(StartsWith("bulkhead inside breaker: ")));
}

TEST(order, a_bulkhead_that_hides_from_a_breaker_that_calls_hang_is_told) {
  const auto told = [](std::uint32_t places, std::vector<stage> between = {},
                       std::vector<stage> within = {}) {
    std::vector<stage> all{{.what = breaker, .calls_to_trip = 5}};
    all.insert(all.end(), between.begin(), between.end());
    all.push_back({.what = bulkhead, .places = places});
    all.insert(all.end(), within.begin(), within.end());
    return warnings_of(all);
  };
  const auto warned = ElementsAre(
    StartsWith("bulkhead inside breaker: calls that hang take all its places"));
  EXPECT_THAT(told(4), warned);
  EXPECT_THAT(told(5), IsEmpty());
  EXPECT_THAT(told(0), IsEmpty()); // not known
  EXPECT_THAT(told(4, {}, {{.what = timeout}}), IsEmpty());
  // The call is given up, but keeps its place.
  EXPECT_THAT(told(4, {{.what = timeout}}), warned);
  EXPECT_THAT(warnings_of({{.what = bulkhead, .places = 4},
                           {.what = breaker, .calls_to_trip = 5}}),
              IsEmpty());
}

TEST(order, what_multiplies_attempts_is_told) {
  EXPECT_THAT(warnings_of({retry, retry}),
              ElementsAre(StartsWith("retry inside retry: ")));
  EXPECT_THAT(warnings_of({hedge, retry}),
              ElementsAre(StartsWith("retry inside hedge: ")));
}

TEST(order, chaos_that_does_not_come_by_the_others_is_told) {
  EXPECT_THAT(warnings_of({chaos, breaker}),
              ElementsAre(StartsWith("breaker inside chaos: ")));
}

TEST(order, it_does_not_matter_what_is_between) {
  EXPECT_THAT(warnings_of({breaker, bulkhead, timeout, retry}),
              ElementsAre(StartsWith("retry inside breaker: ")));
}

TEST(order, each_warning_comes_once) {
  EXPECT_EQ(warnings_of({breaker, breaker, retry}).size(), 1u);
}

// -- of a pipeline ------------------------------------------------------------

class heard {
public:
  heard() {
    set_warning_hook(
      [this](std::string_view text) { texts.emplace_back(text); });
  }

  heard(const heard&) = delete;

  ~heard() {
    set_warning_hook(nullptr);
  }

  std::vector<std::string> texts;
};

TEST(order, of_a_pipeline_is_told_to_the_hook_once) {
  heard log;
  test::cell_breaker db;
  pipeline p{db, policy::retry{}};
  EXPECT_EQ(p.warnings().size(), 1u);
  EXPECT_EQ(log.texts, p.warnings());
  const auto copy = p;
  EXPECT_EQ(copy.call([] { return 7; }), 7);
  EXPECT_EQ(log.texts.size(), 1u);
}

TEST(order, of_a_sensible_pipeline_is_not_told) {
  heard log;
  test::cell_breaker db;
  pipeline p{policy::fallback{1}, policy::retry{}, db};
  EXPECT_THAT(log.texts, IsEmpty());
}

TEST(order, goes_through_inner_pipelines) {
  heard log;
  test::cell_breaker db;
  pipeline inner{policy::bulkhead{}, policy::retry{}};
  EXPECT_THAT(inner.warnings(), IsEmpty());
  pipeline p{db, inner};
  EXPECT_EQ(p.stages().size(), 3u);
  EXPECT_EQ(p.warnings().size(), 1u);
}

TEST(order, knows_what_waits_and_what_is_selective) {
  heard log;
  test::cell_breaker db;
  pipeline p{db, policy::rate_limit{{.max_wait = 1s}},
             policy::bulkhead{{.queue = 1, .max_wait = 1s}},
             policy::fallback{1}.when([](const failure&) { return true; })};
  EXPECT_THAT(p.warnings(),
              ElementsAre(StartsWith("rate_limit inside breaker: "),
                          StartsWith("bulkhead inside breaker: ")));
}

TEST(order, knows_how_many_calls_trip_a_breaker_and_fit_into_a_bulkhead) {
  heard log;
  const policy::bulkhead four{{.concurrency = 4}};
  const auto warnings_with = [&](config cfg, hooks user = {}) {
    pipeline p{test::cell_breaker{std::move(cfg), std::move(user)}, four};
    return p.warnings().size();
  };
  EXPECT_EQ(warnings_with({.failure_threshold = 4}), 0u);
  EXPECT_EQ(warnings_with({.failure_threshold = 5}), 1u);
  config cfg{.failure_threshold = 5, .max_stuck_calls = 5, .stuck_after = 1s};
  EXPECT_EQ(warnings_with(cfg), 1u);
  cfg.max_stuck_calls = 4;
  EXPECT_EQ(warnings_with(cfg), 0u);
  hooks user;
  user.ready_to_trip = [](const counts&) { return false; };
  EXPECT_EQ(warnings_with({}, user), 0u); // nobody knows when it does
}

TEST(order, a_hook_by_default_takes_no_one_s_place) {
  {
    heard log;
    EXPECT_FALSE(set_default_warning_hook([](std::string_view) {}));
  }
  int told = 0;
  EXPECT_TRUE(set_default_warning_hook([&](std::string_view) { ++told; }));
  EXPECT_FALSE(set_default_warning_hook([](std::string_view) {}));
  tell_warnings({"one", "two"});
  EXPECT_EQ(told, 2);
  set_warning_hook(nullptr);
}

TEST(order, each_kind_has_a_name) {
  for (int i = 0; i <= static_cast<int>(other); ++i)
    EXPECT_NE(to_string(static_cast<kind>(i)), "?");
}

} // namespace

} // namespace switchgear::policy
