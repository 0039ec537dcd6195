/// How costs grow: with the number of breakers, with threads, with windows.

#include <memory>

#include "callables.hpp"
#include "crowd.hpp"
#include "suite.hpp"

namespace switchgear::bench {

namespace {

/// A fast sequence of numbers without a pattern.
class random_numbers {
public:
  std::size_t below(std::size_t limit) noexcept {
    x_ ^= x_ << 13;
    x_ ^= x_ >> 7;
    x_ ^= x_ << 17;
    return static_cast<std::size_t>((x_ >> 32) * limit >> 32);
  }

private:
  std::uint64_t x_ = 88172645463325252;
};

/// Breakers that are made when they are first called, shared by all sizes.
class crowd {
public:
  std::vector<breaker>& at_least(std::size_t count) {
    if (all_.size() < count) {
      all_.clear();
      rt_ = std::make_unique<runtime>();
      all_ = spawn_many(*rt_, count, timed_one_in(0));
      await_actors(all_);
    }
    return all_;
  }

private:
  std::unique_ptr<runtime> rt_;
  std::vector<breaker> all_;
};

void call_any(crowd& who, std::size_t count, benchmark::State& s) {
  auto& all = who.at_least(count);
  random_numbers which;
  for (auto _ : s)
    benchmark::DoNotOptimize(all[which.below(count)].call(fine));
}

} // namespace

void add_growth(suite& all) {
  auto who = std::make_shared<crowd>();
  for (std::size_t count : {1, 10, 100, 1000, 10'000, 100'000})
    all.add("growth/breakers:" + std::to_string(count),
            [who, count](benchmark::State& s) { call_any(*who, count, s); });
  all.add_threaded(
    "growth/one_breaker",
    [db = all.rt().breaker("growth", timed_one_in(0))](benchmark::State& s) {
      auto mine = db;
      for (auto _ : s)
        benchmark::DoNotOptimize(mine.call(fine));
    },
    {1, 2, 3, 4, 5, 6, 7, 8});
  for (std::uint32_t size : {10, 100, 1000, 10'000}) {
    const auto suffix = "/window:" + std::to_string(size);
    auto cfg = timed_one_in(0);
    cfg.window_size = size;
    auto db = all.rt().breaker("growth" + suffix, cfg);
    all.add("growth/success" + suffix, [db](benchmark::State& s) {
      auto mine = db;
      for (auto _ : s)
        benchmark::DoNotOptimize(mine.call(fine));
    });
    cfg.failure_threshold = 1'000'000;
    cfg.failure_rate_threshold = 1.0;
    auto failing = all.rt().breaker("growth/one_in_ten_fails" + suffix, cfg);
    all.add("growth/one_in_ten_fails" + suffix, [failing](benchmark::State& s) {
      auto mine = failing;
      std::uint32_t calls = 0;
      const auto tool = [&]() -> answer {
        if (calls++ % 10 == 0)
          return refused();
        return fine();
      };
      for (auto _ : s)
        benchmark::DoNotOptimize(mine.call(tool));
      if (mine.state() != state::closed)
        s.SkipWithError("the breaker has tripped");
    });
  }
}

} // namespace switchgear::bench
