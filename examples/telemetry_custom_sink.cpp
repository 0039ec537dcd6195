// Sinks of one's own. A class takes all events and is busy at first, so that
// its first batch is given to it again; a mere function hears of changes only.
// In the end each sink's health accounts for every event it was to get.

#include "switchgear/switchgear.hpp"
#include "switchgear/telemetry/attributes.hpp"
#include "switchgear/telemetry/sinks.hpp"

#include <iostream>
#include <sstream>
#include <system_error>

using namespace std::chrono_literals;
namespace telemetry = switchgear::telemetry;

namespace {

// Runs on a thread of its own, one function at a time: it needs no lock, and
// may take its time.
class journal final : public telemetry::sink {
public:
  explicit journal(std::ostream& out) : out_(out) {
    // nop
  }

  telemetry::delivery
  deliver(std::span<const telemetry::event> batch) override {
    if (!connected_) {
      connected_ = true;
      return telemetry::delivery::later("still connecting");
    }
    for (const auto& each : batch)
      out_ << each.sequence << ' ' << telemetry::describe(each) << '\n';
    return telemetry::delivery::done();
  }

private:
  std::ostream& out_;
  bool connected_ = false;
};

} // namespace

int main() {
  std::ostringstream all, changes;
  switchgear::runtime rt;
  telemetry::sink_options options;
  options.wants = telemetry::interests::everything();
  options.shortest_pause = 1ms;
  rt.telemetry().add(
    "journal", [&] { return std::make_unique<journal>(all); }, options);
  options.wants = telemetry::interests::changes_only();
  rt.telemetry().add("pager", telemetry::make_callback_sink([&](auto batch) {
                       for (const auto& each : batch)
                         changes << telemetry::describe(each) << '\n';
                     }),
                     options);

  auto db
    = rt.breaker("database", {.failure_threshold = 2, .latency_sampling = 0});
  const auto refused = std::make_error_code(std::errc::connection_refused);
  for (int i = 0; i < 5; ++i)
    db.call([&] { return i < 2 ? std::error_code{} : refused; });
  rt.telemetry().flush(10s);

  std::cout << "-- journal\n" << all.str() << "-- pager\n" << changes.str();
  for (const auto& each : rt.telemetry().health())
    std::cout << each.name << ": " << each.offered << " offered, "
              << each.delivered << " delivered, " << each.failed << " failed, "
              << each.dropped << " dropped\n";
}
