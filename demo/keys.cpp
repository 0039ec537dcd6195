#include "keys.hpp"

#include <algorithm>

namespace demo {

namespace {

using meaning = key_press::meaning;

key_press from_character(char c) {
  for (const auto& entry : bindings())
    if (entry.key == c)
      return {meaning::act, entry.what};
  if (c >= '1' && c <= '9')
    return {meaning::pick, {}, static_cast<std::size_t>(c - '1')};
  switch (c) {
    case ' ':
    case '\r':
    case '\n':
      return {meaning::act, action::call};
    case 'T':
      return {meaning::traffic_all};
    case '\t':
      return {meaning::down};
    case '?':
      return {meaning::help};
    case 'q':
      return {meaning::quit};
    case '\x03': // Ctrl-C, Ctrl-Z and Ctrl-L: raw mode makes them keys
      return {meaning::interrupt};
    case '\x1a':
      return {meaning::suspend};
    case '\x0c':
      return {meaning::redraw};
    default:
      return {};
  }
}

/// `ESC [ ... letter` or `ESC O letter`.
key_press from_sequence(std::string_view sequence) {
  switch (sequence.back()) {
    case 'A':
    case 'Z': // Shift-Tab
      return {meaning::up};
    case 'B':
      return {meaning::down};
    default:
      return {};
  }
}

bool is_complete(std::string_view sequence) {
  const auto last = sequence.back();
  if (sequence[1] == 'O')
    return sequence.size() == 3;
  return sequence.size() > 2 && last >= '@' && last <= '~';
}

// Longer than any that a terminal sends.
constexpr std::size_t max_sequence = 32;

} // namespace

std::vector<key_press> key_decoder::feed(std::string_view bytes) {
  std::vector<key_press> result;
  for (char c : bytes) {
    if (sequence_.empty()) {
      if (c == '\x1b')
        sequence_ = c;
      else
        result.push_back(from_character(c));
      continue;
    }
    sequence_ += c;
    if (sequence_.size() == 2 && c != '[' && c != 'O') {
      sequence_.clear(); // Alt and a key
      result.push_back({});
    } else if (sequence_.size() > 2
               && (is_complete(sequence_)
                   || sequence_.size() == max_sequence)) {
      result.push_back(from_sequence(sequence_));
      sequence_.clear();
    }
  }
  return result;
}

std::vector<key_press> key_decoder::idle() {
  if (sequence_.empty())
    return {};
  sequence_.clear();
  return {key_press{}};
}

} // namespace demo
