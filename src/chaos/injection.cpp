#include "switchgear/chaos/injection.hpp"

#include "breaker/checker.hpp"

namespace switchgear::chaos {

using namespace std::chrono_literals;

std::string_view to_string(fault value) noexcept {
  switch (value) {
    case fault::latency:
      return "latency";
    case fault::error:
      return "error";
    case fault::hang:
      return "hang";
    case fault::crash:
      return "crash";
  }
  return "?";
}

std::vector<config_error> validate(const injection& how) {
  checker c;
  c.require(how.lasts >= 0s && how.lasts <= longest_open, "lasts", how.lasts,
            "0 (until it is ended) to 30 days");
  c.require(how.latency >= 0s && how.latency <= 1h, "latency", how.latency,
            "0 to 1 h");
  c.require(how.hang_limit >= 1ms && how.hang_limit <= 1h, "hang_limit",
            how.hang_limit, "1 ms to 1 h");
  c.require(how.rate > 0.0 && how.rate <= 1.0, "rate", how.rate,
            "above 0, up to and including 1");
  return std::move(c.errors);
}

} // namespace switchgear::chaos
