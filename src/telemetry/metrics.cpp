#include "switchgear/telemetry/metrics.hpp"

#include <array>

namespace switchgear::telemetry {

namespace {

/// Shows one point of a breaker for each that `value` tells of.
template <class Value>
void each_breaker(const snapshot& all, metric_visitor& visitor, Value value) {
  for (const auto& each : all.breakers) {
    const std::array<std::string_view, 1> values{each.name};
    visitor.point({values, value(each), each.created});
  }
}

// -- calls --------------------------------------------------------------------

constexpr std::array breaker_only{metric_label{"name", "name"}};

constexpr std::array calls_labels{
  metric_label{"name", "name"},
  metric_label{"outcome", "outcome",
               "success, failure, timeout, ignored, cancelled, rejected, late"},
};

void visit_calls(const snapshot& all, metric_visitor& visitor) {
  for (const auto& each : all.breakers) {
    const auto show = [&](std::string_view outcome, std::uint64_t count) {
      const std::array values{std::string_view{each.name}, outcome};
      visitor.point({values, count, each.created});
    };
    const auto& n = each.outcomes;
    show("success", n.success);
    show("failure", n.failure);
    show("timeout", n.timeout);
    show("ignored", n.ignored);
    show("cancelled", n.cancelled);
    show("rejected", each.total_rejected);
    show("late", n.late);
  }
}

void visit_durations(const snapshot& all, metric_visitor& visitor) {
  each_breaker(all, visitor, [](const statistics& x) { return &x.durations; });
}

void visit_active(const snapshot& all, metric_visitor& visitor) {
  each_breaker(all, visitor,
               [](const statistics& x) { return x.calls_under_way; });
}

void visit_successful(const snapshot& all, metric_visitor& visitor) {
  each_breaker(all, visitor,
               [](const statistics& x) { return x.total_successes; });
}

void visit_failed(const snapshot& all, metric_visitor& visitor) {
  each_breaker(all, visitor,
               [](const statistics& x) { return x.total_failures; });
}

void visit_rejected(const snapshot& all, metric_visitor& visitor) {
  each_breaker(all, visitor,
               [](const statistics& x) { return x.total_rejected; });
}

// -- states -------------------------------------------------------------------

constexpr std::array state_labels{
  metric_label{"name", "name"},
  metric_label{"state", "state", "closed, open, half_open"},
};

void visit_states(const snapshot& all, metric_visitor& visitor) {
  for (const auto& each : all.breakers) {
    for (auto one : {state::closed, state::open, state::half_open}) {
      const std::array values{std::string_view{each.name}, to_string(one)};
      visitor.point(
        {values, std::uint64_t{each.state == one ? 1u : 0u}, each.created});
    }
  }
}

constexpr std::array transition_labels{
  metric_label{"name", "name"},
  metric_label{"from", "from_state", "closed, open, half_open"},
  metric_label{"to", "to_state", "closed, open, half_open"},
  metric_label{"reason", "reason"},
};

void visit_transitions(const snapshot& all, metric_visitor& visitor) {
  for (const auto& each : all.breakers) {
    for (const auto& kind : each.transition_counts) {
      const std::array values{std::string_view{each.name}, to_string(kind.from),
                              to_string(kind.to), to_string(kind.why)};
      visitor.point({values, kind.count, each.created});
    }
  }
}

void visit_ratios(const snapshot& all, metric_visitor& visitor) {
  each_breaker(all, visitor, [](const statistics& x) {
    return x.window_calls == 0 ? 0.0
                               : static_cast<double>(x.window_failures)
                                   / static_cast<double>(x.window_calls);
  });
}

// -- telemetry itself ---------------------------------------------------------

void visit_dropped(const snapshot& all, metric_visitor& visitor) {
  each_breaker(all, visitor,
               [](const statistics& x) { return x.events_dropped; });
}

constexpr std::array sink_only{metric_label{"sink", "sink"}};

constexpr std::array sink_labels{
  metric_label{"sink", "sink"},
  metric_label{"result", "result", "delivered, failed, dropped"},
};

void visit_sinks(const snapshot& all, metric_visitor& visitor) {
  for (const auto& each : all.sinks) {
    const auto show = [&](std::string_view result, std::uint64_t count) {
      const std::array values{std::string_view{each.name}, result};
      visitor.point({values, count});
    };
    show("delivered", each.delivered);
    show("failed", each.failed);
    show("dropped", each.dropped);
  }
}

void visit_queues(const snapshot& all, metric_visitor& visitor) {
  for (const auto& each : all.sinks) {
    const std::array<std::string_view, 1> values{each.name};
    visitor.point({values, each.queued});
  }
}

// -- all of them --------------------------------------------------------------

constexpr auto counter = metric_kind::counter;
constexpr auto gauge = metric_kind::gauge;

constexpr std::array catalogue{
  metric{"circuit_breaker.calls", "{call}", counter,
         "circuit_breaker_calls_total",
         "Calls by how they ended; each is counted once.", calls_labels,
         visit_calls},
  metric{"circuit_breaker.call.duration", "s", metric_kind::histogram,
         "circuit_breaker_call_duration_seconds",
         "How long the calls took that are timed, but for cancelled ones.",
         breaker_only, visit_durations},
  metric{"circuit_breaker.calls.active", "{call}", gauge,
         "circuit_breaker_calls_active", "Calls that have begun and not ended.",
         breaker_only, visit_active},
  metric{"circuit_breaker.state", "1", gauge, "circuit_breaker_state",
         "1 for the state that the breaker is in, 0 for the others.",
         state_labels, visit_states},
  metric{"circuit_breaker.transitions", "{transition}", counter,
         "circuit_breaker_state_transitions_total",
         "Changes of state, those that occurred.", transition_labels,
         visit_transitions},
  metric{"circuit_breaker.failure.ratio", "1", gauge,
         "circuit_breaker_failure_ratio",
         "Share of failures in the window; 0 while it is empty.", breaker_only,
         visit_ratios},
  metric{"circuit_breaker.events.dropped", "{event}", counter,
         "circuit_breaker_events_dropped_total",
         "Events that hooks missed because they were too slow, and successes "
         "that came faster than they could be told.",
         breaker_only, visit_dropped},
  metric{"circuit_breaker.sink.events", "{event}", counter,
         "circuit_breaker_sink_events_total",
         "Events that a sink was to get, by what became of them.", sink_labels,
         visit_sinks},
  metric{"circuit_breaker.sink.queue", "{event}", gauge,
         "circuit_breaker_sink_queue", "Events that wait for a sink.",
         sink_only, visit_queues},
  // What other breakers' dashboards expect.
  metric{"", "{call}", counter, "circuit_breaker_successful_calls_total",
         "Calls that succeeded, late ones too.", breaker_only,
         visit_successful},
  metric{"", "{call}", counter, "circuit_breaker_failed_calls_total",
         "Calls that failed, late ones and timeouts that count as failures "
         "too.",
         breaker_only, visit_failed},
  metric{"", "{call}", counter, "circuit_breaker_rejected_calls_total",
         "Calls that were not made.", breaker_only, visit_rejected},
};

} // namespace

std::span<const metric> metric_catalogue() noexcept {
  return catalogue;
}

void visit_metrics(const snapshot& all, metric_visitor& visitor) {
  for (const auto& each : catalogue) {
    visitor.begin(each);
    each.visit(all, visitor);
  }
}

} // namespace switchgear::telemetry
