#include "switchgear/detail/duration_text.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

namespace switchgear::detail {

namespace {

using namespace std::chrono_literals;

struct unit {
  std::string_view name;
  duration length;
};

// The longest first. Days are understood but not written.
constexpr std::array units{
  unit{"d", 24h},  unit{"h", 1h},   unit{"min", 1min}, unit{"s", 1s},
  unit{"ms", 1ms}, unit{"us", 1us}, unit{"ns", 1ns},
};

} // namespace

std::string duration_text(duration value) {
  if (value == duration::zero())
    return "0s";
  for (std::size_t i = 1; i < units.size(); ++i)
    if (value % units[i].length == duration::zero())
      return std::to_string(value / units[i].length).append(units[i].name);
  return {};
}

std::optional<duration> parse_duration(std::string_view text) {
  double amount = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error]
    = std::from_chars(text.data(), end, amount, std::chars_format::fixed);
  if (error != std::errc{} || !std::isfinite(amount))
    return std::nullopt;
  std::string_view rest{stop, static_cast<std::size_t>(end - stop)};
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  for (const auto& each : units) {
    if (rest != each.name)
      continue;
    const auto total = amount * static_cast<double>(each.length.count());
    if (std::abs(total) >= static_cast<double>(duration::max().count()))
      return std::nullopt;
    return duration{static_cast<duration::rep>(std::llround(total))};
  }
  return std::nullopt;
}

} // namespace switchgear::detail
