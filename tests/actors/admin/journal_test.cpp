#include "admin/journal.hpp"

#include <gmock/gmock.h>

#include <map>
#include <string>
#include <vector>

#include <rapidcheck/gtest.h>

namespace switchgear::admin {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using kind = journal::kind;

const journal::filter all{};

journal::filter changes() {
  return {std::nullopt, false};
}

journal::filter of(const std::string& tool) {
  return {tool, true};
}

struct told {
  std::vector<std::uint64_t> numbers;
  journal::reading got;
};

/// Reads as somebody does who takes `most` at a time.
told read(const journal& from, std::uint64_t after,
          const journal::filter& wanted = all, std::size_t most = 1000) {
  told result;
  result.got = from.read(after, wanted, [&](const auto& each) {
    if (result.numbers.size() >= most)
      return false;
    result.numbers.push_back(each.number);
    return true;
  });
  return result;
}

void add(journal& to, kind what, int times = 1, const std::string& tool = "t") {
  while (times-- > 0)
    to.add(what, tool, "{}");
}

TEST(admin_journal, is_empty_at_first) {
  const journal tested{3};
  EXPECT_EQ(tested.last(), 0u);
  EXPECT_EQ(tested.before_last(5, all), 0u);
  const auto [numbers, got] = read(tested, 0);
  EXPECT_THAT(numbers, IsEmpty());
  EXPECT_EQ(got.missed, 0u);
  EXPECT_EQ(got.next, 0u);
}

TEST(admin_journal, tells_in_order_what_has_happened) {
  journal tested{10};
  tested.add(kind::call, "a", "1");
  tested.add(kind::change, "b", "2");
  tested.add(kind::admin, "", "3");
  std::string text;
  tested.read(0, all, [&](const journal::entry& each) {
    text += std::to_string(each.number) + each.tool + each.json + ' ';
    return true;
  });
  EXPECT_EQ(text, "1a1 2b2 33 ");
  EXPECT_THAT(read(tested, 1).numbers, ElementsAre(2, 3));
  EXPECT_THAT(read(tested, 3).numbers, IsEmpty());
}

TEST(admin_journal, tells_what_is_wanted) {
  journal tested{10};
  add(tested, kind::call, 1, "a");
  add(tested, kind::change, 1, "b");
  add(tested, kind::call, 1, "b");
  add(tested, kind::admin, 1, "a");
  EXPECT_THAT(read(tested, 0, changes()).numbers, ElementsAre(2, 4));
  EXPECT_THAT(read(tested, 0, of("b")).numbers, ElementsAre(2, 3));
  EXPECT_THAT(read(tested, 0, {"a", false}).numbers, ElementsAre(4));
  EXPECT_THAT(read(tested, 0, of("c")).numbers, IsEmpty());
  // What is not wanted has been read, too.
  EXPECT_EQ(read(tested, 0, of("c")).got.next, 4u);
}

TEST(admin_journal, tells_as_much_as_is_taken) {
  journal tested{10};
  add(tested, kind::call, 3);
  add(tested, kind::change, 3);
  const auto first = read(tested, 0, all, 4);
  EXPECT_THAT(first.numbers, ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(first.got.next, 4u);
  EXPECT_THAT(read(tested, first.got.next, all, 4).numbers, ElementsAre(5, 6));
}

TEST(admin_journal, keeps_so_many_of_each) {
  journal tested{3};
  add(tested, kind::change, 2);
  add(tested, kind::call, 100);
  add(tested, kind::admin, 2);
  // A storm of calls drives out calls only.
  const auto [numbers, got] = read(tested, 0);
  EXPECT_THAT(numbers, ElementsAre(2, 100, 101, 102, 103, 104));
  EXPECT_EQ(got.missed, 104u - numbers.size());
}

TEST(admin_journal, counts_what_is_gone) {
  journal tested{3};
  add(tested, kind::call, 10);
  EXPECT_EQ(read(tested, 0).got.missed, 7u);
  EXPECT_EQ(read(tested, 5).got.missed, 2u);
  EXPECT_EQ(read(tested, 7).got.missed, 0u);
  EXPECT_EQ(read(tested, 10).got.missed, 0u);
}

TEST(admin_journal, counts_once_what_is_gone) {
  journal tested{3};
  add(tested, kind::change, 2);
  add(tested, kind::call, 5); // 5, 6, 7 are left
  add(tested, kind::change, 1);
  // Nothing is missed yet by who has come to the first two only.
  const auto first = read(tested, 0, all, 2);
  EXPECT_THAT(first.numbers, ElementsAre(1, 2));
  EXPECT_EQ(first.got.missed, 0u);
  const auto second = read(tested, first.got.next, all, 2);
  EXPECT_THAT(second.numbers, ElementsAre(5, 6));
  EXPECT_EQ(second.got.missed, 2u);
  const auto third = read(tested, second.got.next, all, 2);
  EXPECT_THAT(third.numbers, ElementsAre(7, 8));
  EXPECT_EQ(third.got.missed, 0u);
}

TEST(admin_journal, says_that_changes_are_gone) {
  journal tested{3};
  add(tested, kind::call, 100);
  EXPECT_EQ(read(tested, 0, changes()).got.missed, 0u);
  add(tested, kind::change, 4); // 101 is gone
  EXPECT_EQ(read(tested, 0, changes()).got.missed, std::nullopt);
  EXPECT_EQ(read(tested, 100, changes()).got.missed, std::nullopt);
  EXPECT_EQ(read(tested, 101, changes()).got.missed, 0u);
}

TEST(admin_journal, does_not_mind_numbers_that_are_yet_to_come) {
  journal tested{3};
  add(tested, kind::call, 10);
  for (const std::uint64_t number : {11UL, 1000UL, ~0UL}) {
    const auto [numbers, got] = read(tested, number);
    EXPECT_THAT(numbers, IsEmpty());
    EXPECT_EQ(got.missed, 0u);
    EXPECT_EQ(got.next, 10u);
  }
}

TEST(admin_journal, tells_newcomers_the_last_so_many) {
  journal tested{10};
  add(tested, kind::change, 5);
  add(tested, kind::call, 5);
  EXPECT_EQ(tested.before_last(3, all), 7u);
  EXPECT_EQ(tested.before_last(0, all), 10u);
  EXPECT_EQ(tested.before_last(7, all), 3u); // though the first call was later
  EXPECT_EQ(tested.before_last(100, all), 0u);
  EXPECT_EQ(tested.before_last(2, changes()), 3u);
  EXPECT_EQ(tested.before_last(100, changes()), 0u);
}

TEST(admin_journal, tells_newcomers_the_last_so_many_that_they_want) {
  journal tested{10};
  add(tested, kind::change, 1, "a");
  add(tested, kind::change, 8, "b");
  EXPECT_EQ(tested.before_last(2, of("a")), 0u);
  EXPECT_EQ(tested.before_last(1, of("a")), 0u);
  EXPECT_EQ(tested.before_last(1, of("b")), 8u);
  EXPECT_EQ(tested.before_last(1, of("c")), 0u);
}

TEST(admin_journal, does_not_tell_newcomers_that_they_missed_something) {
  journal tested{3};
  add(tested, kind::change, 2);
  add(tested, kind::call, 10);
  for (const auto& wanted : {all, changes(), of("t"), of("other")}) {
    const auto after = tested.before_last(100, wanted);
    EXPECT_EQ(read(tested, after, wanted).got.missed, 0u);
  }
  EXPECT_EQ(tested.before_last(100, all), 9u);
  EXPECT_EQ(tested.before_last(100, changes()), 0u);
}

// However much is taken at a time, and whatever happens meanwhile: each number
// is told of, or counted, or not wanted.
RC_GTEST_PROP(admin_journal, loses_nothing_without_saying_so, ()) {
  journal tested{*rc::gen::inRange<std::size_t>(1, 6)};
  std::uint64_t place = 0;
  std::uint64_t told = 0;
  std::uint64_t missed = 0;
  std::uint64_t last_told = 0;
  for (int i = 0; i < 30; ++i) {
    const auto what = *rc::gen::element(kind::call, kind::change, kind::admin);
    add(tested, what, *rc::gen::inRange(0, 8));
    const auto most = *rc::gen::inRange<std::size_t>(0, 6);
    const auto [numbers, got] = read(tested, place, all, most);
    for (const auto number : numbers) {
      RC_ASSERT(number > last_told);
      last_told = number;
    }
    told += numbers.size();
    missed += got.missed.value();
    RC_ASSERT(got.next >= place);
    place = got.next;
    RC_ASSERT(told + missed == place);
  }
  const auto [numbers, got] = read(tested, place);
  RC_ASSERT(told + numbers.size() + missed + got.missed.value()
            == tested.last());
}

} // namespace

} // namespace switchgear::admin
