/// Calls to a real gRPC server that is broken in every way.

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <grpcpp/create_channel.h>

#include "integrations/grpc_client/greeter_server.hpp"
#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"

using namespace std::chrono_literals;
using testing::HasSubstr;

namespace switchgear::test {

namespace {

class grpc_calls : public testing::Test {
public:
  static config settings() {
    auto cfg = trips_after(3);
    cfg.open_timeout = 1h; // it probes when the test says so
    cfg.success_threshold = 1;
    cfg.half_open_max_calls = 1;
    return cfg;
  }

  grpc::Status call(std::chrono::milliseconds limit = 20s) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + limit);
    return stub->Unary(&context, text("you"), &answer);
  }

  statistics stats() {
    return db.stats().value();
  }

  /// Fails three times, is open and reaches nobody, then, when the server is
  /// well again, recovers.
  template <class Heal>
  void expect_whole_life(grpc::StatusCode bad, std::chrono::milliseconds limit,
                         Heal heal, bool missed = false) {
    for (int i = 0; i < 3; ++i)
      EXPECT_EQ(call(limit).error_code(), bad);
    ASSERT_EQ(db.state(), state::open) << stats().last_failure;
    heal();
    const auto calls = server.calls();
    for (int i = 0; i < 20; ++i) {
      const auto refused = call();
      EXPECT_TRUE(rejection_of(refused)) << refused.error_message();
    }
    if (!missed) { // else it may still find calls of before
      EXPECT_EQ(server.calls(), calls);
    }
    EXPECT_TRUE(eventually([&] {
      // Probes at once. Some find a channel that waits before it tries again.
      static_cast<void>(db.isolate());
      static_cast<void>(db.automatic());
      return call().ok();
    }))
      << stats().last_failure;
    EXPECT_EQ(db.state(), state::closed);
    EXPECT_TRUE(call().ok());
    EXPECT_EQ(answer.text(), "hello you");
  }

  runtime rt;
  breaker db = rt.breaker("db", settings());
  greeter_server server;
  std::unique_ptr<Greeter::Stub> stub = Greeter::NewStub(make_grpc_channel(
    db, server.address(), grpc::InsecureChannelCredentials(), {}, impatient()));
  Text answer;
};

TEST_F(grpc_calls, of_a_server_that_is_well_succeed) {
  for (int i = 0; i < 10; ++i)
    EXPECT_TRUE(call().ok());
  EXPECT_EQ(answer.text(), "hello you");
  EXPECT_EQ(stats().total_successes, 10u);
  EXPECT_EQ(server.calls(), 10u);
}

TEST_F(grpc_calls, of_a_server_that_answers_with_errors) {
  server.behave("status 14");
  expect_whole_life(grpc::StatusCode::UNAVAILABLE, 20s,
                    [&] { server.behave("status 0"); });
}

TEST_F(grpc_calls, of_a_server_that_is_killed) {
  EXPECT_TRUE(call().ok());
  server.kill();
  expect_whole_life(grpc::StatusCode::UNAVAILABLE, 20s,
                    [&] { server.start(); });
}

TEST_F(grpc_calls, of_a_server_that_stands_still) {
  EXPECT_TRUE(call().ok());
  server.pause();
  expect_whole_life(
    grpc::StatusCode::DEADLINE_EXCEEDED, 100ms, [&] { server.resume(); }, true);
  EXPECT_EQ(stats().total_timeouts, 3u);
}

TEST_F(grpc_calls, of_a_server_that_hangs) {
  EXPECT_TRUE(call().ok());
  server.behave("hang");
  expect_whole_life(grpc::StatusCode::DEADLINE_EXCEEDED, 100ms,
                    [&] { server.behave("status 0"); });
}

TEST_F(grpc_calls, mean_what_their_status_means) {
  const auto failures = {2, 8, 13, 14, 15}; // UNKNOWN and so on
  for (int code = 1; code <= 16; ++code) {
    SCOPED_TRACE(code);
    ASSERT_TRUE(db.reset());
    const auto before = stats();
    server.behave("status " + std::to_string(code));
    const auto status = call();
    EXPECT_EQ(status.error_code(), code);
    EXPECT_EQ(status.error_message(), "as told");
    const auto now = stats();
    const bool failed
      = std::find(failures.begin(), failures.end(), code) != failures.end();
    EXPECT_EQ(now.total_failures - before.total_failures, failed || code == 4);
    EXPECT_EQ(now.total_timeouts - before.total_timeouts, code == 4);
    EXPECT_EQ(now.total_cancelled - before.total_cancelled, code == 1);
    EXPECT_EQ(now.total_successes - before.total_successes,
              !failed && code != 4 && code != 1);
  }
  EXPECT_EQ(stats().last_failure, "DATA_LOSS: as told");
}

