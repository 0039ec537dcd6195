#pragma once

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "support/eventually.hpp"

namespace switchgear::test {

/// A connection to a server on this machine, for those who do not want to speak
/// HTTP as it is written.
class raw_client {
public:
  /// @param window how much the system keeps of what it does not read; 0: as
  ///        usual
  explicit raw_client(std::uint16_t port, int window = 0)
    : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (window > 0)
      setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &window, sizeof(window));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(port);
    if (connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0) {
      close(fd_);
      throw std::runtime_error{"nobody listens"};
    }
  }

  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;

  ~raw_client() {
    close(fd_);
  }

  /// Whether it could be said.
  bool say(std::string_view text) const {
    return send(fd_, text.data(), text.size(), MSG_NOSIGNAL)
           == static_cast<ssize_t>(text.size());
  }

  /// Reads until `text` has come.
  /// @returns all that has come by then, or until the end
  std::string hear(std::string_view text) {
    while (heard_.find(text) == heard_.npos && hear_some())
      ;
    return heard_;
  }

  /// All that comes, until the server closes.
  std::string hear_all() {
    while (hear_some())
      ;
    return heard_;
  }

  /// Waits until the server has closed, without reading.
  bool is_left() const {
    pollfd what{fd_, POLLRDHUP, 0};
    return poll(&what, 1, milliseconds()) == 1
           && (what.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
  }

private:
  static int milliseconds() {
    return static_cast<int>(patience / std::chrono::milliseconds{1});
  }

  bool hear_some() {
    pollfd what{fd_, POLLIN, 0};
    if (poll(&what, 1, milliseconds()) != 1)
      return false;
    std::array<char, 65536> bytes;
    const auto got = recv(fd_, bytes.data(), bytes.size(), 0);
    if (got <= 0)
      return false;
    heard_.append(bytes.data(), static_cast<std::size_t>(got));
    return true;
  }

  int fd_;
  std::string heard_;
};

} // namespace switchgear::test
