#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "switchgear/telemetry/event.hpp"

namespace switchgear::telemetry {

/// How much an event matters to somebody who reads logs.
enum class severity : std::uint8_t {
  debug, ///< Calls that do not count as failures; rejections.
  info,  ///< A breaker's life, what somebody did to it, and that it got better.
  warn,  ///< Failed calls, trips, and that it got worse.
};

std::string_view to_string(severity value) noexcept;

/// `state_transition` is a warning if it opens the breaker, `alert_changed` if
/// the level rises.
severity severity_of(const event& what) noexcept;

/// One of an event's values. Texts are views into the event.
using attribute_value
  = std::variant<std::string_view, std::int64_t, double, bool>;

/// Tells `visit` all that an event says, each by its name, always in the same
/// order. Durations are seconds. What an event of this kind can say and this
/// one does not know is left out.
void for_each_attribute(
  const event& what,
  const std::function<void(std::string_view name, attribute_value value)>&
    visit);

/// The event in words, in one line: `database: closed -> open: 5 failures in a
/// row (threshold 5), last: connection refused`.
std::string describe(const event& what);

/// An attribute that events of a kind have.
struct attribute_description {
  std::string_view name;
  std::string_view meaning;
  bool always = true; ///< Or only where it is known.
};

/// What there is to know about a kind of event, for documentation.
struct event_description {
  event_kind kind;
  std::string_view meaning;
  std::span<const attribute_description> attributes;
};

/// The attributes that all events begin with.
std::span<const attribute_description> common_attributes() noexcept;

/// All kinds of events, each with its own attributes.
std::span<const event_description> event_catalogue() noexcept;

} // namespace switchgear::telemetry
