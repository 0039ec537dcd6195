#pragma once

#include <cstdint>
#include <string_view>
#include <system_error>

namespace switchgear {

/// What can go wrong. Also a `std::error_code` of the category `switchgear`.
enum class errc : std::uint8_t {
  /// The breaker is open: the call was not made. Carries retry-after.
  circuit_open = 1,
  /// The breaker is half-open and all its probes are out.
  too_many_probes,
  /// The call took longer than its call timeout.
  timeout,
  /// The call was made and failed; the failure tells how.
  operation_failed,
  /// The call was given up before it had a result.
  cancelled,
  /// A configuration that is not allowed; the text names the field.
  invalid_config,
  /// No breaker of that name.
  not_found,
  /// There is a breaker of that name already.
  already_exists,
  /// An executor's queue or a bulkhead is full: the call was not made.
  bulkhead_full,
  /// A rate limit let the call not be made. Carries retry-after.
  rate_limited,
  /// The breaker's actor is being restarted and could not answer in time.
  restarting,
  /// The runtime is shutting down, or the breaker was unregistered.
  unavailable,
};

/// The value's own name, e.g. `circuit_open`.
std::string_view to_string(errc code) noexcept;

const std::error_category& error_category() noexcept;

std::error_code make_error_code(errc code) noexcept;

} // namespace switchgear

template <>
struct std::is_error_code_enum<switchgear::errc> : std::true_type {};
