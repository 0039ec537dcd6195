#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "switchgear/policy/context.hpp"

namespace switchgear::policy {

std::string_view to_string(kind value) noexcept;

/// A policy at its place in a pipeline, as far as the order matters.
struct stage {
  kind what = kind::other;
  /// Of a rate limit or a bulkhead: whether calls may wait there.
  bool waits = false;
  /// Of a fallback: whether there are failures that it is not for.
  bool selective = false;
  /// Of a bulkhead: calls at a time. 0 (the default): not known.
  std::uint32_t places = 0;
  /// Of a breaker: calls that must fail in a row, or be stuck, for it to trip.
  /// 0 (the default): not known.
  std::uint32_t calls_to_trip = 0;
};

/// What is dubious about an order, in words; empty if nothing is.
///
/// The rules, each for two policies of which the first stands outside, directly
/// or not:
///
/// | outside | inside | why it is dubious |
/// |---|---|---|
/// | breaker | retry | The breaker sees one failure for many. |
/// | breaker | hedge | It sees one result for several calls. |
/// | breaker | fallback | It sees no failures and never trips. |
/// | retry, hedge | fallback | There is no failure to act on. |
/// | breaker | rate limit, bulkhead that wait | The tool seems slow. |
/// | breaker | bulkhead with few places | It does not see that calls hang. |
/// | timeout | breaker without a timeout inside | It sees no timeouts. |
/// | hedge | retry | It hedges waits, and attempts multiply. |
/// | retry | retry | Attempts multiply. |
/// | chaos | any | What is injected does not come by them. |
///
/// A fallback that is not for all failures is never dubious. A bulkhead has too
/// few places if they are all taken before so many calls hang that the breaker
/// trips, unless a timeout inside it gives them back. Rate limit and bulkhead
/// on either side of a retry, and a timeout around it, are choices.
/// @param order outermost first
std::vector<std::string> check_order(std::span<const stage> order);

/// Is told, on the thread that makes it, of each warning about a pipeline.
/// While none is set they are not told; a runtime has them logged unless there
/// is one. Must not throw. Thread-safe.
void set_warning_hook(std::function<void(std::string_view)> hook);

/// Sets a hook unless there is one.
/// @returns whether there was none
bool set_default_warning_hook(std::function<void(std::string_view)> hook);

/// Tells the hook.
void tell_warnings(const std::vector<std::string>& texts);

} // namespace switchgear::policy
