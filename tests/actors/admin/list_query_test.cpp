#include "admin/list_query.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <map>
#include <string>
#include <vector>

using namespace std::chrono_literals;

namespace switchgear::admin {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using parameters = std::multimap<std::string, std::string>;

list_query read(const parameters& from) {
  const auto got = read_list_query(from);
  EXPECT_TRUE(got);
  return got.value_or(list_query{});
}

/// All that is wrong, in words.
std::string refused(const parameters& from) {
  const auto got = read_list_query(from);
  return got ? "nothing" : explain(got.error());
}

class admin_list_query : public testing::Test {
protected:
  admin_list_query() {
    for (const auto* name : {"a", "B", "c/d", "\xff", "ü"})
      all.emplace_back().name = name;
    latest.resize(all.size());
  }

  std::vector<std::size_t> chosen(const parameters& from) {
    return choose(read(from), all, latest);
  }

  void happened(std::size_t i, std::uint32_t successes, std::uint32_t failures,
                std::uint32_t rejections, float p95,
                std::uint32_t span = 1000) {
    latest[i] = {{}, span, successes, failures, rejections, 1, p95};
  }

  std::vector<statistics> all;
  std::vector<std::optional<sample>> latest;
};

TEST_F(admin_list_query, chooses_all_unless_told_otherwise) {
  EXPECT_THAT(chosen({}), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_EQ(read({}).limit, 1000u);
  EXPECT_EQ(read({}).offset, 0u);
}

TEST_F(admin_list_query, chooses_states_modes_and_healths) {
  all[1].state = state::open;
  all[1].alert = alert_level::critical;
  all[2].state = state::half_open;
  all[2].alert = alert_level::warning;
  all[3].mode = mode::disabled;
  all[4].total_failures = 1;
  EXPECT_THAT(chosen({{"state", "open"}}), ElementsAre(1));
  EXPECT_THAT(chosen({{"state", "half_open,open"}}), ElementsAre(1, 2));
  EXPECT_THAT(chosen({{"state", "open"}, {"state", "half_open"}}),
              ElementsAre(1, 2));
  EXPECT_THAT(chosen({{"state", ""}}), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(chosen({{"mode", "disabled"}}), ElementsAre(3));
  EXPECT_THAT(chosen({{"health", "critical"}}), ElementsAre(1));
  EXPECT_THAT(chosen({{"health", "degraded"}}), ElementsAre(2));
  EXPECT_THAT(chosen({{"health", "good"}}), ElementsAre(4));
  EXPECT_THAT(chosen({{"health", "excellent"}}), ElementsAre(0, 3));
  EXPECT_THAT(chosen({{"state", "open"}, {"mode", "disabled"}}), IsEmpty());
}

TEST_F(admin_list_query, chooses_by_what_people_see_of_the_name) {
  EXPECT_THAT(chosen({{"q", "b"}}), ElementsAre(1));
  EXPECT_THAT(chosen({{"q", "C/D"}}), ElementsAre(2));
  EXPECT_THAT(chosen({{"q", "\\XFF"}}), ElementsAre(3));
  EXPECT_THAT(chosen({{"q", "ü"}}), ElementsAre(4));
  EXPECT_THAT(chosen({{"q", ""}}), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(chosen({{"q", "nothing"}}), IsEmpty());
}

TEST_F(admin_list_query, sorts) {
  EXPECT_THAT(chosen({{"sort", "tool"}, {"order", "desc"}}),
              ElementsAre(4, 3, 2, 1, 0));
  all[0].trip_count = 2;
  all[3].trip_count = 1;
  // Those that are alike stay in the order of their names, either way.
  EXPECT_THAT(chosen({{"sort", "trips"}}), ElementsAre(1, 2, 4, 3, 0));
  EXPECT_THAT(chosen({{"sort", "trips"}, {"order", "desc"}}),
              ElementsAre(0, 3, 1, 2, 4));
  all[2].state = state::half_open;
  all[4].state = state::open;
  EXPECT_THAT(chosen({{"sort", "state"}, {"order", "desc"}}),
              ElementsAre(4, 2, 0, 1, 3));
  all[1].last_state_change = wall_time{1h};
  EXPECT_THAT(chosen({{"sort", "changed"}, {"order", "desc"}}).front(), 1u);
}

TEST_F(admin_list_query, sorts_by_what_goes_on) {
  happened(0, 10, 5, 1, 3);
  happened(1, 10, 6, 0, -1);
  happened(2, 40, 8, 8, 2, 4000); // in a longer time
  happened(3, 1, 1, 1, 1, 0);     // in none
  EXPECT_THAT(chosen({{"sort", "rate"}}), ElementsAre(3, 4, 2, 0, 1));
  EXPECT_THAT(chosen({{"sort", "failures"}}), ElementsAre(3, 4, 2, 0, 1));
  EXPECT_THAT(chosen({{"sort", "rejections"}}), ElementsAre(1, 3, 4, 0, 2));
  EXPECT_THAT(chosen({{"sort", "p95"}, {"order", "desc"}}),
              ElementsAre(0, 2, 3, 1, 4));
}

TEST_F(admin_list_query, says_what_makes_no_sense) {
  EXPECT_THAT(
    refused({{"state", "ajar"}}),
    HasSubstr("state = ajar: must be one of closed, open, half_open"));
  EXPECT_THAT(refused({{"state", "open,"}}), "nothing");
  EXPECT_THAT(refused({{"state", ",open"}}), HasSubstr("state = : must be"));
  EXPECT_THAT(refused({{"mode", "Disabled"}}), HasSubstr("mode = Disabled"));
  EXPECT_THAT(refused({{"health", "ok"}}), HasSubstr("one of excellent"));
  EXPECT_THAT(refused({{"sort", ""}}), HasSubstr("sort = : must be one of"));
  EXPECT_THAT(refused({{"order", "ASC"}}), HasSubstr("asc or desc"));
  for (const auto* number : {"0", "10001", "", "-1", "1.0", "1 ", " 1", "+1",
                             "99999999999999999999", "0x10", "many"})
    EXPECT_THAT(refused({{"limit", number}}), HasSubstr("1 to 10000"))
      << number;
  for (const auto* number : {"-1", "1000000001", "", "x"})
    EXPECT_THAT(refused({{"offset", number}}), HasSubstr("0 to 1000000000"))
      << number;
  EXPECT_THAT(refused({{"page", "1"}}),
              HasSubstr("one of state, mode, health"));
  EXPECT_THAT(refused({{"", ""}}), HasSubstr("one of state, mode, health"));
  const auto both = refused({{"limit", "0"}, {"order", "x"}});
  EXPECT_THAT(both, HasSubstr("limit = 0"));
  EXPECT_THAT(both, HasSubstr("order = x"));
  EXPECT_EQ(refused({{"limit", "10000"}, {"offset", "1000000000"}}), "nothing");
}

TEST_F(admin_list_query, leads_to_the_next_page_and_the_one_before) {
  const auto links = [](const parameters& from, std::size_t total) {
    return links_of(read(from), total);
  };
  const std::string path = "</api/circuit_breakers?";
  EXPECT_EQ(links({}, 1000), "");
  EXPECT_EQ(links({}, 1001), path + "offset=1000>; rel=\"next\"");
  EXPECT_EQ(links({{"limit", "2"}}, 5),
            path + "limit=2&offset=2>; rel=\"next\"");
  EXPECT_EQ(links({{"limit", "2"}, {"offset", "2"}}, 5),
            path + "limit=2&offset=4>; rel=\"next\", " + path
              + "limit=2&offset=0>; rel=\"prev\"");
  EXPECT_EQ(links({{"limit", "2"}, {"offset", "4"}}, 5),
            path + "limit=2&offset=2>; rel=\"prev\"");
  EXPECT_EQ(links({{"limit", "3"}, {"offset", "1"}}, 4),
            path + "limit=3&offset=0>; rel=\"prev\"");
  EXPECT_EQ(links({{"offset", "1000000000"}}, 5),
            path + "offset=999999000>; rel=\"prev\"");
}

TEST_F(admin_list_query, writes_into_links_what_nobody_can_leave_them_by) {
  const auto got = links_of(
    read({{"q", "\">; rel=\"x\r\nX: y &offset=7"}, {"limit", "1"}}), 5);
  EXPECT_EQ(got, "</api/circuit_breakers?limit=1&q=%22%3E%3B%20rel%3D%22x%0D%0A"
                 "X%3A%20y%20%26offset%3D7&offset=1>; rel=\"next\"");
}

} // namespace

} // namespace switchgear::admin
