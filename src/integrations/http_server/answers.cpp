#include "switchgear/integrations/http_server/answers.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "switchgear/integrations/detail/option_checker.hpp"

using namespace std::chrono_literals;

namespace switchgear::http_server {

std::vector<config_error> check(duration least_retry_after) {
  detail::option_checker c;
  c.time("least_retry_after", least_retry_after, 1s, 24h, "1 s to 24 h");
  return c.errors;
}

void refuse(const std::vector<config_error>& wrong) {
  if (!wrong.empty())
    throw setup_error{errc::invalid_config, "protect: " + explain(wrong)};
}

std::string retry_after(const failure& why, duration least) {
  const auto wait = std::max(why.retry_after(), least);
  return std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count());
}

std::string problem(const failure& why) {
  // The name of a code needs no quoting.
  return R"({"type":"about:blank","title":"Service Unavailable","status":503,)"
         R"("code":")"
         + std::string{to_string(why.code())} + "\"}\n";
}

failure bad_status(int status, const std::string& retry_after) {
  auto text = "status " + std::to_string(status);
  const auto* end = retry_after.data() + retry_after.size();
  int seconds = 0; // as many as fit are enough
  const auto read = std::from_chars(retry_after.data(), end, seconds);
  if (read.ec != std::errc{} || read.ptr != end || seconds <= 0)
    return failure{errc::operation_failed, std::move(text)};
  return failure::retry_later(errc::operation_failed, std::move(text),
                              std::chrono::seconds{seconds});
}

} // namespace switchgear::http_server
