#include "switchgear/integrations/detail/option_checker.hpp"
#include "switchgear/integrations/redis.hpp"

namespace switchgear {

std::vector<config_error> validate(const redis_options& options) {
  using namespace std::chrono_literals;
  detail::option_checker c;
  c.require(!options.host.empty()
              && options.host.find('\0') == std::string::npos,
            "host", '"' + options.host + '"', "an address or a name");
  c.number<std::uint16_t>("port", options.port, 1, 65535);
  c.require(options.user.empty() || !options.password.empty(), "password",
            "(empty)", "set where user is");
  c.number<std::uint32_t>("database", options.database, 0, 1'000'000);
  c.number<std::size_t>("connections", options.connections, 1, 1000);
  c.time("pool_timeout", options.pool_timeout, 0ms, 1h, "0 to 1 h");
  c.time("connect_timeout", options.connect_timeout, 1ms, 1h, "1 ms to 1 h");
  c.time("command_timeout", options.command_timeout, 1ms, 1h, "1 ms to 1 h");
  return std::move(c.errors);
}

} // namespace switchgear
