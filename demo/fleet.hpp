#pragma once

#include <memory>
#include <string>
#include <vector>

#include "command.hpp"
#include "journal.hpp"
#include "model.hpp"
#include "tool.hpp"

namespace demo {

/// The demo's tools, and what has happened to them.
/// @note For one thread at a time.
class fleet {
public:
  explicit fleet(switchgear::runtime& system);

  fleet(const fleet&) = delete;
  fleet& operator=(const fleet&) = delete;

  std::vector<std::string> names() const;

  tool& at(std::size_t index) {
    return *tools_[index];
  }

  /// Does as told, notes it, and says what was done, a line for each tool.
  std::string execute(const command& what);

  /// The same with faults on purpose.
  std::string execute(const chaos_order& what);

  /// Does what somebody asks for on the page. What breaks a service has steady
  /// traffic come, too, so that there is something to see.
  /// @returns what was done; throws what went wrong
  std::string execute_for_page(action what, std::size_t tool);

  /// The same with faults on purpose, or without them if there are such
  /// already.
  std::string execute_for_page(switchgear::chaos::fault what, std::size_t tool);

  /// Steady traffic on all tools, or if all have it on none.
  void toggle_all_traffic();

  /// Looks at all tools.
  std::vector<tool_view> look();

  const journal& events() const {
    return journal_;
  }

private:
  std::string execute(action what, tool& on);
  std::string carry_out(action what, tool& on, const std::string& who);
  std::string inject(switchgear::chaos::fault what, std::chrono::seconds lasts,
                     tool& on, const std::string& who);

  std::vector<std::unique_ptr<tool>> tools_;
  journal journal_;
};

} // namespace demo
