// An HTTP API that goes down and comes back, called through a breaker. A 404 is
// an answer; a 503 is a failure that says when to come back, and keeps what the
// API had to say.

#include "switchgear/integrations/http_client.hpp"
#include "switchgear/switchgear.hpp"

#include <atomic>
#include <iostream>
#include <thread>

#include <httplib.h>

using namespace std::chrono_literals;

int main() {
  std::atomic<bool> down = false;
  httplib::Server api;
  api.Get("/prices/tea", [&](const httplib::Request&, httplib::Response& to) {
    to.set_content(down ? "closed for today" : "3.20", "text/plain");
    to.status = down ? 503 : 200;
    if (down)
      to.set_header("Retry-After", "30");
  });
  const auto port = api.bind_to_any_port("127.0.0.1");
  std::thread serving{[&] { api.listen_after_bind(); }};
  {
    switchgear::runtime rt;
    auto cfg = switchgear::presets::http_api();
    cfg.failure_threshold = 2;
    cfg.success_threshold = 1;
    switchgear::http_client_options options;
    options.base_url = "http://127.0.0.1:" + std::to_string(port);
    options.total_timeout = 10s;
    options.proxy = ""; // none, whatever the environment says
    const switchgear::http_client shop{rt.breaker("shop", cfg), options};

    const auto show = [&](const char* path) {
      const auto got = shop.get(path);
      std::cout << path << ": ";
      if (got)
        std::cout << got->status << ' ' << got->body << '\n';
      else if (const auto* error = http_error_of(got.error()))
        std::cout << error->what() << ", \"" << error->response().body << "\", "
                  << "again in " << got.error().retry_after() / 1s << " s\n";
      else
        std::cout << got.error().to_string() << '\n';
    };
    show("/prices/tea");
    show("/prices/gold");
    down = true;
    for (int i = 0; i < 3; ++i)
      show("/prices/tea");
    down = false;
    rt.reset_all(); // or wait
    show("/prices/tea");
  }
  api.stop();
  serving.join();
}
