/// What happens rarely: trips, restarts, new breakers.

#include <thread>

#include <caf/actor.hpp>

#include "callables.hpp"
#include "crowd.hpp"
#include "suite.hpp"
#include "support/eventually.hpp"

namespace switchgear::bench {

bool await_actors(const std::vector<breaker>& all) {
  for (auto i = all.rbegin(); i != all.rend(); ++i)
    if (!i->actor())
      return false;
  return true;
}

namespace {

constexpr std::size_t batch = 5000;

double seconds(duration t) {
  return std::chrono::duration<double>(t).count();
}

void trip(breaker db, benchmark::State& s) {
  for (auto _ : s) {
    s.SetIterationTime(seconds(test::time_of([&] {
      benchmark::DoNotOptimize(db.call(refused));
      while (db.state() != state::open)
        std::this_thread::yield();
    })));
    if (!db.reset())
      s.SkipWithError("no reset");
  }
}

void restart(runtime& rt, const breaker& db, benchmark::State& s) {
  for (auto _ : s)
    if (!rt.kill(db.name()) || !db.stats())
      s.SkipWithError("no new owner");
}

void spawn(benchmark::State& s) {
  while (s.KeepRunningBatch(batch)) {
    runtime fresh;
    s.SetIterationTime(seconds(test::time_of([&] {
      if (!await_actors(spawn_many(fresh, batch)))
        s.SkipWithError("an actor did not come up");
    })));
  }
}

} // namespace

void add_lifecycle(suite& all) {
  auto& rt = all.rt();
  config cfg;
  cfg.failure_threshold = 1;
  cfg.open_timeout = longest_open;
  all.add(
    "trip",
    [db = rt.breaker("trips", cfg)](benchmark::State& s) { trip(db, s); },
    suite::timing::by_hand);
  all.add("restart", [&rt, db = rt.breaker("restarts")](benchmark::State& s) {
    restart(rt, db, s);
  });
  all.add("spawn", spawn, suite::timing::by_hand);
}

} // namespace switchgear::bench
