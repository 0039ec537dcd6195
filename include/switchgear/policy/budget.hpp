#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "switchgear/breaker/config.hpp"
#include "switchgear/policy/rate_limit.hpp"
#include "switchgear/policy/timing.hpp"

namespace switchgear::policy {

/// How much extra work retries and hedges may make.
struct budget_options {
  /// Extra attempts for each call, on the average. 0 (none but for
  /// `per_second`) to 10.
  double share = 0.2;

  /// Extra attempts that are always allowed, in a second. 0 to 1,000,000.
  std::uint32_t per_second = 1;

  /// Extra attempts that a time without any can save up. 1 to 1,000,000.
  std::uint32_t burst = 100;

  friend bool operator==(const budget_options&, const budget_options&)
    = default;
};

/// All that is wrong with `how`.
std::vector<config_error> validate(const budget_options& how);

/// Keeps extra attempts to a share of the calls, so that a tool that is down
/// does not get several times the load for it.
///
/// Each call pays in `share`, each extra attempt takes out 1; if there is not
/// so much, one of those is taken that are allowed in each second. At any
/// moment, however many threads: extra attempts <= share * calls + per_second *
/// (seconds since it was made + 1).
///
/// Copies share what is saved. Thread-safe; paying in is lock-free.
class budget {
public:
  /// @throws setup_error if the options are not valid
  explicit budget(const budget_options& how = {},
                  const timing_ptr& time = real_time());

  /// A call is made.
  void pay_in() const noexcept;

  /// @returns whether an extra attempt may be made.
  bool take() const;

  /// Extra attempts that calls have saved up, in millionths.
  std::int64_t saved() const noexcept;

  /// How often `take` has said no.
  std::uint64_t refused() const noexcept;

private:
  struct account;
  std::shared_ptr<account> account_;
};

} // namespace switchgear::policy
