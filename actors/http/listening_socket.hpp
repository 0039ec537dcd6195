#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

#include "switchgear/breaker/config.hpp"
#include "switchgear/detail/unique_fd.hpp"

namespace switchgear::http {

/// What an address must be, for error messages.
inline constexpr auto allowed_address
  = "an IPv4 or IPv6 address of this machine, in numbers";

/// Whether `text` is an IPv4 or IPv6 address in numbers.
bool is_address(const std::string& text);

/// Whether only this machine can reach an address.
bool is_loopback(const std::string& address);

/// `127.0.0.1:80`, `[::1]:80`.
std::string to_string(const std::string& address, std::uint16_t port);

/// A socket that cannot be had, and the option that is to blame.
class bind_error : public std::runtime_error {
public:
  explicit bind_error(config_error why)
    : std::runtime_error(why.to_string()),
      why_(std::move(why)) {
    // nop
  }

  const config_error& why() const noexcept {
    return why_;
  }

private:
  config_error why_;
};

/// A TCP socket that takes connections. They wait in it while nobody serves.
class listening_socket {
public:
  /// @param port 0 for one that is free
  /// @throws bind_error
  listening_socket(const std::string& address, std::uint16_t port);

  int fd() const noexcept {
    return fd_.get();
  }

  std::uint16_t port() const noexcept {
    return port_;
  }

private:
  detail::unique_fd fd_;
  std::uint16_t port_ = 0;
};

} // namespace switchgear::http
