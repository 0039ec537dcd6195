/// What there is without breakers, to compare with.

#include <atomic>
#include <latch>
#include <memory>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include "callables.hpp"
#include "client.hpp"
#include "mutex_breaker.hpp"
#include "suite.hpp"
#include "support/eventually.hpp"

namespace switchgear::bench {

namespace {

constexpr std::size_t batch = 5000; // as for breakers

void bare_call(benchmark::State& s) {
  for (auto _ : s)
    benchmark::DoNotOptimize(fine());
}

void load_and_add(benchmark::State& s) {
  static std::atomic<std::uint64_t> word;
  static std::atomic<std::uint64_t> count;
  for (auto _ : s) {
    benchmark::DoNotOptimize(word.load(std::memory_order_acquire));
    count.fetch_add(1, std::memory_order_relaxed);
  }
}

void clock_pair(benchmark::State& s) {
  for (auto _ : s) {
    const auto begin = clock::now();
    benchmark::DoNotOptimize(clock::now() - begin);
  }
}

template <class F>
suite::body by_hand(const mutex_breaker::settings& cfg, F f) {
  return [what = std::make_shared<mutex_breaker>(cfg), f](benchmark::State& s) {
    auto mine = f;
    for (auto _ : s)
      benchmark::DoNotOptimize(what->call(mine));
  };
}

caf::behavior echo(caf::event_based_actor*) {
  return {[](int x) { return x; }};
}

void request(caf::actor_system& sys, const caf::actor& to,
             benchmark::State& s) {
  caf::scoped_actor self{sys};
  for (auto _ : s)
    actor::ask(self, to, caf::infinite, 7)
      .receive([](int x) { benchmark::DoNotOptimize(x); },
               [&](const caf::error&) { s.SkipWithError("no answer"); });
}

/// The least there is.
class nobody final : public caf::event_based_actor {
public:
  nobody(caf::actor_config& cfg, std::latch& up)
    : caf::event_based_actor(cfg),
      up_(up) {
    // nop
  }

  caf::behavior make_behavior() override {
    up_.count_down();
    return {[](int) {}};
  }

private:
  std::latch& up_;
};

void spawn(benchmark::State& s) {
  while (s.KeepRunningBatch(batch)) {
    caf::actor_system_config cfg;
    caf::actor_system sys{cfg};
    std::vector<caf::actor> all;
    std::latch up{batch};
    const auto took = test::time_of([&] {
      all.reserve(batch);
      for (std::size_t i = 0; i < batch; ++i)
        all.push_back(sys.spawn<nobody>(std::ref(up)));
      up.wait();
    });
    s.SetIterationTime(std::chrono::duration<double>(took).count());
  }
}

} // namespace

void add_baselines(suite& all) {
  all.add("baseline/bare_call", bare_call);
  all.add("baseline/load_and_add", load_and_add);
  all.add("baseline/clock_pair", clock_pair);
  all.add_threaded("baseline/mutex_breaker", by_hand({}, fine));
  mutex_breaker::settings cfg;
  cfg.failure_threshold = 1'000'000;
  cfg.window_size = long_window;
  cfg.failure_rate_threshold = 1.0;
  all.add_threaded("baseline/mutex_breaker_failure",
                   by_hand(cfg, mostly_refused{}));
  auto& sys = all.rt().system();
  const auto to = sys.spawn(echo);
  all.add("baseline/caf_request",
          [&sys, to](benchmark::State& s) { request(sys, to, s); });
  all.add_threaded(
    "baseline/caf_request_in_scheduler", [&sys, to](benchmark::State& s) {
      run_requests<int>(
        sys,
        [to](auto* self) { return actor::ask(self, to, caf::infinite, 7); }, s);
    });
  all.add("baseline/caf_spawn", spawn, suite::timing::by_hand);
}

} // namespace switchgear::bench
