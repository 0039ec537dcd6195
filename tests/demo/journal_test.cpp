#include "journal.hpp"

#include <gmock/gmock.h>

using namespace demo;
using namespace std::chrono_literals;
using switchgear::reason;
using switchgear::state;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

namespace {

const switchgear::wall_time start{1'700'000'000s};

switchgear::statistics tripped() {
  switchgear::statistics result;
  result.name = "search";
  result.state = state::open;
  result.transitions.push_back({state::closed, state::open,
                                reason::consecutive_failures, start,
                                "3 failures in a row (threshold 3), last: x"});
  return result;
}

} // namespace

TEST(journal, writes_each_change_of_state_down_once) {
  journal book;
  auto stats = tripped();
  book.observe(stats);
  book.observe(stats);
  ASSERT_THAT(book.entries(), SizeIs(1));
  EXPECT_EQ(book.entries()[0].tool, "search");
  EXPECT_EQ(book.entries()[0].text, "open: 3 failures in a row, last: x");
  EXPECT_EQ(book.entries()[0].kind, news::bad);

  stats.transitions.push_back(
    {state::open, state::half_open, reason::open_time_over, start + 5s, ""});
  book.observe(stats);
  ASSERT_THAT(book.entries(), SizeIs(2));
  EXPECT_EQ(book.entries()[1].text, "half-open: open time over");
}

TEST(journal, the_instants_of_changes_may_shift_a_little) {
  journal book;
  auto stats = tripped();
  book.observe(stats);
  stats.transitions[0].at += 3ms;
  book.observe(stats);
  stats.transitions[0].at -= 5ms;
  book.observe(stats);
  EXPECT_THAT(book.entries(), SizeIs(1));
  // What follows at once is another change.
  stats.transitions.push_back(
    {state::open, state::closed, reason::reset, start + 1ms, ""});
  book.observe(stats);
  EXPECT_THAT(book.entries(), SizeIs(2));
}

TEST(journal, the_list_of_changes_may_lose_its_head) {
  journal book;
  auto stats = tripped();
  book.observe(stats);
  stats.transitions
    = {{state::half_open, state::closed, reason::recovered, start + 9s, ""}};
  book.observe(stats);
  ASSERT_THAT(book.entries(), SizeIs(2));
  EXPECT_EQ(book.entries()[1].text, "closed: recovered");
  EXPECT_EQ(book.entries()[1].kind, news::good);
}

TEST(journal, tools_have_their_own_history) {
  journal book;
  book.observe(tripped());
  auto other = tripped();
  other.name = "llm";
  book.observe(other);
  EXPECT_THAT(book.entries(), SizeIs(2));
}

TEST(journal, a_restart_of_the_actor_is_an_event) {
  journal book;
  switchgear::statistics stats;
  stats.name = "search";
  stats.state = state::open;
  stats.restarts = 1;
  book.observe(stats);
  book.observe(stats);
  ASSERT_THAT(book.entries(), SizeIs(1));
  EXPECT_THAT(book.entries()[0].text, HasSubstr("open as before"));
}

TEST(journal, is_bounded) {
  journal book;
  for (int i = 0; i < 1000; ++i)
    book.note(start, "search", std::to_string(i));
  EXPECT_THAT(book.entries(), SizeIs(200));
  EXPECT_EQ(book.entries().back().text, "999");
}

TEST(journal, times_are_of_the_day) {
  journal book;
  book.note(start, "search", "x");
  EXPECT_THAT(book.entries()[0].time, testing::MatchesRegex("..:..:20"));
}
