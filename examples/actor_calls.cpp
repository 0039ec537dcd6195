// Breakers as actors. A client sends callables as call messages: they run on
// the runtime's threads, and what they return is the response. Then the main
// program asks for permits and reports how its calls went. It has subscribed to
// the breaker's events and prints them at the end.

#include "switchgear/actor.hpp"
#include "switchgear/switchgear.hpp"

#include <iostream>
#include <stdexcept>
#include <thread>

using namespace std::chrono_literals;
using namespace switchgear;
using switchgear::actor::ask;
using switchgear::actor::to_failure;

namespace {

// Lets the compiler check requests and responses; calls return int.
using handle = breaker_actor_for<int>;

// Makes one call after the other, and ends after the last response.
void call_next(caf::event_based_actor* self, const handle& db,
               std::vector<task> tasks) {
  if (tasks.empty())
    return;
  auto next = std::move(tasks.front());
  tasks.erase(tasks.begin());
  ask(self, db, 2s, call_v, std::move(next))
    .then(
      [=](int answer) {
        std::cout << "client: " << answer << '\n';
        call_next(self, db, tasks);
      },
      [=](const caf::error& why) {
        std::cout << "client: " << to_failure(why).to_string() << '\n';
        call_next(self, db, tasks);
      });
}

} // namespace

int main() {
  runtime rt;
  auto db = rt.breaker("database", {.failure_threshold = 2});
  const auto actor = caf::actor_cast<handle>(db.actor());

  caf::scoped_actor self{rt.system()};
  const auto print_error = [](const caf::error& why) {
    std::cout << "main: " << to_failure(why).to_string() << '\n';
  };
  ask(self, actor, 2s, subscribe_v, caf::actor{self})
    .receive([] {}, print_error);

  // A result at once, one that comes later from somewhere else, and none.
  std::jthread backend;
  std::vector<task> tasks{
    task{[] { return 42; }},
    task::deferred<int>([&backend](promise<int> later) {
      backend = std::jthread{[later] { later.deliver(43); }};
    }),
    task{[]() -> int { throw std::runtime_error{"connection refused"}; }},
  };
  auto client = rt.system().spawn(
    [&](caf::event_based_actor* me) { call_next(me, actor, tasks); });
  self->wait_for(client);

  // A permit, a call of one's own, a report.
  ask(self, actor, 2s, acquire_v)
    .receive(
      [&](const permit& given) {
        ask(self, actor, 2s, report_v, given, outcome::failure, duration{3ms},
            std::string{"disk full"})
          .receive([] { std::cout << "main: reported\n"; }, print_error);
      },
      print_error);
  ask(self, actor, 2s, acquire_v)
    .receive([](const permit&) { std::cout << "main: permitted\n"; },
             print_error);

  for (int i = 0; i < 6; ++i)
    self->receive([](const std::string& name, const breaker_event& event) {
      std::cout << name << ": " << to_string(event.kind)
                << (event.text.empty() ? "" : ", ") << event.text << '\n';
    });
}
