// The policies: their options with the defaults, and what is said about their
// order, both asked of the code.

#include "parts.hpp"

#include <array>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>

#include "durations.hpp"
#include "switchgear/policies.hpp"

namespace docs {

namespace {

using namespace switchgear::policy;
using switchgear::duration;

template <class T>
std::string show(const T& value) {
  if constexpr (std::is_same_v<T, duration>)
    return value == duration::zero() ? "0" : in_words(value);
  else if constexpr (std::is_same_v<T, bool>)
    return value ? "true" : "false";
  else if constexpr (std::is_floating_point_v<T>)
    return std::to_string(value).substr(0, 3);
  else if constexpr (std::is_integral_v<T>)
    return std::to_string(value);
  else
    return "–"; // a function, and there is none
}

class table {
public:
  explicit table(std::ostream& out) : out_(out) {
    out_ << "| policy | option | default | meaning |\n|---|---|---|---|\n";
  }

  void begin(std::string_view policy) {
    policy_ = "`" + std::string{policy} + "`";
  }

  template <class T>
  void row(std::string_view option, const T& value, std::string_view meaning) {
    out_ << "| " << policy_ << " | `" << option << "` | " << show(value)
         << " | " << meaning << " |\n";
    policy_.clear();
  }

private:
  std::ostream& out_;
  std::string policy_;
};

void rows_of_budget(table& to, const budget_options& x) {
  to.row("budget.share", x.share, "further attempts for each call, on average");
  to.row("budget.per_second", x.per_second, "that are always allowed");
  to.row("budget.burst", x.burst, "that can be saved up");
}

} // namespace

void policy_table(std::ostream& out) {
  table to{out};
  to.begin("retry");
  const retry_options r;
  to.row("max_attempts", r.max_attempts, "the first one included");
  to.row("base", r.base, "the most that it waits before the second");
  to.row("multiplier", r.multiplier, "by which each wait grows");
  to.row("maximum", r.maximum, "the most that it grows to");
  to.row("jitter", r.jitter, "whether it waits a random part of that");
  to.row("seed", r.seed, "of the random numbers; 0: another one each time");
  rows_of_budget(to, r.budget);
  to.row("max_wait", r.max_wait,
         "a tool that asks for more is not tried again");
  to.row("total", r.total, "no attempt begins later than this; 0: no limit");
  to.row("retry_if", r.retry_if, "which failures; by default all");
  to.begin("rate_limit");
  const rate_limit_options l;
  to.row("permits", l.permits, "calls in a `period`");
  to.row("period", l.period, "");
  to.row("burst", l.burst, "calls at once; 0: `permits`");
  to.row("max_wait", l.max_wait, "for its turn; 0: a call does not wait");
  to.begin("bulkhead");
  const bulkhead_options b;
  to.row("concurrency", b.concurrency, "calls at a time");
  to.row("queue", b.queue, "calls that may wait for a place");
  to.row("max_wait", b.max_wait, "so long");
  to.begin("timeout");
  const timeout_options t;
  to.row("limit", t.limit, "");
  to.row("inline_only", t.inline_only,
         "on the caller's thread; judged when it returns");
  to.row("workers", t.workers, "calls at a time");
  to.row("max_abandoned", t.max_abandoned,
         "with so many calls given up that still run, no more begin");
  to.begin("hedge");
  const hedge_options h;
  to.row("delay", h.delay, "from one attempt to the next");
  to.row("delay_of", h.delay_of, "says it for each call, e.g. a percentile");
  to.row("max_attempts", h.max_attempts, "the first one included");
  rows_of_budget(to, h.budget);
  to.row("workers", h.workers, "attempts at a time");
  to.begin("fallback");
  to.row("when", h.delay_of, "for which failures; by default all");
}

void order_table(std::ostream& out) {
  out
    << "| inside | outside | what is wrong, and what to do |\n|---|---|---|\n";
  for (int i = 0; i < static_cast<int>(kind::other); ++i)
    for (int j = 0; j < static_cast<int>(kind::other); ++j) {
      stage outer{.waits = true, .places = 1, .calls_to_trip = 2};
      auto inner = outer;
      outer.what = static_cast<kind>(i);
      inner.what = static_cast<kind>(j);
      const std::array order{outer, inner};
      for (const auto& text : check_order(order))
        out << "| `" << to_string(order[1].what) << "` | `"
            << to_string(order[0].what) << "` | "
            << text.substr(text.find(": ") + 2) << " |\n";
    }
}

} // namespace docs
