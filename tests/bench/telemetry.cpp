/// What it costs a caller that somebody hears of its calls.

#include <httplib.h>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "callables.hpp"
#include "suite.hpp"
#include "switchgear/telemetry/sinks.hpp"

namespace switchgear::bench {

namespace {

void call(breaker db, benchmark::State& s) {
  for (auto _ : s)
    benchmark::DoNotOptimize(db.call(fine));
}

/// A runtime whose events all go to a sink that takes them.
std::shared_ptr<runtime> heard() {
  auto result = std::make_shared<runtime>();
  static_cast<void>(result->telemetry().add(
    "all", telemetry::make_callback_sink([](auto) {}),
    {.wants = telemetry::interests::everything()}));
  return result;
}

/// A collector that takes what it gets, or is not there.
class collector {
public:
  explicit collector(bool up) {
    port_ = server_.bind_to_any_port("127.0.0.1");
    server_.Post(".*", [](const auto&, auto& response) {
      response.set_content("", "application/x-protobuf");
    });
    if (up)
      thread_ = std::thread{[this] { server_.listen_after_bind(); }};
    else
      server_.stop(); // the port is closed
  }

  ~collector() {
    server_.stop();
    if (thread_.joinable())
      thread_.join();
  }

  std::string endpoint() const {
    return "http://127.0.0.1:" + std::to_string(port_);
  }

private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

/// A runtime that exports all events, made when it is first needed.
class exporting {
public:
  explicit exporting(bool up) : up_(up) {
    // nop
  }

  breaker db() {
    std::call_once(once_, [this] {
      collector_.emplace(up_);
      telemetry::otlp_options otlp;
      otlp.endpoint = collector_->endpoint();
      otlp.success_events = true;
      otlp.metric_interval = std::chrono::seconds{1};
      otlp.traces_exporter = telemetry::otlp_exporter::none;
      runtime_options options;
      options.telemetry.otlp = otlp;
      options.shutdown_grace = duration::zero();
      rt_.emplace(std::move(options));
    });
    return rt_->breaker("db", timed_one_in(1));
  }

private:
  bool up_;
  std::once_flag once_;
  std::optional<collector> collector_;
  std::optional<runtime> rt_;
};

} // namespace

void add_telemetry(suite& all) {
  auto rt = heard();
  all.add_threaded("call/success/untimed/events:all",
                   [rt, db = rt->breaker("untimed", timed_one_in(0))](
                     benchmark::State& s) { call(db, s); });
  all.add_threaded("call/success/timed/events:all",
                   [rt, db = rt->breaker("timed", timed_one_in(1))](
                     benchmark::State& s) { call(db, s); });
  for (const bool up : {true, false})
    all.add(std::string{"call/success/timed/collector:"} + (up ? "up" : "down"),
            [where = std::make_shared<exporting>(up)](benchmark::State& s) {
              call(where->db(), s);
            });
}

} // namespace switchgear::bench
