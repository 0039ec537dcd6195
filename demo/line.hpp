#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "model.hpp"

namespace demo {

/// The few ways in which the demo paints text.
enum class tint : std::uint8_t {
  plain,
  dim,
  bold,
  good,     ///< Green.
  bad,      ///< Red.
  middling, ///< Yellow.
  good_badge,
  bad_badge,
  middling_badge,
  accent, ///< Cyan: keys, the selected tool.
};

/// One row of the screen under construction, never wider than the screen.
class line {
public:
  explicit line(const look& how) : how_(&how) {
    // nop
  }

  /// Appends text; what does not fit is cut off.
  line& put(std::string_view text, tint paint = tint::plain);

  /// Appends a cell of `width` columns, the text at its left or right end.
  line& left(std::string_view text, std::size_t width,
             tint paint = tint::plain);
  line& right(std::string_view text, std::size_t width,
              tint paint = tint::plain);

  /// Appends spaces up to a column.
  line& move_to(std::size_t column);

  std::size_t column() const {
    return column_;
  }

  /// Columns that are left.
  std::size_t room() const {
    return how_->columns - column_;
  }

  std::string take() {
    return std::move(text_);
  }

private:
  const look* how_;
  std::size_t column_ = 0;
  std::string text_;
};

/// Draws `text` as often as columns are to be filled.
std::string repeat(std::string_view text, std::size_t times);

} // namespace demo
