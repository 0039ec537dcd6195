#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include <opentelemetry/sdk/metrics/export/metric_producer.h>

#include "origin.hpp"
#include "switchgear/breaker/call_durations.hpp"
#include "switchgear/telemetry/snapshot.hpp"

namespace switchgear::telemetry::otel {

/// Some of a snapshot's points, as many as go into one request.
struct metric_part {
  opentelemetry::sdk::metrics::ResourceMetrics data;
  /// Since when each point has been counted, metric by metric in the order of
  /// `data`, which has room for one time a metric only.
  std::vector<std::vector<wall_time>> starts;
};

/// Turns snapshots into metrics of the SDK, as asynchronous instruments would,
/// but exactly: durations in their own buckets, and no limit on the series.
class metric_data {
public:
  metric_data(const origin& from, bool delta) : from_(from), delta_(delta) {
    // nop
  }

  /// @pre the `origin` outlives the result
  std::vector<metric_part> make(const snapshot& all);

  /// What the last `make` gave has been delivered: the next deltas begin here.
  void delivered();

  /// The points of one request. Collectors take 4 MB at once by default.
  static constexpr std::size_t points_at_once = 8192;

private:
  class builder;

  struct total {
    std::variant<std::uint64_t, call_durations> value;
    wall_time since; ///< Tells a breaker from an earlier one of its name.
    wall_time taken;
  };
  using totals = std::map<std::string, total>;

  const origin& from_;
  bool delta_;
  totals told_;    // with the last delivery
  totals current_; // of the last `make`
};

} // namespace switchgear::telemetry::otel
