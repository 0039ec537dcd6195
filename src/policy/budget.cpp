#include "switchgear/policy/budget.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "checking.hpp"

namespace switchgear::policy {

namespace {

// Amounts are kept in millionths of an attempt, as integers: sums are exact.
constexpr std::int64_t one = 1'000'000;

} // namespace

std::vector<config_error> validate(const budget_options& how) {
  checker c;
  c.require(how.share >= 0.0 && how.share <= 10.0, "share", how.share,
            "0 to 10");
  c.require(how.per_second <= 1'000'000, "per_second", how.per_second,
            "0 to 1000000");
  c.require(how.burst >= 1 && how.burst <= 1'000'000, "burst", how.burst,
            "1 to 1000000");
  return std::move(c.errors);
}

struct budget::account {
  account(const budget_options& how, const timing_ptr& time)
    // Rounded down: rather a little less than the share.
    : deposit(static_cast<std::int64_t>(
      std::floor(how.share * static_cast<double>(one)))),
      most(std::int64_t{how.burst} * one) {
    if (how.per_second > 0)
      reserve.emplace(rate_limit_options{.permits = how.per_second,
                                         .period = std::chrono::seconds{1}},
                      time);
  }

  const std::int64_t deposit;
  const std::int64_t most;
  std::atomic<std::int64_t> balance{0};
  std::optional<rate_limit> reserve;
  std::atomic<std::uint64_t> refused{0};
};

budget::budget(const budget_options& how, const timing_ptr& time) {
  require_valid("budget", validate(how));
  account_ = std::make_shared<account>(how, time);
}

void budget::pay_in() const noexcept {
  auto& a = *account_;
  auto before = a.balance.load(std::memory_order_relaxed);
  // As a rule it is full: then nothing is written.
  while (before < a.most
         && !a.balance.compare_exchange_weak(
           before, std::min(before + a.deposit, a.most),
           std::memory_order_relaxed)) {
    // nop: another one was faster
  }
}

bool budget::take() const {
  auto& a = *account_;
  auto before = a.balance.load(std::memory_order_relaxed);
  while (before >= one)
    if (a.balance.compare_exchange_weak(before, before - one,
                                        std::memory_order_relaxed))
      return true;
  if (a.reserve && a.reserve->try_take())
    return true;
  a.refused.fetch_add(1, std::memory_order_relaxed);
  return false;
}

std::int64_t budget::saved() const noexcept {
  return account_->balance.load(std::memory_order_relaxed);
}

std::uint64_t budget::refused() const noexcept {
  return account_->refused.load(std::memory_order_relaxed);
}

} // namespace switchgear::policy
