#include "switchgear/chaos/monkey.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "policy/checking.hpp"
#include "switchgear/detail/random.hpp"

namespace switchgear::chaos {

namespace {

// FNV-1a: the same on every machine, which std::hash need not be.
std::uint64_t hash(std::string_view text) noexcept {
  std::uint64_t result = 0xcbf29ce484222325u;
  for (const char each : text) {
    result ^= static_cast<unsigned char>(each);
    result *= 0x100000001b3u;
  }
  return result;
}

/// In [0, 1), the same for the same arguments.
double chance(std::uint64_t seed, std::string_view tool, std::uint64_t call,
              std::uint64_t injection) noexcept {
  using switchgear::detail::scramble;
  const auto z = scramble(seed + 0x9e3779b97f4a7c15u) ^ hash(tool);
  const auto mixed = scramble(scramble(z + call) + injection);
  return static_cast<double>(mixed >> 11) * 0x1.0p-53;
}

} // namespace

struct monkey::shared {
  struct entry {
    std::uint64_t number;
    fault what;
    injection how;
    time_point until;
    bool over = false;
  };

  using entry_ptr = std::shared_ptr<entry>;

  shared(std::uint64_t s, policy::timing_ptr clock)
    : seed(s),
      time(std::move(clock)) {
    // nop
  }

  /// With the lock held: ends those whose time is over.
  void expire() {
    const auto now = time->now();
    std::erase_if(all, [&](const entry_ptr& each) {
      each->over = each->over || now >= each->until;
      return each->over;
    });
  }

  /// With the lock held: waits, at most for `limit`, or until it is over.
  /// @returns whether it was not told to stop
  bool hold(std::unique_lock<std::mutex>& guard, const entry_ptr& in,
            duration limit, const std::stop_token& stop);

  const std::uint64_t seed;
  const policy::timing_ptr time;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<entry_ptr> all;
  std::uint64_t last_number = 0;
  std::map<std::string, tool_counts> counts;
};

bool monkey::shared::hold(std::unique_lock<std::mutex>& guard,
                          const entry_ptr& in, duration limit,
                          const std::stop_token& stop) {
  const auto until = std::min(policy::after(time->now(), limit), in->until);
  guard.unlock();
  {
    const std::stop_callback wake{stop, [this] {
                                    { std::lock_guard taken{mutex}; }
                                    changed.notify_all();
                                  }};
    guard.lock();
    time->wait(guard, changed, until,
               [&] { return in->over || stop.stop_requested(); });
    guard.unlock(); // which the callback may be waiting for
  }
  guard.lock();
  return !stop.stop_requested();
}

monkey::monkey(std::uint64_t seed, policy::timing_ptr time)
  : state_(std::make_shared<shared>(seed, std::move(time))) {
  // nop
}

std::uint64_t monkey::inject(fault what, injection how) const {
  policy::require_valid("chaos", validate(how));
  auto& s = *state_;
  std::lock_guard guard{s.mutex};
  s.expire();
  const auto until = how.lasts > duration::zero()
                       ? policy::after(s.time->now(), how.lasts)
                       : time_point::max();
  s.all.push_back(std::make_shared<shared::entry>(
    shared::entry{++s.last_number, what, std::move(how), until}));
  return s.last_number;
}

void monkey::end(std::uint64_t number) const {
  auto& s = *state_;
  {
    std::lock_guard guard{s.mutex};
    for (const auto& each : s.all)
      if (each->number == number)
        each->over = true;
    s.expire();
  }
  s.changed.notify_all();
}

void monkey::calm() const {
  auto& s = *state_;
  {
    std::lock_guard guard{s.mutex};
    for (const auto& each : s.all)
      each->over = true;
    s.all.clear();
  }
  s.changed.notify_all();
}

std::size_t monkey::active() const {
  std::lock_guard guard{state_->mutex};
  state_->expire();
  return state_->all.size();
}

std::map<std::string, tool_counts> monkey::stats() const {
  std::lock_guard guard{state_->mutex};
  return state_->counts;
}

std::optional<failure> monkey::before(const std::string& tool,
                                      const policy::context& ctx) const {
  auto& s = *state_;
  std::unique_lock guard{s.mutex};
  s.expire();
  auto& counts = s.counts[tool]; // stays where it is
  const auto call = ++counts.calls;
  const auto now_active = s.all; // they change while one waits
  const auto stopped = [] {
    return failure{errc::cancelled, "told to stop, in chaos"};
  };
  for (const auto& each : now_active) {
    const auto& how = each->how;
    const auto& tools = how.tools;
    if (each->over
        || (!tools.empty()
            && std::find(tools.begin(), tools.end(), tool) == tools.end())
        || chance(s.seed, tool, call, each->number) >= how.rate)
      continue;
    switch (each->what) {
      case fault::latency:
        ++counts.delayed;
        if (!s.hold(guard, each, how.latency, ctx.stop))
          return stopped();
        break;
      case fault::error:
        ++counts.failed;
        return failure{errc::operation_failed, "chaos: " + tool + " fails"};
      case fault::hang:
        ++counts.hung;
        if (!s.hold(guard, each, how.hang_limit, ctx.stop))
          return stopped();
        return failure{errc::operation_failed, "chaos: " + tool + " hung"};
      case fault::crash:
        ++counts.crashed;
        guard.unlock();
        if (how.kill) {
          try {
            how.kill(tool);
          } catch (...) {
            // nop: it was to do harm
          }
        }
        throw crashed{"chaos: " + tool + " crashed"};
    }
  }
  return std::nullopt;
}

std::optional<failure> monkey::site::happens(const policy::context& ctx) const {
  try {
    return by_.before(tool_, ctx);
  } catch (const crashed&) {
    return failure::from_exception(std::current_exception());
  }
}

monkey::site monkey::at(std::string tool) const {
  return {*this, std::move(tool)};
}

const monkey& default_monkey() {
  static const auto& instance = *new monkey;
  return instance;
}

} // namespace switchgear::chaos
