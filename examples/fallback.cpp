// Something to show although the tool is down: data from the last time that it
// worked. First the caller decides what to do with each kind of failure, then
// `call` is given a fallback and always has a result.

#include "switchgear/switchgear.hpp"

#include <iostream>
#include <stdexcept>

namespace {

using switchgear::errc;

bool service_is_up = true;
std::string cached = "nothing yet";

std::string fetch_prices() {
  if (!service_is_up)
    throw std::runtime_error{"HTTP 503"};
  cached = "prices of today";
  return cached;
}

// Only an open breaker is answered from the cache; that costs nothing and
// needs no waiting. Other failures are shown.
void by_hand(switchgear::breaker& prices) {
  auto result = prices.call(fetch_prices);
  if (result)
    std::cout << "fresh:  " << *result << '\n';
  else if (result.error() == errc::circuit_open)
    std::cout << "cached: " << cached << '\n';
  else
    std::cout << "error:  " << result.error().message() << '\n';
}

// Every failure is answered from the cache. The fallback is told why.
void with_fallback(switchgear::breaker& prices) {
  std::cout << prices.call(fetch_prices, [](const switchgear::failure& why) {
    return cached + " (" + why.to_string() + ")";
  }) << '\n';
}

} // namespace

int main() {
  switchgear::runtime rt;
  auto prices = rt.breaker("prices", {.failure_threshold = 2});

  std::cout << "-- by hand\n";
  by_hand(prices);
  service_is_up = false;
  for (int i = 0; i < 3; ++i)
    by_hand(prices);

  std::cout << "-- with a fallback\n";
  prices.reset();
  for (int i = 0; i < 3; ++i)
    with_fallback(prices);
  service_is_up = true;
  prices.reset();
  with_fallback(prices);
}
