#include "listening_socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace switchgear::http {

namespace {

// As many as the system allows: connections come in bursts.
constexpr int backlog = 4096;

struct socket_address {
  sockaddr_storage bytes{};
  socklen_t size = 0;

  sockaddr* get() noexcept {
    return reinterpret_cast<sockaddr*>(&bytes);
  }
};

bool parse(const std::string& text, std::uint16_t port, socket_address& into) {
  auto* v4 = reinterpret_cast<sockaddr_in*>(&into.bytes);
  if (inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    into.size = sizeof(sockaddr_in);
    return true;
  }
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&into.bytes);
  if (inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    into.size = sizeof(sockaddr_in6);
    return true;
  }
  return false;
}

std::uint16_t port_of(const socket_address& from) {
  return ntohs(
    from.bytes.ss_family == AF_INET
      ? reinterpret_cast<const sockaddr_in*>(&from.bytes)->sin_port
      : reinterpret_cast<const sockaddr_in6*>(&from.bytes)->sin6_port);
}

} // namespace

bool is_address(const std::string& text) {
  socket_address ignored;
  return parse(text, 0, ignored);
}

bool is_loopback(const std::string& address) {
  socket_address parsed;
  if (!parse(address, 0, parsed))
    return false;
  if (parsed.bytes.ss_family == AF_INET)
    return ntohl(reinterpret_cast<sockaddr_in*>(&parsed.bytes)->sin_addr.s_addr)
             >> 24
           == 127;
  const auto& v6 = reinterpret_cast<sockaddr_in6*>(&parsed.bytes)->sin6_addr;
  return std::memcmp(&v6, &in6addr_loopback, sizeof(v6)) == 0;
}

std::string to_string(const std::string& address, std::uint16_t port) {
  const bool v6 = address.find(':') != address.npos;
  return (v6 ? '[' + address + ']' : address) + ':' + std::to_string(port);
}

listening_socket::listening_socket(const std::string& address,
                                   std::uint16_t port) {
  socket_address where;
  if (!parse(address, port, where))
    throw bind_error{{"address", '"' + address + '"', allowed_address}};
  const auto failed = [&](int error) {
    if (error == EADDRNOTAVAIL)
      throw bind_error{
        {"address", '"' + address + '"', "an address of this machine"}};
    throw bind_error{
      {"port", std::to_string(port),
       "free on " + address + ", or 0 (" + std::strerror(error) + ")"}};
  };
  fd_ = detail::unique_fd{socket(
    where.bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
  if (!fd_)
    failed(errno);
  const int on = 1;
  setsockopt(fd_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (where.bytes.ss_family == AF_INET6)
    setsockopt(fd_.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
  if (bind(fd_.get(), where.get(), where.size) != 0
      || listen(fd_.get(), backlog) != 0)
    failed(errno);
  where.size = sizeof(where.bytes);
  if (getsockname(fd_.get(), where.get(), &where.size) != 0)
    failed(errno);
  port_ = port_of(where);
}

} // namespace switchgear::http
