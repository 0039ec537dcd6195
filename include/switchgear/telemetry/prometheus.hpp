#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "switchgear/telemetry/snapshot.hpp"

namespace switchgear::telemetry {

/// The texts that Prometheus reads.
enum class text_format : std::uint8_t {
  plain,       ///< Version 0.0.4, which everything reads.
  openmetrics, ///< OpenMetrics 1.0.0.
};

/// What stands in `Content-Type`.
std::string_view content_type(text_format format) noexcept;

/// Which format a client wants most that sends this `Accept` header. Plain, if
/// it has no preference, or wants neither.
text_format negotiate(std::string_view accept) noexcept;

/// All metrics of the catalogue. Both formats have the same series, so that a
/// change from one to the other goes unnoticed. Bytes in names that are no
/// UTF-8 are written out as `\xHH`.
std::string to_prometheus(const snapshot& all,
                          text_format format = text_format::plain);

} // namespace switchgear::telemetry
