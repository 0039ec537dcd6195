// How serious is it? A breaker is critical while it is open and a warning while
// it is half-open. Closed it is healthy, unless too many of its calls fail or
// it trips too often; that warning goes only when both are well below the
// limit. `is_degraded`, `is_critical` and the reason are asked for, the hook is
// told.

#include "switchgear/switchgear.hpp"

#include <iostream>
#include <mutex>
#include <string>
#include <system_error>

namespace {

// `SSF`: two calls that succeed, one that fails.
void make_calls(switchgear::breaker& what, const std::string& results) {
  const auto failed = std::make_error_code(std::errc::connection_refused);
  for (char each : results)
    what.call([=] { return each == 'F' ? failed : std::error_code{}; });
}

void show(const switchgear::breaker& what, const char* title) {
  const auto stats = what.stats().value();
  std::cout << title << ": "
            << (stats.is_critical()   ? "critical"
                : stats.is_degraded() ? "degraded"
                                      : "healthy")
            << (stats.alert_reason.empty() ? "" : ", ") << stats.alert_reason
            << '\n';
}

} // namespace

int main() {
  std::mutex mutex; // hooks run on a thread of the runtime's
  std::string pages;
  switchgear::hooks user;
  user.on_alert = [&](std::string_view, switchgear::alert_level level,
                      const std::string& text) {
    std::lock_guard guard{mutex};
    pages.append(to_string(level)).append(": ").append(text) += '\n';
  };
  {
    switchgear::runtime rt;
    switchgear::config cfg{.failure_threshold = 2};
    cfg.alert_failure_rate = 0.2; // of the last ten calls
    cfg.alert_trips = 1;          // within an hour
    auto api = rt.breaker("api", cfg, user);
    make_calls(api, "SSFSFSSSSS");
    show(api, "2 of 10 failed");
    make_calls(api, "F");
    show(api, "3 of 10 failed");
    make_calls(api, "SSS"); // not above the limit any more, nor well below
    show(api, "2 of 10 failed");
    make_calls(api, "SSSSSSSSSS");
    show(api, "none failed");
    for (const auto* title : {"tripped", "tripped again"}) {
      make_calls(api, "FF");
      show(api, title);
      api.reset();
      show(api, "closed by hand");
    }
  } // what the hook is still to be told it is told before the runtime ends
  std::cout << "-- the hook was told\n" << pages;
}
