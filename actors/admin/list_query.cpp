#include "list_query.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "../http/message.hpp"
#include "json.hpp"
#include "switchgear/detail/utf8.hpp"

namespace switchgear::admin {

namespace {

constexpr std::size_t most = 10'000;

constexpr auto states
  = std::to_array<std::string_view>({"closed", "open", "half_open"});
constexpr auto modes = std::to_array<std::string_view>(
  {"automatic", "isolated", "forced_closed", "disabled", "metrics_only"});
constexpr auto healths = std::to_array<std::string_view>(
  {"excellent", "good", "degraded", "critical"});

/// What a list can be sorted by.
struct order {
  std::string_view name;
  double (*value)(const statistics&, const std::optional<sample>&);
};

template <auto Member>
double total(const statistics& of, const std::optional<sample>&) {
  return static_cast<double>(of.*Member);
}

template <auto Member>
double recent(const statistics&, const std::optional<sample>& last) {
  if (!last || last->span_ms == 0)
    return 0;
  return static_cast<double>((*last).*Member) / last->span_ms;
}

double calls(const statistics& of, const std::optional<sample>& last) {
  return recent<&sample::successes>(of, last)
         + recent<&sample::failures>(of, last);
}

double p95(const statistics&, const std::optional<sample>& last) {
  return last ? last->p95_ms : -1.0;
}

// The worst first, as one reads them.
double badness(const statistics& of, const std::optional<sample>&) {
  return of.state == state::open ? 2 : of.state == state::half_open ? 1 : 0;
}

double changed(const statistics& of, const std::optional<sample>&) {
  return std::chrono::duration<double>{of.last_state_change.time_since_epoch()}
    .count();
}

constexpr std::array orders{
  order{"tool", nullptr},
  order{"state", badness},
  order{"trips", total<&statistics::trip_count>},
  order{"rate", calls},
  order{"failures", recent<&sample::failures>},
  order{"rejections", recent<&sample::rejections>},
  order{"p95", p95},
  order{"changed", changed},
};

std::string lower(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return text;
}

template <class Words>
std::string one_of(const Words& words) {
  std::string result;
  for (const auto& each : words)
    result += (result.empty() ? "one of " : ", ") + std::string{each};
  return result;
}

class reader {
public:
  list_query result;
  std::vector<config_error> errors;

  void take(const std::string& name, const std::string& value) {
    if (name == "state")
      take_words(name, value, states, result.states);
    else if (name == "mode")
      take_words(name, value, modes, result.modes);
    else if (name == "health")
      take_words(name, value, healths, result.healths);
    else if (name == "q")
      result.text = lower(value);
    else if (name == "sort")
      take_sort(value);
    else if (name == "order")
      take_order(value);
    else if (name == "limit")
      take_number(name, value, 1, most, result.limit);
    else if (name == "offset")
      take_number(name, value, 0, 1'000'000'000, result.offset);
    else
      errors.push_back({name, value,
                        "one of state, mode, health, q, sort, order, limit, "
                        "offset"});
    if (name != "offset")
      result.others
        += http::percent_encode(name) + '=' + http::percent_encode(value) + '&';
  }

private:
  template <class Words>
  void take_words(const std::string& name, const std::string& value,
                  const Words& known, list_query::words& into) {
    std::string_view rest = value;
    while (!rest.empty()) {
      const auto comma = rest.find(',');
      const auto word = rest.substr(0, comma);
      if (std::ranges::find(known, word) == known.end())
        errors.push_back({name, std::string{word}, one_of(known)});
      into.emplace_back(word);
      rest.remove_prefix(comma == rest.npos ? rest.size() : comma + 1);
    }
  }

  void take_sort(const std::string& value) {
    std::vector<std::string_view> names;
    for (const auto& each : orders)
      names.push_back(each.name);
    if (std::ranges::find(names, value) == names.end())
      errors.push_back({"sort", value, one_of(names)});
    result.sort = value;
  }

  void take_order(const std::string& value) {
    if (value != "asc" && value != "desc")
      errors.push_back({"order", value, "asc or desc"});
    result.descending = value == "desc";
  }

  void take_number(const std::string& name, const std::string& value,
                   std::size_t least, std::size_t greatest, std::size_t& into) {
    const auto* end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, into);
    if (error != std::errc{} || stop != end || into < least || into > greatest)
      errors.push_back(
        {name, value,
         std::to_string(least) + " to " + std::to_string(greatest)});
  }
};

bool wanted(const list_query::words& words, std::string_view word) {
  return words.empty() || std::ranges::find(words, word) != words.end();
}

bool fits(const list_query& query, const statistics& of) {
  if (!wanted(query.states, to_string(of.state))
      || !wanted(query.modes, to_string(of.mode))
      || !wanted(query.healths, health_of(of)))
    return false;
  return query.text.empty()
         || lower(detail::to_utf8(of.name)).find(query.text)
              != std::string::npos;
}

} // namespace

expected<list_query, std::vector<config_error>>
read_list_query(const std::multimap<std::string, std::string>& from) {
  reader in;
  for (const auto& [name, value] : from)
    in.take(name, value);
  if (!in.errors.empty())
    return make_unexpected(std::move(in.errors));
  return std::move(in.result);
}

std::vector<std::size_t> choose(const list_query& query,
                                std::span<const statistics> all,
                                std::span<const std::optional<sample>> latest) {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < all.size(); ++i)
    if (fits(query, all[i]))
      result.push_back(i);
  // They are in the order of their names, which goes on for those that are
  // alike otherwise.
  const auto by = std::ranges::find(orders, query.sort, &order::name);
  if (by->value)
    std::ranges::stable_sort(result, [&](std::size_t x, std::size_t y) {
      const auto a = by->value(all[x], latest[x]);
      const auto b = by->value(all[y], latest[y]);
      return query.descending ? a > b : a < b;
    });
  else if (query.descending)
    std::ranges::reverse(result);
  return result;
}

std::string links_of(const list_query& query, std::size_t total) {
  std::string result;
  const auto add = [&](std::size_t offset, const char* relation) {
    result += (result.empty() ? "<" : ", <")
              + std::string{"/api/circuit_breakers?"} + query.others + "offset="
              + std::to_string(offset) + ">; rel=\"" + relation + '"';
  };
  if (query.offset + query.limit < total)
    add(query.offset + query.limit, "next");
  if (query.offset > 0)
    add(query.offset - std::min(query.offset, query.limit), "prev");
  return result;
}

} // namespace switchgear::admin
