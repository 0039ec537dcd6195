/// What policies add to a call on its caller's thread.

#include "switchgear/policies.hpp"
#include "callables.hpp"
#include "suite.hpp"

namespace switchgear::bench {

namespace {

template <class Pipeline>
suite::body calls(Pipeline through) {
  return [through](benchmark::State& s) {
    for (auto _ : s)
      benchmark::DoNotOptimize(through.call(fine));
  };
}

} // namespace

void add_policies(suite& all) {
  using policy::pipeline;
  const auto tool
    = [&](const char* name) { return all.rt().breaker(name, timed_one_in(0)); };
  all.add_threaded("pipeline/empty", calls(pipeline<>{}), {1});
  all.add_threaded("pipeline/breaker",
                   calls(pipeline{tool("pipeline_breaker")}));
  all.add_threaded("pipeline/retry", calls(pipeline{policy::retry{}}), {1});
  all.add_threaded("pipeline/bulkhead", calls(pipeline{policy::bulkhead{}}),
                   {1});
  all.add_threaded(
    "pipeline/rate_limit",
    calls(pipeline{policy::rate_limit{
      {.permits = 1'000'000, .period = std::chrono::microseconds{1}}}}),
    {1});
  all.add_threaded(
    "pipeline/fallback,retry,breaker,bulkhead",
    calls(pipeline{policy::fallback{0}, policy::retry{},
                   tool("pipeline_several"), policy::bulkhead{}}));
}

} // namespace switchgear::bench
