#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>

#include "../http/listening_socket.hpp"
#include "switchgear/admin.hpp"
#include "switchgear/detail/duration_text.hpp"
#include "switchgear/runtime.hpp"

namespace switchgear {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view allowed_place
  = "PORT or ADDRESS:PORT, an IPv6 address in brackets, the port 0 to 65535";

// Room that streams leave to those who only want to ask something.
constexpr std::size_t room = 8;

} // namespace

std::vector<config_error> validate(const admin_options& options) {
  std::vector<config_error> errors;
  const auto require = [&](bool fine, const char* field, std::string value,
                           std::string allowed) {
    if (!fine)
      errors.push_back({field, std::move(value), std::move(allowed)});
  };
  const auto within = [&](const char* field, std::size_t value,
                          std::size_t least, std::size_t most) {
    require(value >= least && value <= most, field, std::to_string(value),
            std::to_string(least) + " to " + std::to_string(most));
  };
  require(http::is_address(options.address), "address",
          '"' + options.address + '"', http::allowed_address);
  for (const auto& each : options.hosts)
    require(!each.empty() && each.find_first_of(" /:") == each.npos, "hosts",
            '"' + each + '"', "host names, without a port");
  require(options.title.size() <= 100, "title",
          '"' + options.title.substr(0, 20) + "...\"",
          "a text of 100 bytes at the most");
  require(options.history >= 0s && options.history <= 1h, "history",
          std::to_string(options.history / 1s) + " s", "0 to 1 h");
  require(options.control_patience >= 1ms && options.control_patience <= 30s,
          "control_patience", detail::duration_text(options.control_patience),
          "1 ms to 30 s");
  within("events", options.events, 100, 1'000'000);
  within("threads", options.threads, 1, 64);
  within("connections", options.connections, 16, 10'000);
  within("streams", options.streams, 1,
         std::max(options.connections, room + 1) - room);
  return errors;
}

void set_listen_address(admin_options& options, const std::string& text) {
  const auto refuse = [&] {
    throw setup_error{
      errc::invalid_config,
      config_error{"admin", text, std::string{allowed_place}}.to_string()};
  };
  auto address = std::string{"127.0.0.1"};
  auto port = std::string_view{text};
  if (const auto colon = port.rfind(':'); colon != port.npos) {
    address = port.substr(0, colon);
    port.remove_prefix(colon + 1);
    if (address.starts_with('[') && address.ends_with(']'))
      address = address.substr(1, address.size() - 2);
    else if (address.find(':') != address.npos)
      refuse();
  }
  std::uint16_t number = 0;
  const auto* end = port.data() + port.size();
  const auto [stop, error] = std::from_chars(port.data(), end, number);
  if (error != std::errc{} || stop != end || address.empty())
    refuse();
  options.address = std::move(address);
  options.port = number;
}

} // namespace switchgear
