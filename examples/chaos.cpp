// Faults on purpose: for a while half of the calls to the database fail, then
// some hang. What happens depends on the seed alone, so it can be seen again.
// At the end: how the breaker came through it.

#include "switchgear/chaos/monkey.hpp"
#include "switchgear/chaos/report.hpp"
#include "switchgear/policies.hpp"
#include "switchgear/switchgear.hpp"
#include "switchgear/test_kit/virtual_time.hpp"

#include <iostream>

using namespace switchgear;
using namespace std::chrono_literals;

int main() {
  runtime rt;
  auto database = rt.breaker("database", {.failure_threshold = 3});
  auto time = std::make_shared<test_kit::virtual_time>();
  chaos::monkey monkey{7, time};
  policy::pipeline p{database, monkey.at("database")};

  const auto phase = [&](const char* what) {
    const auto before = rt.all_stats();
    for (int i = 0; i < 20; ++i)
      static_cast<void>(p.call([] { return 42; }));
    std::cout << "-- " << what << '\n'
              << chaos::report_of(before, rt.all_stats()).tools[0].calls
              << " of 20 calls were made, the breaker is "
              << to_string(database.state()) << '\n';
    database.reset();
  };

  phase("all is well");
  const auto errors
    = monkey.inject(chaos::fault::error, {.rate = 0.5, .tools = {"database"}});
  phase("half of the calls fail");
  monkey.end(errors);
  phase("all is well again");
  monkey.inject(chaos::fault::hang, {.hang_limit = 30s, .rate = 0.9});
  phase("nine of ten calls hang");
  std::cout << "that took " << time->passed() / 1s << " s of virtual time\n";

  std::cout << "-- the report\n"
            << chaos::report_of({}, rt.all_stats()).to_string();
}
