#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "switchgear/chaos/injection.hpp"

namespace demo {

/// What a person can do to a tool.
enum class action : std::uint8_t {
  call,
  traffic,
  errors,
  hang,
  pause,
  kill,
  heal,
  isolate,
  force_open,
  reset,
  automatic,
  crash,
};

/// An action, on one tool or on all.
struct command {
  action what = action::call;
  std::optional<std::size_t> tool;

  friend bool operator==(const command&, const command&) = default;
};

/// An action as the keyboard, the prompt and the help know it.
struct binding {
  action what;
  char key;
  /// Beside the key, at the foot of the screen.
  std::string_view label;
  /// In line mode; of the four ways to break a service it follows `break`.
  std::string_view word;
  std::string_view help;
};

/// All actions, in the order in which they are shown.
std::span<const binding> bindings();

/// Whether it is one of the four ways to break a service.
bool breaks_service(action what);

/// How long faults are injected unless somebody says otherwise.
inline constexpr std::chrono::seconds chaos_time{10};

/// Faults on purpose, in the calls of one tool or of all.
struct chaos_order {
  switchgear::chaos::fault what = switchgear::chaos::fault::error;
  std::optional<std::size_t> tool;
  std::chrono::seconds lasts = chaos_time;

  friend bool operator==(const chaos_order&, const chaos_order&) = default;
};

/// A fault as the prompt, the help and the page know it.
struct chaos_binding {
  switchgear::chaos::fault what;
  std::string_view word;
  std::string_view label;
  std::string_view help;
};

/// All of them, in the order in which they are shown.
std::span<const chaos_binding> chaos_bindings();

const chaos_binding& binding_of(switchgear::chaos::fault what);

/// In line mode: something other than an action.
enum class request : std::uint8_t { none, stats, events, help, quit };

/// A line that makes no sense; the text says what would.
struct misunderstanding {
  std::string text;
};

using parsed_line
  = std::variant<command, chaos_order, request, misunderstanding>;

/// Understands a line of line mode.
parsed_line parse(std::string_view text, const std::vector<std::string>& tools);

/// What line mode understands.
std::string line_mode_help(const std::vector<std::string>& tools);

} // namespace demo
