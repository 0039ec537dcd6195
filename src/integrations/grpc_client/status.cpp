#include <chrono>

#include "details.hpp"
#include "switchgear/integrations/detail/option_checker.hpp"
#include "switchgear/integrations/grpc_client.hpp"

using namespace std::chrono_literals;

namespace switchgear {

namespace {

constexpr std::string_view domain = "switchgear";

} // namespace

std::vector<config_error> validate(const grpc_client_options& options) {
  detail::option_checker c;
  c.time("max_retry_after", options.max_retry_after, 0ms, 24h, "0 to 24 h");
  return c.errors;
}

outcome default_grpc_outcome(grpc::StatusCode code) noexcept {
  switch (code) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::UNKNOWN:
    case grpc::StatusCode::DATA_LOSS:
      return outcome::failure;
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return outcome::timeout;
    case grpc::StatusCode::CANCELLED:
      return outcome::cancelled;
    default:
      return outcome::success;
  }
}

grpc::Status grpc_rejection(std::string_view name, const failure& why) {
  const auto code = grpc::StatusCode::UNAVAILABLE;
  grpc_client::error_details content{.retry_delay = {},
                                     .reason
                                     = std::string{to_string(why.code())},
                                     .domain = std::string{domain}};
  auto text = "breaker \"" + std::string{name} + "\": " + content.reason;
  if (const auto wait = why.retry_after(); wait > duration::zero()) {
    content.retry_delay = wait;
    text += ", retry in "
            + std::to_string(
              std::chrono::ceil<std::chrono::milliseconds>(wait).count())
            + " ms";
  }
  return {code, text, grpc_client::write_details(code, text, content)};
}

std::optional<failure> rejection_of(const grpc::Status& status) {
  if (status.error_code() != grpc::StatusCode::UNAVAILABLE)
    return std::nullopt;
  const auto found = grpc_client::read_details(status.error_details());
  if (found.domain != domain)
    return std::nullopt;
  for (const auto code :
       {errc::circuit_open, errc::too_many_probes, errc::unavailable})
    if (found.reason == to_string(code))
      return failure::rejected(code,
                               found.retry_delay.value_or(duration::zero()));
  return std::nullopt;
}

} // namespace switchgear
