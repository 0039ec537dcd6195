#include "switchgear/policy/order.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <utility>

namespace switchgear::policy {

namespace {

struct rule {
  kind outside;
  kind inside;
  std::string_view why;
  /// Whether it holds for two policies, and all that is within the inner one.
  bool (*applies)(const stage& outer, const stage& inner,
                  std::span<const stage> within);
};

bool always(const stage&, const stage&, std::span<const stage>) {
  return true;
}

bool for_all_failures(const stage&, const stage& inner,
                      std::span<const stage>) {
  return !inner.selective;
}

bool waiting(const stage&, const stage& inner, std::span<const stage>) {
  return inner.waits;
}

bool without_timeout(const stage&, const stage&,
                     std::span<const stage> within) {
  return std::ranges::none_of(
    within, [](const stage& x) { return x.what == kind::timeout; });
}

bool filled_by_hanging_calls(const stage& outer, const stage& inner,
                             std::span<const stage> within) {
  return inner.places > 0 && inner.places < outer.calls_to_trip
         && without_timeout(outer, inner, within);
}

constexpr std::array rules{
  rule{kind::breaker, kind::retry,
       "the breaker sees one failure for all attempts; put the retry around it",
       always},
  rule{kind::breaker, kind::hedge,
       "the breaker sees one result for several calls; put the hedge around it",
       always},
  rule{kind::breaker, kind::fallback,
       "the breaker sees no failures and never trips; put the fallback around "
       "it",
       for_all_failures},
  rule{kind::retry, kind::fallback,
       "there is no failure left to retry; put the fallback around it",
       for_all_failures},
  rule{kind::hedge, kind::fallback,
       "what falls back counts as a success that wins; put the fallback around "
       "it",
       for_all_failures},
  rule{kind::breaker, kind::rate_limit,
       "for the breaker the wait is time that the tool takes; put the breaker "
       "inside",
       waiting},
  rule{kind::breaker, kind::bulkhead,
       "for the breaker the wait is time that the tool takes; put the breaker "
       "inside",
       waiting},
  rule{kind::breaker, kind::bulkhead,
       "calls that hang take all its places before the breaker trips, which "
       "ignores what is refused; put a timeout inside it, or set "
       "max_stuck_calls to its places at the most",
       filled_by_hanging_calls},
  rule{kind::timeout, kind::breaker,
       "the breaker does not learn of timeouts; put a timeout inside it, too",
       without_timeout},
  rule{kind::hedge, kind::retry,
       "attempts multiply, and waits are hedged; put the retry around it",
       always},
  rule{kind::retry, kind::retry, "attempts multiply; one is enough", always},
  rule{kind::chaos, kind::breaker,
       "what is injected does not come by the breaker; put chaos innermost",
       always},
  rule{kind::chaos, kind::retry,
       "what is injected is not retried; put chaos innermost", always},
  rule{kind::chaos, kind::timeout,
       "what hangs is not timed out; put chaos innermost", always},
};

struct hook_place {
  std::mutex mutex;
  std::shared_ptr<const std::function<void(std::string_view)>> hook;
};

// Never destroyed: pipelines may be made by statics.
hook_place& hook_here() {
  static auto& instance = *new hook_place;
  return instance;
}

auto shared(std::function<void(std::string_view)> hook) {
  using function = const std::function<void(std::string_view)>;
  return hook ? std::make_shared<function>(std::move(hook)) : nullptr;
}

} // namespace

std::string_view to_string(kind value) noexcept {
  switch (value) {
    case kind::retry:
      return "retry";
    case kind::rate_limit:
      return "rate_limit";
    case kind::breaker:
      return "breaker";
    case kind::timeout:
      return "timeout";
    case kind::bulkhead:
      return "bulkhead";
    case kind::fallback:
      return "fallback";
    case kind::hedge:
      return "hedge";
    case kind::chaos:
      return "chaos";
    case kind::other:
      return "other";
  }
  return "?";
}

std::vector<std::string> check_order(std::span<const stage> order) {
  std::vector<std::string> result;
  for (const auto& each : rules) {
    const auto applies = [&] {
      for (std::size_t i = 0; i < order.size(); ++i) {
        if (order[i].what != each.outside)
          continue;
        for (auto j = i + 1; j < order.size(); ++j)
          if (order[j].what == each.inside
              && each.applies(order[i], order[j], order.subspan(j + 1)))
            return true;
      }
      return false;
    };
    if (applies())
      result.push_back(std::string{to_string(each.inside)} + " inside "
                       + std::string{to_string(each.outside)} + ": "
                       + std::string{each.why});
  }
  return result;
}

void set_warning_hook(std::function<void(std::string_view)> hook) {
  auto next = shared(std::move(hook));
  auto& here = hook_here();
  std::lock_guard guard{here.mutex};
  here.hook.swap(next);
}

bool set_default_warning_hook(std::function<void(std::string_view)> hook) {
  auto next = shared(std::move(hook));
  auto& here = hook_here();
  std::lock_guard guard{here.mutex};
  if (here.hook)
    return false;
  here.hook.swap(next);
  return true;
}

void tell_warnings(const std::vector<std::string>& texts) {
  if (texts.empty())
    return;
  auto& here = hook_here();
  std::unique_lock guard{here.mutex};
  const auto hook = here.hook;
  guard.unlock();
  if (hook)
    for (const auto& each : texts)
      (*hook)(each);
}

} // namespace switchgear::policy
