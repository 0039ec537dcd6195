#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>

namespace switchgear::test {

/// A loopback port for a program that has to be told one. A socket is bound to
/// it and does not listen, so that the system gives the port to nobody else,
/// and who asks for it by its number can have it.
class reserved_port {
public:
  reserved_port() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int on = 1;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0
        || bind(fd_, generic, size) != 0
        || getsockname(fd_, generic, &size) != 0) {
      close(fd_);
      throw std::runtime_error{"no free port on 127.0.0.1"};
    }
    number_ = ntohs(address.sin_port);
  }

  reserved_port(const reserved_port&) = delete;
  reserved_port& operator=(const reserved_port&) = delete;

  ~reserved_port() {
    close(fd_);
  }

  std::uint16_t number() const noexcept {
    return number_;
  }

private:
  int fd_;
  std::uint16_t number_ = 0;
};

} // namespace switchgear::test
