// A breaker before an actor that others already talk to. Clients get a handle
// to the guard, of the same type, and need not know. The weather station fails
// after two answers; then the guard answers for it, at once.

#include "switchgear/actor.hpp"
#include "switchgear/switchgear.hpp"

#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <iostream>
#include <string>

using namespace std::chrono_literals;
using namespace switchgear;

namespace {

using weather = caf::typed_actor<caf::result<int>(std::string)>;

weather::behavior_type station() {
  return {[asked = 0](const std::string& city) mutable -> caf::result<int> {
    std::cout << "  the station is asked\n";
    if (++asked > 2)
      return actor::to_error({errc::operation_failed, "sensor lost"});
    return static_cast<int>(city.size());
  }};
}

} // namespace

int main() {
  runtime rt;
  auto breaker = rt.breaker("weather", {.failure_threshold = 2});
  const weather guarded
    = guard(breaker, rt.system().spawn(station), {.timeout = 2s});

  caf::scoped_actor self{rt.system()};
  for (std::string city : {"Oslo", "Bergen", "Bodo", "Hamar", "Moss", "Narvik"})
    actor::ask(self, guarded, caf::infinite, city)
      .receive(
        [&](int degrees) { std::cout << city << ": " << degrees << '\n'; },
        [&](const caf::error& why) {
          std::cout << city << ": " << actor::to_failure(why).to_string()
                    << '\n';
        });
  std::cout << "why: " << breaker.stats()->why << '\n';
}
