#include "admin/event_stream.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <memory>
#include <string>

using namespace std::chrono_literals;

namespace switchgear::admin {

namespace {

using testing::HasSubstr;
using testing::StartsWith;
using kind = journal::kind;

class admin_event_stream : public testing::Test {
protected:
  event_stream follow(std::uint64_t after = 0, journal::filter wanted = {}) {
    event_stream result{events, "abcd1234", after, std::move(wanted)};
    EXPECT_THAT(result.next(now, 0), StartsWith("retry: 1000\nevent: hello\n"));
    return result;
  }

  std::shared_ptr<journal> events = std::make_shared<journal>(5);
  time_point now{1h};
};

TEST_F(admin_event_stream, begins_with_a_greeting) {
  events->add(kind::call, "t", "{}");
  events->add(kind::call, "t", "{}");
  event_stream tested{events, "abcd1234", 2, {}};
  EXPECT_THAT(tested.next(now, 1000),
              testing::MatchesRegex(
                "retry: 1000\nevent: hello\ndata: "
                "\\{\"instance\":\"abcd1234\",\"now\":\"20[-0-9T:.]+Z\","
                "\"after\":2,\"last\":2\\}\n\n"));
  EXPECT_EQ(tested.next(now, 1000), "");
}

TEST_F(admin_event_stream, tells_what_has_happened) {
  auto tested = follow();
  events->add(kind::change, "a", "{\"x\":1}");
  events->add(kind::call, "b", "{}");
  events->add(kind::admin, "", "{}");
  EXPECT_EQ(tested.next(now, 1000),
            "id: abcd1234-1\nevent: change\ndata: {\"x\":1}\n\n"
            "id: abcd1234-2\nevent: call\ndata: {}\n\n"
            "id: abcd1234-3\nevent: admin\ndata: {}\n\n");
  EXPECT_EQ(tested.next(now, 1000), "");
  events->add(kind::call, "b", "{}");
  EXPECT_THAT(tested.next(now, 1000), StartsWith("id: abcd1234-4\n"));
}

TEST_F(admin_event_stream, tells_what_is_wanted) {
  auto tested = follow(0, {"a", false});
  events->add(kind::change, "b", "{}");
  events->add(kind::call, "a", "{}");
  EXPECT_EQ(tested.next(now, 1000), "");
  events->add(kind::change, "a", "{}");
  EXPECT_THAT(tested.next(now, 1000), StartsWith("id: abcd1234-3\n"));
}

TEST_F(admin_event_stream, tells_a_little_at_a_time) {
  auto tested = follow();
  for (int i = 0; i < 3; ++i)
    events->add(kind::call, "t", "{}");
  // One at the least, however long it is.
  for (const auto* id :
       {"id: abcd1234-1\n", "id: abcd1234-2\n", "id: abcd1234-3\n"}) {
    const auto got = tested.next(now, 1);
    EXPECT_THAT(got, StartsWith(id));
    EXPECT_EQ(got.find("id: "), got.rfind("id: "));
  }
  EXPECT_EQ(tested.next(now, 1), "");
}

TEST_F(admin_event_stream, says_what_is_gone) {
  auto tested = follow();
  for (int i = 0; i < 12; ++i)
    events->add(kind::call, "t", "{}");
  const auto got = tested.next(now, 1000);
  EXPECT_THAT(got, StartsWith("event: missed\ndata: {\"count\":7}\n\n"
                              "id: abcd1234-8\n"));
  EXPECT_THAT(tested.next(now, 1000), "");
}

TEST_F(admin_event_stream, says_once_what_is_gone) {
  events->add(kind::change, "t", "{}");
  for (int i = 0; i < 12; ++i)
    events->add(kind::call, "t", "{}");
  auto tested = follow(); // has taken the first one by then
  std::string text;
  for (std::string more; !(more = tested.next(now, 1)).empty();)
    text += more;
  EXPECT_EQ(text.find("missed"), text.rfind("missed"));
  EXPECT_THAT(text, HasSubstr("{\"count\":7}"));
}

TEST_F(admin_event_stream, says_that_something_is_gone) {
  auto tested = follow(0, {std::nullopt, false});
  for (int i = 0; i < 6; ++i)
    events->add(kind::change, "t", "{}");
  EXPECT_THAT(tested.next(now, 1000),
              StartsWith("event: missed\ndata: {\"count\":null}\n\nid: "));
}

TEST_F(admin_event_stream, is_never_silent_for_long) {
  auto tested = follow();
  now += 14s;
  EXPECT_EQ(tested.next(now, 1000), "");
  now += 1s;
  EXPECT_EQ(tested.next(now, 1000), ": keep-alive\n\n");
  EXPECT_EQ(tested.next(now, 1000), "");
  now += 10s;
  events->add(kind::call, "t", "{}");
  EXPECT_THAT(tested.next(now, 1000), StartsWith("id: "));
  now += 10s; // it was not silent for so long
  EXPECT_EQ(tested.next(now, 1000), "");
  now += 5s;
  EXPECT_EQ(tested.next(now, 1000), ": keep-alive\n\n");
}

TEST_F(admin_event_stream, is_not_silent_if_nothing_is_wanted) {
  auto tested = follow(0, {"other", true});
  for (int i = 1; i < 15; ++i) {
    events->add(kind::change, "t", "{}");
    now += 1s;
    EXPECT_EQ(tested.next(now, 1000), "") << i;
  }
  now += 1s;
  EXPECT_EQ(tested.next(now, 1000), ": keep-alive\n\n");
}

} // namespace

} // namespace switchgear::admin
