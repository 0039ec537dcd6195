// People are told over the first channel that works: chat, then a webhook. The
// chat goes down; once its breaker is open, it is not even tried.

#include "switchgear/integrations/notifications.hpp"
#include "switchgear/switchgear.hpp"

#include <atomic>
#include <iostream>
#include <thread>

#include <httplib.h>

namespace {

using namespace switchgear;

void tell(fallback_notifier& people, const std::string& title) {
  notification what{title};
  what.level = notification_level::error;
  what.details = {{"host", "db1"}};
  const auto sent = people.deliver(what);
  if (!sent) {
    std::cout << title << ": " << sent.error().to_string() << '\n';
    return;
  }
  std::cout << title << ": by " << sent->channel;
  for (const auto& [channel, why] : sent->failed)
    std::cout << ", for " << channel << " said " << why.to_string();
  std::cout << '\n';
}

} // namespace

int main() {
  std::atomic<bool> chat_is_up = true;
  httplib::Server server;
  server.Post("/chat", [&](const httplib::Request&, httplib::Response& to) {
    to.status = chat_is_up ? 200 : 500;
  });
  server.Post("/hook", [](const httplib::Request&, httplib::Response&) {});
  const auto port = server.bind_to_any_port("127.0.0.1");
  std::thread serving{[&] { server.listen_after_bind(); }};
  const auto at = "http://127.0.0.1:" + std::to_string(port);
  {
    runtime rt;
    webhook_options chat{.url = at + "/chat", .proxy = ""};
    webhook_options hook{.url = at + "/hook", .proxy = ""};
    fallback_notifier people{{
      slack_notifier(rt.breaker("chat", {.failure_threshold = 2}), chat),
      webhook_notifier(rt.breaker("hook", presets::notifications()), hook),
    }};
    tell(people, "Disk is full");
    chat_is_up = false;
    for (const auto* title : {"CPU is hot", "Fan stands", "Lights out"})
      tell(people, title);
  }
  server.stop();
  serving.join();
}
