// A program whose breakers can be looked at and changed in a browser. Open the
// URL that it prints; it ends when its standard input does.
//
// What to see: the breaker of `search` opens by itself, for every second call
// fails, and probes again and again. The button `mend` makes it recover.

#include "switchgear/switchgear.hpp"

#include <atomic>
#include <chrono>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>

using namespace std::chrono_literals;

int main() {
  switchgear::runtime_options options;
  options.admin.emplace();
  options.admin->port = 0; // in earnest a fixed one, by default 9464
  options.admin->title = "shop";
  // In earnest from a file, or SWITCHGEAR_ADMIN_TOKEN. Without one nothing can
  // be changed.
  options.admin->token = "correct-horse-battery-staple";
  switchgear::runtime rt{options};

  std::atomic<bool> broken = true;
  rt.admin()->add({{.id = "mend",
                    .tool = "search",
                    .group = "Search index",
                    .label = "Mend",
                    .description = "Builds the search index anew.",
                    .run =
                      [&] {
                        broken = false;
                        return std::string{"the index is whole again"};
                      },
                    .active = [&] { return !broken; }}});
  auto search = rt.breaker("search", {.open_timeout = 3s});
  std::jthread customers{[&](std::stop_token stop) {
    for (int n = 0; !stop.stop_requested(); ++n) {
      static_cast<void>(search.call([&] {
        if (broken && n % 2 == 0)
          throw std::runtime_error{"index is corrupt"};
      }));
      std::this_thread::sleep_for(50ms);
    }
  }};

  std::cout << "Look at " << rt.admin()->url()
            << "#token=correct-horse-battery-staple\nEnd of input ends it.\n"
            << std::flush;
  for (std::string line; std::getline(std::cin, line);)
    continue;
}
