/// A host whose name takes longer to look up than a call may take. The lookup
/// is this program's own: libcurl calls what stands here.

#include <dlfcn.h>
#include <netdb.h>

#include <atomic>
#include <string_view>
#include <thread>

#include "client_fixture.hpp"
#include "support/hold.hpp"

namespace {

using switchgear::test::hold;

hold slow;
std::atomic<int> ended{0};

} // namespace

extern "C" int getaddrinfo(const char* name, const char* service,
                           const addrinfo* hints, addrinfo** result) {
  if (name && std::string_view{name} == "slow.test") {
    (*slow.door())();
    ++ended;
    return EAI_AGAIN;
  }
  static const auto real
    = reinterpret_cast<decltype(&getaddrinfo)>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(name, service, hints, result);
}

namespace switchgear::test {

namespace {

using namespace std::chrono_literals;

using http_client_lookup = http_client_test;

TEST_F(http_client_lookup, does_not_outlast_the_time_for_connecting) {
  // Whatever becomes of the call, in the end the lookup does come back.
  std::jthread last_resort{[](const std::stop_token& over) {
    eventually([&] { return over.stop_requested(); });
    slow.release();
  }};
  auto options = quick();
  options.connect_timeout = 50ms;
  const auto got = client(options).get("http://slow.test/");
  EXPECT_EQ(got.error(), errc::timeout);
  EXPECT_EQ(problem(got), http_problem::timeout);
  EXPECT_EQ(ended, 0);
  last_resort.request_stop();
  EXPECT_TRUE(eventually([] { return ended == 1; }));
}

} // namespace

} // namespace switchgear::test
