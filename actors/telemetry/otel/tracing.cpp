#include "switchgear/telemetry/tracing.hpp"

#include <memory>
#include <mutex>
#include <utility>

#include <opentelemetry/trace/provider.h>
#include <opentelemetry/trace/scope.h>
#include <opentelemetry/trace/tracer.h>

#include "origin.hpp"
#include "span_provider.hpp"
#include "switchgear/breaker/call_tracer.hpp"

namespace switchgear::telemetry {

namespace {

namespace trace = opentelemetry::trace;
using otel::view;
using span_ptr = opentelemetry::nostd::shared_ptr<trace::Span>;

/// Its settings change, but it is there to the end of the program: calls may be
/// under way.
class otel_tracer final : public call_tracer {
public:
  void use(const tracing_options& options) noexcept {
    span_events_.store(options.span_events, std::memory_order_relaxed);
    call_spans_.store(options.call_spans, std::memory_order_relaxed);
  }

  void rejected(const std::string& breaker, errc with) noexcept override {
    guarded([&] {
      if (auto span = active())
        span->AddEvent("circuit_breaker.call_rejected",
                       {{"circuit_breaker.name", view(breaker)},
                        {"circuit_breaker.rejection.reason",
                         view(to_string(with))}});
    });
  }

  void failed(const std::string& breaker,
              const failure& why) noexcept override {
    guarded([&] {
      if (auto span = active())
        span->AddEvent("circuit_breaker.call_failed",
                       {{"circuit_breaker.name", view(breaker)},
                        {"error.type", view(why.type())},
                        {"error.message", view(why.message())}});
    });
  }

  void* begin(const std::string& breaker) noexcept override {
    if (!call_spans_.load(std::memory_order_relaxed))
      return nullptr;
    call* result = nullptr;
    guarded([&] {
      auto tracer = trace::Provider::GetTracerProvider()->GetTracer(
        "switchgear", SWITCHGEAR_VERSION);
      auto span = tracer->StartSpan("circuit_breaker.call",
                                    {{"circuit_breaker.name", view(breaker)}});
      result = new call{span, trace::Scope{span}};
    });
    return result;
  }

  void end(void* begun, const failure* why) noexcept override {
    guarded([&] {
      const std::unique_ptr<call> done{static_cast<call*>(begun)};
      auto& span = *done->span;
      if (why) {
        span.SetAttribute("error.type", view(why->type()));
        span.SetStatus(trace::StatusCode::kError, view(why->message()));
      }
      span.End();
    });
  }

private:
  struct call {
    span_ptr span;
    trace::Scope scope;
  };

  span_ptr active() const {
    if (!span_events_.load(std::memory_order_relaxed))
      return span_ptr{};
    auto span = trace::Tracer::GetCurrentSpan();
    return span->IsRecording() ? span : span_ptr{};
  }

  // Whatever happens to a trace, the call goes on.
  template <class F>
  static void guarded(F f) noexcept {
    try {
      f();
    } catch (...) {
      // nop: this one is not traced
    }
  }

  std::atomic<bool> span_events_{false};
  std::atomic<bool> call_spans_{false};
};

} // namespace

bool trace_calls(const tracing_options& options) {
  static auto& tracer = *new otel_tracer; // never destroyed
  tracer.use(options);
  const bool any = options.span_events || options.call_spans;
  call_tracer::install(any ? &tracer : nullptr);
  return true;
}

bool trace_calls(const tracing_options& options, const otlp_options& otlp) {
  otel::provide_spans(otlp);
  return trace_calls(options);
}

bool flush_spans(duration limit) {
  return otel::flush_provided_spans(limit);
}

} // namespace switchgear::telemetry
