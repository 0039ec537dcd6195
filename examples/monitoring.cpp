// What an operator looks at: an alert when a breaker opens or recovers, health
// at a glance, why a breaker opened, and rules over the statistics of all.

#include "switchgear/switchgear.hpp"

#include <condition_variable>
#include <iostream>
#include <mutex>

namespace {

// Where alerts go. The hook runs on a thread of the runtime's, so that a slow
// pager holds up nobody.
class pager {
public:
  void send(switchgear::alert_level level, const std::string& text) {
    std::lock_guard guard{mutex_};
    std::cout << to_string(level) << ": " << text << '\n';
    ++sent_;
    changed_.notify_all();
  }

  void wait_for(int count) {
    std::unique_lock guard{mutex_};
    changed_.wait(guard, [&] { return sent_ >= count; });
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int sent_ = 0;
};

std::error_code refused() {
  return std::make_error_code(std::errc::connection_refused);
}

std::error_code fine() {
  return {};
}

void check(const switchgear::statistics& s) {
  if (s.trip_count > 10)
    std::cout << s.name << ": " << s.trip_count << " trips\n";
  if (s.failure_rate > 0.1)
    std::cout << s.name << ": " << 100 * s.failure_rate << " % failed\n";
}

} // namespace

int main() {
  pager operators;
  switchgear::hooks user;
  user.on_alert = [&](std::string_view, switchgear::alert_level level,
                      const std::string& text) { operators.send(level, text); };
  switchgear::runtime rt;
  rt.breaker("cache").call(fine);

  std::cout << "-- alerts\n";
  auto db = rt.breaker("database", {.failure_threshold = 3}, user);
  for (int i = 0; i < 3; ++i)
    db.call(refused);
  db.reset();
  operators.wait_for(2);

  // A window of its own: one failure in five is normal here, two are not.
  auto api
    = rt.breaker("api", {.window_size = 5, .failure_rate_threshold = 0.4});
  for (int trip = 0; trip < 11; ++trip) {
    api.reset();
    for (auto* call : {fine, fine, fine, refused, refused})
      api.call(call);
  }

  const auto all = rt.health();
  std::cout << "-- health\n"
            << all.status() << ": " << all.closed << " closed, " << all.open
            << " open, " << all.half_open << " half-open\n";
  std::cout << "-- why\n" << api.stats()->why << '\n';
  std::cout << "-- rules\n";
  for (const auto& each : rt.all_stats())
    check(each);
}
