#include <chrono>

#include "switchgear/supervision/options.hpp"

namespace switchgear::supervision {

namespace {

std::string in_ms(duration x) {
  return std::to_string(
           std::chrono::duration_cast<std::chrono::milliseconds>(x).count())
         + " ms";
}

} // namespace

std::optional<std::string> check_child(const std::string& id, bool has_start,
                                       const shutdown_time& shutdown) {
  if (id.empty())
    return "child id \"\" is empty, but must have at least one character";
  if (!has_start)
    return "child \"" + id + "\": start is empty, but must be a function";
  const auto limit = shutdown.limit(child_type::worker);
  if (limit < duration::zero())
    return "child \"" + id + "\": shutdown is " + in_ms(limit)
           + ", but must be 0 ms or more, infinity, or brutal_kill";
  return std::nullopt;
}

std::optional<std::string> check(const supervisor_options& options) {
  if (options.intensity < 0)
    return "intensity is " + std::to_string(options.intensity)
           + ", but must be 0 or more";
  if (options.period <= duration::zero())
    return "period is " + in_ms(options.period) + ", but must be above 0 ms";
  return std::nullopt;
}

} // namespace switchgear::supervision
