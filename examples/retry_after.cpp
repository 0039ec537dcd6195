// A tool that says how long to stay away, as HTTP does with Retry-After, is
// left alone for that long: by the breaker, and by a retry. The time of the
// retry is a virtual one, so that nobody has to wait.

#include "switchgear/policies.hpp"
#include "switchgear/switchgear.hpp"
#include "switchgear/test_kit/virtual_time.hpp"

#include <iostream>

using namespace switchgear;
using namespace std::chrono_literals;

namespace {

// What an HTTP library gives.
struct response {
  int status = 200;
  std::chrono::seconds retry_after{};
  std::string body;
};

} // namespace

// Which responses are failures, and what they ask for.
template <>
struct switchgear::returned<response> {
  static std::optional<failure> failed(const response& r) {
    if (r.status == 429 || r.status == 503)
      return failure::retry_later(errc::operation_failed,
                                  "HTTP " + std::to_string(r.status),
                                  r.retry_after);
    return std::nullopt;
  }
};

int main() {
  runtime rt;
  auto llm = rt.breaker("llm", {.failure_threshold = 2, .open_timeout = 10s});
  auto busy = [] { return response{429, 45s, ""}; };
  for (int i = 0; i < 2; ++i)
    std::cout << llm.call(busy).error().to_string() << '\n';
  const auto rejected = llm.call(busy).error();
  std::cout
    << rejected.to_string() << ", come back in "
    << std::chrono::ceil<std::chrono::seconds>(rejected.retry_after()).count()
    << " s" << '\n';

  auto time = std::make_shared<test_kit::virtual_time>();
  policy::pipeline p{policy::retry{{.base = 1s}, time}};
  int attempts = 0;
  const auto got = p.call([&] {
    return ++attempts == 1 ? response{503, 30s, ""}
                           : response{200, 0s, "hello"};
  });
  std::cout << got->body << ", after " << time->passed() / 1s << " s" << '\n';
}
