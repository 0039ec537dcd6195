#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace switchgear::conformance {

/// Reads one line of a scenario word by word. What is wrong with it is reported
/// as a `bad_scenario` that names the line.
class line_reader {
public:
  /// @param number counted from 1
  line_reader(std::size_t number, const std::string& text);

  /// Whether nothing is left. That is so at once for an empty line and for a
  /// comment.
  bool at_end() const noexcept {
    return next_ == words_.size();
  }

  /// Whether the next word is `expected`.
  bool is(std::string_view expected) const noexcept {
    return !at_end() && words_[next_] == expected;
  }

  /// Takes the next word if it is `expected`.
  bool accept(std::string_view expected);

  /// Takes the next word, any.
  const std::string& any(std::string_view what);

  /// Takes the next word, which must be a name: of `[a-z0-9_]`.
  const std::string& name(std::string_view what);

  /// Takes the next word, which must be one of those listed.
  const std::string& one_of(std::string_view what,
                            const std::vector<std::string_view>& allowed);

  /// Takes the next word, which must be an integer of that range.
  int number(std::string_view what, int lowest, int highest);

  /// Nothing more may follow.
  void end() const;

  std::size_t line() const noexcept {
    return number_;
  }

  /// @param what e.g. "rule: state is 'x'"
  /// @param allowed e.g. "a to h"
  [[noreturn]] void fail(std::string_view what,
                         std::string_view allowed = {}) const;

private:
  std::size_t number_;
  std::vector<std::string> words_;
  std::size_t next_ = 0;
};

/// Reads `text` as an integer, which must be of that range.
int read_number(const line_reader& from, std::string_view what,
                std::string_view text, int lowest, int highest);

} // namespace switchgear::conformance
