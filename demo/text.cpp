#include "text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace demo {

namespace {

struct character {
  std::size_t bytes = 1;
  char32_t code = 0;
  bool valid = false;
};

/// The first character of a text that is not empty.
character decode(std::string_view text) {
  const auto byte
    = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto first = byte(0);
  if (first < 0x80)
    return {1, first, true};
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < size)
    return {};
  auto code = static_cast<char32_t>(first & (0xFFu >> (size + 1)));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0) != 0x80)
      return {};
    code = (code << 6) | (byte(i) & 0x3Fu);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < least[size] || code > 0x10FFFF || surrogate)
    return {};
  return {size, code, true};
}

struct range {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
bool within(const std::array<range, N>& ranges, char32_t code) {
  return std::ranges::any_of(ranges, [code](const range& r) {
    return code >= r.first && code <= r.last;
  });
}

constexpr std::array<range, 7> no_width{{{0x0300, 0x036F},
                                         {0x0483, 0x0489},
                                         {0x0591, 0x05BD},
                                         {0x200B, 0x200F},
                                         {0x202A, 0x202E},
                                         {0x20D0, 0x20FF},
                                         {0xFE00, 0xFE0F}}};

constexpr std::array<range, 10> two_columns{{{0x1100, 0x115F},
                                             {0x2E80, 0x303E},
                                             {0x3041, 0xA4CF},
                                             {0xAC00, 0xD7A3},
                                             {0xF900, 0xFAFF},
                                             {0xFE30, 0xFE6F},
                                             {0xFF00, 0xFF60},
                                             {0xFFE0, 0xFFE6},
                                             {0x1F300, 0x1F9FF},
                                             {0x20000, 0x3FFFD}}};

bool is_control(char32_t code) {
  // Those that turn the direction of writing would move the whole line.
  return code < 0x20 || (code >= 0x7F && code < 0xA0)
         || (code >= 0x202A && code <= 0x202E)
         || (code >= 0x2028 && code <= 0x2029)
         || (code >= 0x2066 && code <= 0x2069);
}

std::size_t width_of(const character& c) {
  if (!c.valid)
    return 1;
  return within(no_width, c.code) ? 0 : within(two_columns, c.code) ? 2 : 1;
}

std::string format(const char* pattern, double value) {
  std::array<char, 32> buffer;
  std::snprintf(buffer.data(), buffer.size(), pattern, value);
  return buffer.data();
}

} // namespace

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    auto next = decode(text);
    columns += width_of(next);
    text.remove_prefix(next.bytes);
  }
  return columns;
}

std::string printable(std::string_view text, bool unicode) {
  std::string result;
  while (!text.empty()) {
    auto next = decode(text);
    if (!next.valid || is_control(next.code) || (!unicode && next.code >= 0x80))
      result += '?';
    else
      result += text.substr(0, next.bytes);
    text.remove_prefix(next.bytes);
  }
  return result;
}

std::string shorten(std::string_view text, std::size_t columns,
                    std::string_view mark) {
  if (display_width(text) <= columns)
    return std::string{text};
  const auto mark_width = display_width(mark);
  if (mark_width > columns)
    return {};
  std::string result;
  std::size_t used = mark_width;
  while (!text.empty()) {
    auto next = decode(text);
    used += width_of(next);
    if (used > columns)
      break;
    result += text.substr(0, next.bytes);
    text.remove_prefix(next.bytes);
  }
  return result.append(mark);
}

std::string brief(switchgear::duration value) {
  using std::chrono::duration;
  const auto us = std::max(0.0, duration<double, std::micro>(value).count());
  if (us > 0 && us < 0.9995)
    return format("%.0f ns", 1e3 * us);
  if (us < 999.5)
    return format("%.0f us", us);
  const auto ms = us / 1e3;
  if (ms < 9.95)
    return format("%.1f ms", ms);
  if (ms < 999.5)
    return format("%.0f ms", ms);
  const auto s = ms / 1e3;
  if (s < 99.95)
    return format("%.1f s", s);
  return s < 5999.5 ? format("%.0f min", s / 60) : format("%.0f h", s / 3600);
}

std::string countdown(switchgear::duration left) {
  const auto s = std::max(0.0, std::chrono::duration<double>(left).count());
  return s < 999.5 ? format(s < 9.95 ? "%.1f s" : "%.0f s", s) : brief(left);
}

std::string brief(std::size_t count) {
  if (count >= 1'000'000)
    return format("%.1fM", static_cast<double>(count) / 1e6);
  auto digits = std::to_string(count);
  if (digits.size() > 3)
    digits.insert(digits.size() - 3, ",");
  return digits;
}

} // namespace demo
