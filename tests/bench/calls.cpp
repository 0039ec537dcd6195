/// What a call costs on its caller's thread.

#include "callables.hpp"
#include "suite.hpp"
#include "support/allocation_count.hpp"

namespace switchgear::bench {

namespace {

template <class F>
void call(breaker db, F f, benchmark::State& s) {
  for (auto _ : s)
    benchmark::DoNotOptimize(db.call(f));
  if (db.state() != state::closed)
    s.SkipWithError("the breaker has tripped");
}

/// A breaker that turns calls away, and knows for how long.
breaker open(suite& all, std::string_view name) {
  config cfg;
  cfg.open_timeout = longest_open;
  auto result = all.rt().breaker(name, cfg);
  static_cast<void>(result.force_open());
  return result;
}

/// Also says how much is allocated for each.
template <class F>
void reject(F f, benchmark::State& s) {
  const auto before = test::allocations();
  for (auto _ : s)
    benchmark::DoNotOptimize(f());
  s.counters["allocations"]
    = benchmark::Counter{static_cast<double>(test::allocations() - before),
                         benchmark::Counter::kAvgIterations};
}

} // namespace

void add_calls(suite& all) {
  const auto success = [&all](const std::string& name, std::uint32_t sampling) {
    all.add_threaded("call/success/" + name,
                     [db = all.rt().breaker(name, timed_one_in(sampling))](
                       benchmark::State& s) { call(db, fine, s); });
  };
  success("untimed", 0);
  success("timed", 1);
  success("sampled", 64);
  all.add_threaded("call/failure/cannot_trip",
                   [db = all.rt().breaker("cannot_trip", cannot_trip())](
                     benchmark::State& s) { call(db, mostly_refused{}, s); });
  all.add_threaded(
    "call/rejected", [db = open(all, "rejects_calls")](benchmark::State& s) {
      reject([mine = db]() mutable { return mine.call(fine); }, s);
    });
  all.add_threaded("acquire/rejected", [db = open(all, "rejects_permits")](
                                         benchmark::State& s) {
    reject([mine = db]() mutable { return mine.acquire(); }, s);
  });
}

} // namespace switchgear::bench
