// A web server whose report comes from a database. While the database is down
// its breaker answers for it: clients get 503 and are told when to come back,
// and the handler is not called.

#include "switchgear/integrations/http_server.hpp"
#include "switchgear/switchgear.hpp"

#include <httplib.h>

#include <iostream>
#include <stdexcept>
#include <thread>

using namespace std::chrono_literals;

int main() {
  switchgear::runtime rt;
  auto db
    = rt.breaker("database", {.failure_threshold = 2, .open_timeout = 30s});
  bool down = false;

  httplib::Server server;
  server.Get("/report",
             switchgear::protect(db, [&](const auto&, auto& response) {
               std::cout << "  the handler is called\n";
               if (down)
                 throw std::runtime_error{"connection refused"};
               response.set_content("42 rows", "text/plain");
             }));
  server.Get("/status", [&](const auto&, auto& response) {
    response.set_content(std::string{to_string(db.state())}, "text/plain");
  });
  const int port = server.bind_to_any_port("127.0.0.1");
  std::jthread listening{[&] { server.listen_after_bind(); }};

  httplib::Client browser{"127.0.0.1", port};
  const auto show = [&](const char* path) {
    const auto answer = browser.Get(path);
    std::cout << path << ": " << answer->status << ' '
              << (answer->status == 500 ? "" : answer->body);
    if (answer->has_header("Retry-After"))
      std::cout << "Retry-After: " << answer->get_header_value("Retry-After");
    std::cout << '\n';
  };
  show("/report");
  down = true;
  for (int i = 0; i < 3; ++i)
    show("/report");
  show("/status");
  server.stop();
}
