#include "switchgear/integrations/llm_client.hpp"
#include "transfer/checker.hpp"
#include "transfer/text.hpp"

namespace switchgear {

using namespace std::chrono_literals;

std::vector<config_error> validate(const llm_client_options& options) {
  transfer::checker c;
  c.require(transfer::is_url(options.url, "http,https,"), "url",
            transfer::shown(options.url),
            "a URL that begins with http:// or https://");
  // A secret: not shown.
  c.require(!transfer::has_control(options.api_key), "api_key", "...",
            "one line");
  c.headers("headers", options.headers);
  c.time("connect_timeout", options.connect_timeout, 1ms, 10min,
         "1 ms to 10 min");
  c.time("first_token_timeout", options.first_token_timeout, 1ms, 1h,
         "1 ms to 1 h");
  c.time("idle_timeout", options.idle_timeout, 1ms, 1h, "1 ms to 1 h");
  c.time("total_timeout", options.total_timeout, 1ms, 24h, "1 ms to 24 h");
  c.number("max_text", options.max_text, 1, std::size_t{1} << 30);
  c.time("max_retry_after", options.max_retry_after, 0ms, 24h, "0 to 24 h");
  c.number("idle_connections", options.idle_connections, 0, 1024);
  return std::move(c.errors);
}

} // namespace switchgear
