#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "history.hpp"
#include "switchgear/breaker/config.hpp"
#include "switchgear/breaker/statistics.hpp"
#include "switchgear/expected.hpp"
#include "switchgear/runtime.hpp"
#include "switchgear/telemetry/event.hpp"

/// How the API writes what there is to know. The shapes are described in
/// `openapi.json`.
namespace switchgear::admin {

using json = nlohmann::ordered_json;

/// In one line. What is no UTF-8 is replaced.
std::string dump(const json& what);

/// One word for how a breaker does: `excellent`, `good`, `degraded`,
/// `critical`.
std::string_view health_of(const statistics& of) noexcept;

/// A breaker in brief.
json summary(const statistics& of, const std::optional<sample>& last);

/// All about a breaker, but for its settings.
json details(const statistics& of, const std::optional<sample>& last,
             const history::past& past);

json to_json(const health& all);

/// All settings, by name.
json to_json(const config& settings);

/// What a form needs to change settings.
json form_of(const config& settings);

/// An event, without its kind's prefix.
json to_json(const telemetry::event& what);

/// Settings out of a body: what it names is changed in `settings`.
/// @returns all that is wrong with it
std::vector<config_error> read_settings(const std::string& body,
                                        config& settings);

/// The reason that a body gives for a change; may be empty.
/// @returns it, or what is wrong with the body
expected<std::string, config_error> read_reason(const std::string& body);

} // namespace switchgear::admin
