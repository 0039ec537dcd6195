#include "switchgear/policy/timing.hpp"

namespace switchgear::policy {

namespace {

class steady final : public timing {
public:
  time_point now() const noexcept override {
    return clock::now();
  }

  bool wait(std::unique_lock<std::mutex>& guard,
            std::condition_variable& changed, time_point until,
            const std::function<bool()>& done) override {
    if (until != time_point::max())
      return changed.wait_until(guard, until, done);
    changed.wait(guard, done);
    return true;
  }
};

} // namespace

const timing_ptr& real_time() {
  // Never destroyed: policies with a longer life than statics use it.
  static const auto* const instance = new timing_ptr{new steady};
  return *instance;
}

bool sleep_until(timing& time, time_point until, const std::stop_token& stop) {
  if (stop.stop_requested())
    return false;
  std::mutex mutex;
  std::condition_variable changed;
  std::stop_callback wake{stop, [&] {
                            { std::lock_guard guard{mutex}; }
                            changed.notify_all();
                          }};
  std::unique_lock guard{mutex};
  return !time.wait(guard, changed, until,
                    [&] { return stop.stop_requested(); });
}

} // namespace switchgear::policy
