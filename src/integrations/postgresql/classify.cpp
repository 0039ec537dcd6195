#include "classify.hpp"

namespace switchgear::pg {

std::optional<errc> failure_of(std::string_view sqlstate,
                               bool read_only) noexcept {
  if (sqlstate == "57014") // gave up: it took too long, or somebody said so
    return errc::timeout;
  // Nobody knows whether the statement had an effect.
  if (sqlstate == "40003")
    return errc::operation_failed;
  // Who asks for a read-only transaction gets this, too, and asked for it. But
  // of a server that was a primary before it says: not me, not any more.
  if (sqlstate == "25006" && read_only)
    return errc::operation_failed;
  const auto category = sqlstate.substr(0, 2);
  // Connection, resources, operator, system, configuration file, internal. Of
  // no code at all it is the client library that speaks.
  for (auto bad : {"08", "53", "57", "58", "F0", "XX", ""})
    if (category == bad)
      return errc::operation_failed;
  return std::nullopt;
}

} // namespace switchgear::pg
