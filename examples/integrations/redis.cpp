// A cache in front of something slow, and the cache may be down: redis PORT.
// `get_or` asks the loader where the cache has nothing, and where it is not to
// be asked; then nothing is written either.

#include "switchgear/integrations/redis.hpp"
#include "switchgear/switchgear.hpp"

#include <cstdlib>
#include <iostream>

using namespace std::chrono_literals;

int main(int, char* arguments[]) {
  switchgear::runtime rt;
  switchgear::redis_options options;
  options.port = static_cast<std::uint16_t>(std::atoi(arguments[1]));
  options.command_timeout = 10s;
  switchgear::redis_client cache{
    rt.breaker("cache", switchgear::presets::cache()), options};

  const auto price = [&] {
    const auto got = cache.get_or(
      "price",
      [] {
        std::cout << "(asking the shop) ";
        return std::string{"3.20"};
      },
      5min);
    std::cout << *got << '\n';
  };
  price();
  price();

  // A wrong command is an answer, and no reason to trip.
  const auto wrong = cache.command({"LPUSH", "price", "4"});
  std::cout << wrong->error_code() << ", " << to_string(cache.breaker().state())
            << '\n';

  rt.find("cache")->isolate(); // as it does by itself when Redis is down
  price();
}
