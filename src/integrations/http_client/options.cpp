#include "switchgear/integrations/http_client.hpp"
#include "transfer/checker.hpp"
#include "transfer/http.hpp"

namespace switchgear {

using namespace std::chrono_literals;

std::vector<config_error> validate(const http_client_options& options) {
  transfer::checker c;
  const auto& base = options.base_url;
  c.require(base.empty()
              || (transfer::is_url(base, "http,https,")
                  && base.find_first_of("?#") == base.npos),
            "base_url", transfer::shown(base),
            "a URL that begins with http:// or https://, without ? and #");
  c.headers("headers", options.headers);
  c.time("connect_timeout", options.connect_timeout, 1ms, 10min,
         "1 ms to 10 min");
  c.time("total_timeout", options.total_timeout, 1ms, 24h, "1 ms to 24 h");
  c.number("max_redirects", options.max_redirects, 0, 20);
  c.number("max_body", options.max_body, 0, std::size_t{1} << 30);
  c.time("max_retry_after", options.max_retry_after, 0ms, 24h, "0 to 24 h");
  c.number("idle_connections", options.idle_connections, 0, 1024);
  return std::move(c.errors);
}

} // namespace switchgear
