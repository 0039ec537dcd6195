#include "transfer/text.hpp"

#include "switchgear/integrations/http.hpp"

namespace switchgear {

std::optional<std::string_view> find_header(const http_headers& in,
                                            std::string_view name) noexcept {
  for (const auto& each : in)
    if (transfer::same_name(each.name, name))
      return each.value;
  return std::nullopt;
}

std::string_view to_string(http_problem value) noexcept {
  switch (value) {
    case http_problem::status:
      return "status";
    case http_problem::resolve:
      return "resolve";
    case http_problem::connect:
      return "connect";
    case http_problem::tls:
      return "tls";
    case http_problem::timeout:
      return "timeout";
    case http_problem::lost:
      return "lost";
    case http_problem::partial_body:
      return "partial_body";
    case http_problem::too_large:
      return "too_large";
    case http_problem::protocol:
      return "protocol";
    case http_problem::local:
      return "local";
  }
  return "?";
}

const http_error* http_error_of(const failure& why) noexcept {
  if (!why.cause())
    return nullptr;
  try {
    std::rethrow_exception(why.cause());
  } catch (const http_error& error) {
    return &error; // lives in the cause
  } catch (...) {
    return nullptr;
  }
}

http_verdict default_http_verdict(int status) noexcept {
  const bool bad
    = status == 408 || status == 429 || (status >= 500 && status < 600);
  return bad ? http_verdict::failure : http_verdict::success;
}

} // namespace switchgear
