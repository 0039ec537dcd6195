#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "condition.hpp"
#include "switchgear/breaker/config.hpp"
#include "switchgear/breaker/statistics.hpp"
#include "switchgear/chaos/injection.hpp"

/// What there is to see at one moment: plain values, filled by the fleet and
/// drawn by the view.
namespace demo {

/// How a call ended, as a symbol in the strip of recent calls.
enum class fate : std::uint8_t { success, failure, rejected };

struct tool_view {
  switchgear::statistics stats;
  switchgear::config settings;
  /// Of the service behind the breaker.
  condition service = condition::healthy;
  int port = 0;
  bool traffic = false;
  /// Faults that are injected.
  std::vector<switchgear::chaos::fault> chaos{};
  /// The oldest first.
  std::vector<fate> recent;
};

/// Whether an event is good news.
enum class news : std::uint8_t { neutral, good, bad, middling };

struct log_entry {
  /// `22:01:15`
  std::string time;
  std::string tool;
  std::string text;
  news kind = news::neutral;
};

struct screen {
  std::vector<tool_view> tools;
  /// The oldest first.
  std::vector<log_entry> log;
  std::size_t selected = 0;
  bool help = false;
  /// The URL of the page, if there is one.
  std::string dashboard;
};

/// What the terminal can show.
struct look {
  std::size_t columns = 80;
  std::size_t rows = 24;
  bool unicode = true;
  bool colour = true;
};

} // namespace demo
