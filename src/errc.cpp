#include "switchgear/errc.hpp"

#include <string>

namespace switchgear {

namespace {

class category final : public std::error_category {
public:
  const char* name() const noexcept override {
    return "switchgear";
  }

  std::string message(int value) const override {
    switch (static_cast<errc>(value)) {
      case errc::circuit_open:
        return "the circuit breaker is open";
      case errc::too_many_probes:
        return "the circuit breaker is half-open and all probes are out";
      case errc::timeout:
        return "the call took too long";
      case errc::operation_failed:
        return "the call failed";
      case errc::cancelled:
        return "the call was given up";
      case errc::invalid_config:
        return "the configuration is not valid";
      case errc::not_found:
        return "there is no breaker of that name";
      case errc::already_exists:
        return "there is a breaker of that name already";
      case errc::bulkhead_full:
        return "the executor's queue or the bulkhead is full";
      case errc::rate_limited:
        return "the rate limit is exceeded";
      case errc::restarting:
        return "the breaker is being restarted";
      case errc::unavailable:
        return "the breaker is not available any more";
    }
    return "unknown error " + std::to_string(value);
  }
};

} // namespace

std::string_view to_string(errc code) noexcept {
  switch (code) {
    case errc::circuit_open:
      return "circuit_open";
    case errc::too_many_probes:
      return "too_many_probes";
    case errc::timeout:
      return "timeout";
    case errc::operation_failed:
      return "operation_failed";
    case errc::cancelled:
      return "cancelled";
    case errc::invalid_config:
      return "invalid_config";
    case errc::not_found:
      return "not_found";
    case errc::already_exists:
      return "already_exists";
    case errc::bulkhead_full:
      return "bulkhead_full";
    case errc::rate_limited:
      return "rate_limited";
    case errc::restarting:
      return "restarting";
    case errc::unavailable:
      return "unavailable";
  }
  return "?";
}

const std::error_category& error_category() noexcept {
  static const category instance;
  return instance;
}

std::error_code make_error_code(errc code) noexcept {
  return {static_cast<int>(code), error_category()};
}

} // namespace switchgear
