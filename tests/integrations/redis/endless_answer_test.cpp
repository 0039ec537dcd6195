/// An answer that comes faster than it can be read, and does not end in time.

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "support/breakers.hpp"
#include "support/reserved_port.hpp"
#include "switchgear/integrations/redis.hpp"

using namespace std::chrono_literals;
using namespace switchgear;

namespace {

// Takes one connection, and answers the first command with three million
// numbers.
void babble(int listening) {
  const int fd = accept(listening, nullptr, nullptr);
  char command[64];
  auto sent = recv(fd, command, sizeof(command), 0);
  std::string text = "*3000000\r\n";
  for (int i = 0; sent > 0 && i < 300; ++i) {
    for (int k = 0; k < 10'000; ++k)
      text += ":1\r\n";
    for (std::string_view left = text; sent > 0 && !left.empty();
         left.remove_prefix(sent > 0 ? static_cast<std::size_t>(sent) : 0))
      sent = send(fd, left.data(), left.size(), MSG_NOSIGNAL);
    text.clear();
  }
  close(fd);
}

} // namespace

TEST(redis_endless_answer, has_no_more_time_than_another) {
  const test::reserved_port port;
  const int listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port.number());
  ASSERT_EQ(
    bind(listening, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  ASSERT_EQ(listen(listening, 1), 0);
  std::jthread server{babble, listening};
  runtime rt;
  redis_client client{rt.breaker("cache"),
                      {.port = port.number(), .command_timeout = 10ms}};
  const auto late = client.command({"LRANGE", "numbers", "0", "-1"});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().to_string(), "timeout: no answer within 10 ms");
  server.join();
  close(listening);
}
