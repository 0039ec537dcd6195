#include "line.hpp"

#include <algorithm>

#include "text.hpp"

namespace demo {

namespace {

/// SGR parameters. Without colours weight and inversion must do; the words and
/// symbols say the same in any case.
std::string_view sgr(tint paint, bool colour) {
  switch (paint) {
    case tint::plain:
      return "";
    case tint::dim:
      return "2";
    case tint::bold:
      return "1";
    case tint::good:
      return colour ? "32" : "";
    case tint::bad:
      return colour ? "31" : "1";
    case tint::middling:
      return colour ? "33" : "1";
    case tint::good_badge:
      return colour ? "1;32" : "1";
    case tint::bad_badge:
      return colour ? "1;97;41" : "1;7";
    case tint::middling_badge:
      return colour ? "1;30;43" : "7";
    case tint::accent:
      return colour ? "1;36" : "1";
  }
  return "";
}

} // namespace

line& line::put(std::string_view text, tint paint) {
  const auto shown = shorten(printable(text, how_->unicode), room(), "");
  if (shown.empty())
    return *this;
  const auto codes = sgr(paint, how_->colour);
  if (!codes.empty())
    text_.append("\x1b[").append(codes).append("m");
  text_ += shown;
  if (!codes.empty())
    text_ += "\x1b[0m";
  column_ += display_width(shown);
  return *this;
}

line& line::left(std::string_view text, std::size_t width, tint paint) {
  const auto end = std::min(column_ + width, how_->columns);
  put(shorten(printable(text, how_->unicode), width, how_->unicode ? "…" : "~"),
      paint);
  return move_to(end);
}

line& line::right(std::string_view text, std::size_t width, tint paint) {
  const auto shown
    = shorten(printable(text, how_->unicode), width, how_->unicode ? "…" : "~");
  move_to(column_ + width - display_width(shown));
  return put(shown, paint);
}

line& line::move_to(std::size_t column) {
  column = std::min(column, how_->columns);
  if (column > column_) {
    text_.append(column - column_, ' ');
    column_ = column;
  }
  return *this;
}

std::string repeat(std::string_view text, std::size_t times) {
  std::string result;
  result.reserve(text.size() * times);
  for (; times > 0; --times)
    result += text;
  return result;
}

} // namespace demo
