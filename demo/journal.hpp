#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model.hpp"

namespace demo {

/// What happened, for people: what the person did, and what the breakers then
/// decided. The newest entries only.
class journal {
public:
  /// Writes an entry at the end.
  void note(switchgear::wall_time at, std::string_view tool,
            std::string_view text, news kind = news::neutral);

  /// Writes down the changes of state and the restarts that the statistics
  /// tell of and that are not in the journal yet.
  void observe(const switchgear::statistics& stats);

  /// The oldest first.
  const std::vector<log_entry>& entries() const {
    return entries_;
  }

private:
  struct seen {
    switchgear::transition_record last;
    std::uint64_t restarts = 0;
  };

  std::vector<log_entry> entries_;
  std::map<std::string, seen, std::less<>> seen_;
};

} // namespace demo
