#include <charconv>

#include "switchgear/telemetry/prometheus.hpp"

namespace switchgear::telemetry {

namespace {

constexpr std::string_view blanks = " \t";

std::string_view trim(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Takes what stands before `end` away from `text`, and `end` too.
std::string_view take(std::string_view& text, char end) noexcept {
  const auto at = text.find(end);
  const auto result = text.substr(0, at);
  text
    = at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
  return trim(result);
}

bool same(std::string_view x, std::string_view y) noexcept {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  if (x.size() != y.size())
    return false;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (lower(x[i]) != lower(y[i]))
      return false;
  return true;
}

/// A format as headers call it.
struct offer {
  std::string_view type;
  std::string_view subtype;
  std::string_view version;

  // The most exact range that fits decides, wherever it stands.
  int fit = 0;
  double weight = 0;

  void see(std::string_view range) noexcept {
    auto rest = range;
    auto subtype_seen = take(rest, ';');
    const auto type_seen = take(subtype_seen, '/');
    int exact = 1;
    if (same(type_seen, type))
      exact = same(subtype_seen, subtype) ? 3 : subtype_seen == "*" ? 2 : 0;
    else if (type_seen != "*" || subtype_seen != "*")
      exact = 0;
    double wanted = 1;
    while (exact > 0 && !rest.empty()) {
      auto value = take(rest, ';');
      const auto name = take(value, '=');
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
        value = value.substr(1, value.size() - 2);
      if (same(name, "version"))
        exact = same(value, version) ? 4 : 0;
      else if (same(name, "q") && !read(value, wanted))
        exact = 0;
    }
    if (exact <= fit)
      return;
    fit = exact;
    weight = wanted;
  }

private:
  static bool read(std::string_view text, double& weight) noexcept {
    const auto* end = text.data() + text.size();
    const auto got
      = std::from_chars(text.data(), end, weight, std::chars_format::fixed);
    return got.ec == std::errc{} && got.ptr == end && weight >= 0
           && weight <= 1;
  }
};

} // namespace

text_format negotiate(std::string_view accept) noexcept {
  offer plain{"text", "plain", "0.0.4"};
  offer openmetrics{"application", "openmetrics-text", "1.0.0"};
  while (!accept.empty()) {
    const auto range = take(accept, ',');
    plain.see(range);
    openmetrics.see(range);
  }
  return openmetrics.weight > plain.weight ? text_format::openmetrics
                                           : text_format::plain;
}

} // namespace switchgear::telemetry
