#include "conformance/line_reader.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "conformance/scenario.hpp"

namespace switchgear::conformance {

namespace {

bool is_name(std::string_view word) {
  return std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string quoted(std::string_view word) {
  return "'" + std::string{word} + "'";
}

} // namespace

line_reader::line_reader(std::size_t number, const std::string& text)
  : number_(number) {
  if (text.starts_with('#'))
    return;
  std::istringstream in{text};
  for (std::string word; in >> word;)
    words_.push_back(word);
}

bool line_reader::accept(std::string_view expected) {
  if (!is(expected))
    return false;
  ++next_;
  return true;
}

const std::string& line_reader::any(std::string_view what) {
  if (at_end())
    fail(std::string{what} + " is missing");
  return words_[next_++];
}

const std::string& line_reader::name(std::string_view what) {
  const auto& word = any(what);
  if (!is_name(word))
    fail(std::string{what} + " is " + quoted(word), "a-z, 0-9 and _");
  return word;
}

const std::string&
line_reader::one_of(std::string_view what,
                    const std::vector<std::string_view>& allowed) {
  std::string list;
  for (auto each : allowed)
    list.append(list.empty() ? "" : ", ").append(each);
  if (at_end())
    fail(std::string{what} + " is missing", list);
  const auto& word = words_[next_++];
  if (std::ranges::find(allowed, word) == allowed.end())
    fail(std::string{what} + " is " + quoted(word), list);
  return word;
}

int line_reader::number(std::string_view what, int lowest, int highest) {
  return read_number(*this, what, any(what), lowest, highest);
}

void line_reader::end() const {
  if (!at_end())
    fail("unexpected " + quoted(words_[next_]), "the end of the line");
}

void line_reader::fail(std::string_view what, std::string_view allowed) const {
  auto text = "line " + std::to_string(number_) + ": " + std::string{what};
  if (!allowed.empty())
    text.append("; allowed: ").append(allowed);
  throw bad_scenario{text};
}

int read_number(const line_reader& from, std::string_view what,
                std::string_view text, int lowest, int highest) {
  int value = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || value < lowest || value > highest)
    from.fail(std::string{what} + " is " + quoted(text),
              std::to_string(lowest) + " to " + std::to_string(highest));
  return value;
}

} // namespace switchgear::conformance
