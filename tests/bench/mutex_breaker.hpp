#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <vector>

#include "switchgear/classify.hpp"
#include "switchgear/time.hpp"

namespace switchgear::bench {

/// The circuit breaker that one writes by hand: a state machine, counts and a
/// window of results under a mutex, taken before and after each call. What it
/// is compared with has the same results, and fails by the same rules.
class mutex_breaker {
public:
  struct settings {
    std::uint32_t failure_threshold = 5;
    std::uint32_t window_size = 10;
    double failure_rate_threshold = 0.5;
    std::uint32_t half_open_max_calls = 3;
    std::uint32_t success_threshold = 2;
    duration open_timeout = std::chrono::seconds{60};
  };

  explicit mutex_breaker(const settings& cfg)
    : cfg_(cfg),
      window_(cfg.window_size) {
    // nop
  }

  template <class F>
  auto call(F&& f) -> expected<detail::success_of_t<F&>, failure> {
    auto generation = before();
    if (!generation)
      return make_unexpected(std::move(generation.error()));
    auto result = detail::run(f);
    after(*generation, result.has_value());
    return result;
  }

private:
  enum class state { closed, open, half_open };

  struct counts {
    std::uint64_t requests = 0;
    std::uint64_t successes = 0;
    std::uint64_t failures = 0;
    std::uint64_t successes_in_a_row = 0;
    std::uint64_t failures_in_a_row = 0;
  };

  expected<std::uint64_t, failure> before() {
    std::lock_guard guard{mutex_};
    if (state_ == state::open) {
      const auto now = clock::now();
      if (now < expires_)
        return make_unexpected(
          failure::rejected(errc::circuit_open, expires_ - now));
      enter(state::half_open);
    }
    if (state_ == state::half_open
        && counts_.requests >= cfg_.half_open_max_calls)
      return make_unexpected(
        failure::rejected(errc::too_many_probes, duration::zero()));
    ++counts_.requests;
    return generation_;
  }

  void after(std::uint64_t generation, bool success) {
    std::lock_guard guard{mutex_};
    if (generation != generation_)
      return; // began in another state
    if (success) {
      ++counts_.successes;
      ++counts_.successes_in_a_row;
      counts_.failures_in_a_row = 0;
      remember(false);
      if (state_ == state::half_open
          && counts_.successes_in_a_row >= cfg_.success_threshold)
        enter(state::closed);
    } else {
      ++counts_.failures;
      ++counts_.failures_in_a_row;
      counts_.successes_in_a_row = 0;
      remember(true);
      if (state_ == state::half_open || ready_to_trip())
        enter(state::open);
    }
  }

  void remember(bool failed) {
    if (size_ == window_.size())
      window_failures_ -= window_[next_];
    else
      ++size_;
    window_[next_] = failed;
    window_failures_ += failed;
    if (++next_ == window_.size())
      next_ = 0;
  }

  bool ready_to_trip() const {
    if (counts_.failures_in_a_row >= cfg_.failure_threshold)
      return true;
    return size_ == window_.size()
           && static_cast<double>(window_failures_)
                >= cfg_.failure_rate_threshold * static_cast<double>(size_);
  }

  void enter(state next) {
    state_ = next;
    ++generation_;
    counts_ = {};
    size_ = next_ = window_failures_ = 0;
    if (next == state::open)
      expires_ = clock::now() + cfg_.open_timeout;
  }

  const settings cfg_;
  std::mutex mutex_;
  state state_ = state::closed;
  std::uint64_t generation_ = 0;
  counts counts_;
  time_point expires_{};
  std::vector<std::uint8_t> window_; // 1: failed
  std::size_t size_ = 0;
  std::size_t next_ = 0;
  std::size_t window_failures_ = 0;
};

} // namespace switchgear::bench
