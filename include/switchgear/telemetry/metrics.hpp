#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "switchgear/breaker/call_durations.hpp"
#include "switchgear/telemetry/snapshot.hpp"
#include "switchgear/time.hpp"

namespace switchgear::telemetry {

class metric_visitor;

enum class metric_kind : std::uint8_t {
  counter, ///< Only grows.
  gauge,
  histogram, ///< Of the durations of calls.
};

/// What tells the points of a metric from one another.
struct metric_label {
  std::string_view name; ///< As an OpenTelemetry attribute.
  std::string_view prometheus;
  /// The values that it takes, separated by commas; empty: others.
  std::string_view values{};
};

/// A metric: what it is called, and what it says.
struct metric {
  std::string_view name; ///< In OpenTelemetry; empty: only for Prometheus.
  std::string_view unit; ///< In OpenTelemetry's notation.
  metric_kind kind;
  /// With the suffix `_total` of a counter, without those of a histogram.
  std::string_view prometheus;
  std::string_view help; ///< A sentence.
  std::span<const metric_label> labels;
  /// Shows all its points to a visitor.
  void (*visit)(const snapshot& all, metric_visitor& visitor);
};

/// All metrics there are, each once.
std::span<const metric> metric_catalogue() noexcept;

/// A number, and what it is of. What it refers to lives only during the visit.
struct metric_point {
  /// The labels' values in the order of `metric::labels`. Names of breakers and
  /// sinks can hold any bytes.
  std::span<const std::string_view> labels;
  /// Of a counter the first, of a gauge one of the first two, of a histogram
  /// the last, which is never null.
  std::variant<std::uint64_t, double, const call_durations*> value;
  /// Since when it has been counted; the epoch if that is not known.
  wall_time since{};
};

/// Sees all points of a snapshot, metric by metric.
class metric_visitor {
public:
  virtual ~metric_visitor() = default;

  /// The points that follow are of this metric.
  virtual void begin(const metric& family) = 0;

  virtual void point(const metric_point& x) = 0;
};

/// Shows `all` to `visitor`, in the order of the catalogue. A metric without
/// points begins, too.
void visit_metrics(const snapshot& all, metric_visitor& visitor);

} // namespace switchgear::telemetry
