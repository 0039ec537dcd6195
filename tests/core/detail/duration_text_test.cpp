#include "switchgear/detail/duration_text.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>

#include <rapidcheck/gtest.h>

using namespace std::chrono_literals;

namespace switchgear::detail {

namespace {

TEST(duration_text, uses_the_largest_unit_that_gives_a_whole_number) {
  for (const auto& [value, text] :
       std::initializer_list<std::pair<duration, const char*>>{
         {0s, "0s"},
         {1ns, "1ns"},
         {999ns, "999ns"},
         {1us, "1us"},
         {1001ns, "1001ns"},
         {1500us, "1500us"},
         {500ms, "500ms"},
         {1s, "1s"},
         {1500ms, "1500ms"},
         {59s, "59s"},
         {60s, "1min"},
         {90s, "90s"},
         {90min, "90min"},
         {2h, "2h"},
         {24h, "24h"},
         {30 * 24h, "720h"},
         {-1s, "-1s"}})
    EXPECT_EQ(duration_text(value), text);
}

TEST(duration_text, is_understood) {
  for (const auto& [text, value] :
       std::initializer_list<std::pair<const char*, duration>>{
         {"0s", 0s},
         {"0ns", 0s},
         {"30s", 30s},
         {"30 s", 30s},
         {"30   s", 30s},
         {"1500ms", 1500ms},
         {"1.5s", 1500ms},
         {"0.25 ms", 250us},
         {".5min", 30s},
         {"2.h", 2h},
         {"007us", 7us},
         {"1d", 24h},
         {"0.4ns", 0ns},
         {"0.5ns", 1ns},
         {"-2h", -2h},
         {"2562047h", 2562047h}}) {
    const auto got = parse_duration(text);
    ASSERT_TRUE(got) << text;
    EXPECT_EQ(*got, value) << text;
  }
}

TEST(duration_text, is_refused_if_it_is_none) {
  for (const std::string text :
       {"",
        " ",
        "s",
        "30",
        "30 ",
        "30S",
        "30 sec",
        "30s ",
        " 30s",
        "30s30s",
        "30m",
        "1e3s",
        "0x10s",
        "+1s",
        "--1s",
        "1,5s",
        "1..5s",
        "nan s",
        "inf s",
        "infs",
        "-",
        ".",
        ".s",
        "1h30min",
        "30\ts",
        "30\ns",
        "s30",
        "\xff",
        "2562048h",
        "-2562048h",
        "1000000d",
        "99999999999999999999999999999999999999999999999999999999999999999h"})
    EXPECT_FALSE(parse_duration(text)) << text;
  EXPECT_FALSE(parse_duration(std::string(400, '9') + "ns"));
  EXPECT_FALSE(parse_duration(std::string_view{"1\0s", 3}));
}

RC_GTEST_PROP(duration_text, comes_back_as_it_was, ()) {
  // What a setting can be.
  const auto limit = duration{30 * 24h}.count();
  const duration value{*rc::gen::inRange<duration::rep>(0, limit + 1)};
  const duration rounded
    = value - value % *rc::gen::element<duration>(1ns, 1us, 1ms, 1s, 1min, 1h);
  RC_ASSERT(parse_duration(duration_text(value)) == value);
  RC_ASSERT(parse_duration(duration_text(rounded)) == rounded);
}

RC_GTEST_PROP(duration_text, never_does_more_than_refuse,
              (const std::string& text)) {
  if (const auto got = parse_duration(text))
    RC_ASSERT(parse_duration(duration_text(*got)).has_value());
}

} // namespace

} // namespace switchgear::detail
