// Policies around a breaker: tries again what failed, answers from a cache
// while the breaker is open, and lets only so many calls through. The time is a
// virtual one, so that nobody has to wait.

#include "switchgear/policies.hpp"
#include "switchgear/switchgear.hpp"
#include "switchgear/test_kit/virtual_time.hpp"

#include <iostream>
#include <stdexcept>

using namespace switchgear;
using namespace std::chrono_literals;

namespace {

int failures_to_come = 0;

std::string fetch() {
  std::cout << "  fetch\n";
  if (failures_to_come-- > 0)
    throw std::runtime_error{"HTTP 503"};
  return "fresh";
}

std::string cached(const failure& why) {
  return "cached, " + why.to_string();
}

} // namespace

int main() {
  runtime rt;
  auto prices = rt.breaker("prices", {.failure_threshold = 4});
  auto time = std::make_shared<test_kit::virtual_time>();

  // The outermost first: whatever fails inside is answered from the cache; of
  // the attempts that the retry makes, each takes a permit and is seen by the
  // breaker.
  policy::pipeline p{
    policy::fallback{cached},
    policy::retry{{.max_attempts = 4, .base = 1s, .budget = {.per_second = 10}},
                  time},
    policy::rate_limit{{.permits = 100}, time},
    prices,
    policy::bulkhead{{.concurrency = 8}},
  };

  for (int failures : {0, 1, 9}) {
    failures_to_come = failures;
    std::cout << failures << " failures to come\n";
    std::cout << *p.call(fetch) << '\n';
  }
  std::cout << "the breaker is " << to_string(prices.state()) << '\n';
  std::cout << *p.call(fetch) << '\n';

  const auto stats = p.get<policy::retry>().stats();
  std::cout << stats.calls << " calls, " << stats.retries << " retries, "
            << stats.budget_refusals << " without a budget\n";
  for (const auto& text :
       (policy::pipeline{prices, policy::fallback{1}}).warnings())
    std::cout << "warning: " << text << '\n';
}