TEST_F(grpc_calls, mean_what_the_user_says) {
  auto other = Greeter::NewStub(make_grpc_channel(
    db, server.address(), grpc::InsecureChannelCredentials(),
    {.judge =
       [](const grpc::Status& status) {
         return status.error_code() == grpc::StatusCode::NOT_FOUND
                  ? outcome::failure
                  : outcome::ignored;
       }},
    impatient()));
  for (const auto* how : {"status 5", "status 14"}) {
    server.behave(how);
    grpc::ClientContext context;
    EXPECT_FALSE(other->Unary(&context, text("you"), &answer).ok());
  }
  EXPECT_EQ(stats().total_failures, 1u);
  EXPECT_EQ(stats().total_ignored, 1u);
}

TEST_F(grpc_calls, that_are_turned_away_say_why) {
  ASSERT_TRUE(db.force_open());
  const auto status = call();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_THAT(status.error_message(),
              HasSubstr("breaker \"db\": circuit_open, retry in "));
  const auto why = rejection_of(status);
  ASSERT_TRUE(why);
  EXPECT_EQ(*why, errc::circuit_open);
  EXPECT_GT(why->retry_after(), 30min);
  EXPECT_LE(why->retry_after(), 1h);
  EXPECT_EQ(server.calls(), 0u);
  EXPECT_FALSE(rejection_of(grpc::Status::OK));
  EXPECT_FALSE(rejection_of({grpc::StatusCode::UNAVAILABLE, "no"}));
}

TEST_F(grpc_calls, that_are_turned_away_make_no_connection) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(bind(listener, generic, size), 0);
  ASSERT_EQ(getsockname(listener, generic, &size), 0);
  ASSERT_EQ(listen(listener, 5), 0);
  stub = Greeter::NewStub(make_grpc_channel(
    db, "127.0.0.1:" + std::to_string(ntohs(address.sin_port)),
    grpc::InsecureChannelCredentials(), {}, impatient()));
  ASSERT_TRUE(db.isolate());
  for (int i = 0; i < 10; ++i)
    EXPECT_TRUE(rejection_of(call()));
  pollfd connection{listener, POLLIN, 0};
  EXPECT_EQ(poll(&connection, 1, 0), 0);
  ASSERT_TRUE(db.reset());
  EXPECT_FALSE(call(100ms).ok()); // nobody speaks there
  EXPECT_EQ(poll(&connection, 1, static_cast<int>(patience / 1ms)), 1);
  close(listener);
}

TEST_F(grpc_calls, leave_the_server_alone_as_long_as_it_wants) {
  server.behave("pushback 90000");
  for (int i = 0; i < 3; ++i)
    EXPECT_FALSE(call().ok());
  ASSERT_EQ(db.state(), state::open);
  EXPECT_GT(db.acquire().error().retry_after(), 80s);
}

TEST_F(grpc_calls, leave_the_server_alone_as_long_as_its_breaker_wants) {
  server.behave("busy 90000");
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(rejection_of(call())->retry_after(), 90s);
  ASSERT_EQ(db.state(), state::open);
  EXPECT_GT(db.acquire().error().retry_after(), 80s);
}

TEST_F(grpc_calls, may_have_a_breaker_for_each_method) {
  std::vector<
    std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>>
    interceptors;
  interceptors.push_back(make_grpc_interceptor(
    [this](std::string_view method) -> std::optional<breaker> {
      if (method == "/switchgear.test.Greeter/Chat")
        return std::nullopt;
      return rt.breaker(method, settings());
    }));
  stub
    = Greeter::NewStub(grpc::experimental::CreateCustomChannelWithInterceptors(
      server.address(), grpc::InsecureChannelCredentials(), impatient(),
      std::move(interceptors)));
  server.behave("status 14");
  for (int i = 0; i < 3; ++i)
    EXPECT_FALSE(call().ok());
  EXPECT_TRUE(rejection_of(call()));
  server.behave("status 0");
  for (const auto method : {0, 1}) {
    grpc::ClientContext context;
    if (method == 0) {
      auto pieces = stub->Download(&context, text("you"));
      while (pieces->Read(&answer))
        continue;
      EXPECT_TRUE(pieces->Finish().ok());
    } else {
      auto both = stub->Chat(&context);
      both->WritesDone();
      EXPECT_TRUE(both->Finish().ok());
    }
  }
  EXPECT_THAT(rt.names(),
              testing::ElementsAre("/switchgear.test.Greeter/Download",
                                   "/switchgear.test.Greeter/Unary", "db"));
}

TEST_F(grpc_calls, check_their_options) {
  EXPECT_THROW(make_grpc_interceptor(db, {.judge = {}, .max_retry_after = -1s}),
               setup_error);
}

} // namespace

} // namespace switchgear::test
