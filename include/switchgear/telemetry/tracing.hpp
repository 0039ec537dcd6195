#pragma once

#include "switchgear/telemetry/otlp.hpp"

namespace switchgear::telemetry {

/// What traces show of calls. See `otlp_available`.
struct tracing_options {
  /// A rejection or a failed call is an event of the span that is active on the
  /// thread that calls, or that reports the failure:
  /// `circuit_breaker.call_rejected` with its reason, or
  /// `circuit_breaker.call_failed` with its error.
  bool span_events = true;

  /// Each call that is made is a span `circuit_breaker.call`, the parent of
  /// spans that begin within the callable. A failed one has status Error. Not
  /// those of `breaker::acquire`, nor of call messages that have a call timeout
  /// or answer later: they may begin and end on different threads.
  bool call_spans = false;

  friend bool operator==(const tracing_options&, const tracing_options&)
    = default;
};

/// Begins, or stops, to trace calls, of all runtimes in this process. Spans are
/// those of the tracer provider that the program has set
/// (`opentelemetry::trace::Provider`).
/// @returns false, with nothing traced, if this library was built without
///          OpenTelemetry
/// @note Thread-safe. Each rejection and each failure then looks for an active
///       span, and with `call_spans` each call makes one.
bool trace_calls(const tracing_options& options);

/// As above, and if the program has set no tracer provider sets one that
/// exports spans as `otlp` says. Once in a process; `flush_spans` flushes it.
bool trace_calls(const tracing_options& options, const otlp_options& otlp);

/// Brings out spans of the provider that `trace_calls` has set, if it has.
/// @returns whether that was done within `limit`
bool flush_spans(duration limit);

} // namespace switchgear::telemetry
