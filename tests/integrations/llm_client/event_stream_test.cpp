/// Server-sent events, however the bytes are cut.

#include "event_stream.hpp"

#include <gmock/gmock.h>

#include <vector>

namespace switchgear {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> events_of(const std::string& bytes,
                                   std::size_t piece = 1000) {
  event_stream stream;
  std::vector<std::string> result;
  for (std::size_t at = 0; at < bytes.size(); at += piece)
    EXPECT_TRUE(stream.feed(bytes.substr(at, piece), [&](std::string_view e) {
      result.emplace_back(e);
      return true;
    }));
  return result;
}

TEST(event_stream, gives_data_of_events) {
  EXPECT_THAT(events_of("data: a\n\ndata:b\n\n"), ElementsAre("a", "b"));
}

TEST(event_stream, knows_all_ends_of_lines) {
  EXPECT_THAT(events_of("data: a\r\n\r\ndata: b\r\rdata: c\n\n"),
              ElementsAre("a", "b", "c"));
}

TEST(event_stream, does_not_care_how_bytes_are_cut) {
  const std::string bytes = "data: one\r\ndata: two\r\n\r\n: hm\n\ndata: 3\n\n";
  for (std::size_t piece = 1; piece < bytes.size(); ++piece)
    EXPECT_THAT(events_of(bytes, piece), ElementsAre("one\ntwo", "3")) << piece;
}

TEST(event_stream, passes_over_what_is_no_data) {
  EXPECT_THAT(events_of(": comment\nevent: x\nid: 1\nretry: 5\nfoo\n\n"),
              IsEmpty());
  EXPECT_THAT(events_of("event: x\ndata: a\ndatum: b\n\n"), ElementsAre("a"));
}

TEST(event_stream, keeps_blanks_but_the_first) {
  EXPECT_THAT(events_of("data:  a \n\ndata\n\ndata:\n\n"),
              ElementsAre(" a ", "", ""));
}

TEST(event_stream, does_not_give_half_an_event) {
  EXPECT_THAT(events_of("data: a\n"), IsEmpty());
}

TEST(event_stream, does_not_grow_without_end) {
  event_stream stream;
  const auto nobody = [](std::string_view) { return true; };
  EXPECT_FALSE(
    stream.feed(std::string(event_stream::longest + 1, 'x'), nobody));
  event_stream lines;
  const auto line
    = "data: " + std::string(event_stream::longest / 2, 'x') + "\n";
  EXPECT_TRUE(lines.feed(line, nobody));
  EXPECT_FALSE(lines.feed(line + line, nobody));
}

} // namespace

} // namespace switchgear
