/// A protected route of a real server, asked by real clients.

#include <gmock/gmock.h>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "integrations/http_server/site.hpp"
#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"
#include "switchgear/integrations/http_server.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

using testing::HasSubstr;

class protected_routes : public testing::Test {
public:
  protected_routes() {
    where.routes.Get("/report", protect(db, [this](const auto&, auto& answer) {
                       ++calls;
                       switch (mood.load()) {
                         case 0:
                           throw std::runtime_error{"disk full"};
                         case 1:
                           return; // 200, and nothing to say
                         default:
                           answer.status = mood;
                           answer.set_content("said", "text/plain");
                       }
                     }));
  }

  fetched get() {
    return fetch(where.url("/report"));
  }

  statistics stats() {
    return db.stats().value();
  }

  static config settings() {
    auto cfg = trips_after(3);
    cfg.success_threshold = 1;
    cfg.half_open_max_calls = 1;
    return cfg;
  }

  std::atomic<int> mood{200};
  std::atomic<int> calls{0};
  runtime rt;
  breaker db = rt.breaker("db", settings());
  site where;
};

TEST_F(protected_routes, live_a_whole_life) {
  where.listen();
  for (int round = 0; round < 3; ++round) {
    mood = 200;
    EXPECT_EQ(get().body, "said");
    mood = round; // throws, or sets 500
    if (round > 0)
      mood = 500;
    for (int i = 0; i < 3; ++i)
      EXPECT_EQ(get().status, 500);
    ASSERT_EQ(db.state(), state::open);
    mood = 200;
    EXPECT_EQ(get().status, 503);
    ASSERT_TRUE(db.isolate());
    ASSERT_TRUE(db.automatic()); // probes at once
    EXPECT_EQ(get().status, 200);
    EXPECT_EQ(db.state(), state::closed);
  }
  const auto s = stats();
  EXPECT_EQ(s.trip_count, 3u);
  EXPECT_EQ(s.recoveries, 3u);
  EXPECT_EQ(static_cast<std::uint64_t>(calls), s.total_calls);
}

TEST_F(protected_routes, are_not_called_while_open) {
  where.listen();
  ASSERT_TRUE(db.force_open());
  std::vector<std::jthread> clients;
  for (int i = 0; i < 4; ++i)
    clients.emplace_back([&] {
      for (int n = 0; n < 10; ++n) {
        const auto got = get();
        EXPECT_EQ(got.status, 503);
        EXPECT_THAT(got.headers, HasSubstr("Retry-After: 60\r\n"));
        EXPECT_THAT(got.headers,
                    HasSubstr("Content-Type: application/problem+json\r\n"));
        EXPECT_EQ(got.body,
                  R"({"type":"about:blank","title":"Service Unavailable",)"
                  R"("status":503,"code":"circuit_open"})"
                  "\n");
      }
    });
  clients.clear();
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(stats().total_rejected, 40u);
}

TEST_F(protected_routes, judge_by_what_the_handler_does) {
  where.listen();
  for (const int good : {1, 201, 302, 404, 429, 499}) {
    mood = good;
    EXPECT_EQ(get().status, good == 1 ? 200 : good);
  }
  EXPECT_EQ(stats().total_successes, 6u);
  mood = 503;
  EXPECT_EQ(get().status, 503);
  EXPECT_EQ(stats().last_failure, "status 503");
  mood = 0;
  EXPECT_EQ(get().status, 500);
  EXPECT_EQ(stats().last_failure, "std::runtime_error: disk full");
  EXPECT_EQ(stats().total_failures, 2u);
}

TEST_F(protected_routes, judge_by_a_predicate_of_the_users) {
  where.routes.Get(
    "/teapot",
    protect(db, [](const auto&, auto& answer) { answer.status = 418; },
            {.is_failure = [](int status) { return status == 418; }}));
  where.listen();
  EXPECT_EQ(fetch(where.url("/teapot")).status, 418);
  EXPECT_EQ(stats().last_failure, "status 418");
}

TEST_F(protected_routes, stay_closed_to_clients_as_long_as_the_tool_says) {
  where.routes.Get("/busy", protect(db, [](const auto&, auto& answer) {
                     answer.status = 503;
                     answer.set_header("Retry-After", "300");
                   }));
  where.listen();
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(fetch(where.url("/busy")).status, 503);
  ASSERT_EQ(db.state(), state::open);
  EXPECT_GT(db.acquire().error().retry_after(), 200s);
  EXPECT_THAT(get().headers, HasSubstr("Retry-After: 300\r\n"));
}

TEST_F(protected_routes, may_have_a_fallback) {
  where.routes.Get(
    "/cached",
    protect(
      db, [](const auto&, auto&) { FAIL(); },
      {.fallback = [](const auto& request, auto& answer, const failure& why) {
        answer.set_content(request.path + ' '
                             + std::string{to_string(why.code())},
                           "text/plain");
      }}));
  where.listen();
  ASSERT_TRUE(db.force_open());
  const auto got = fetch(where.url("/cached"));
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, "/cached circuit_open");
}

TEST_F(protected_routes, say_when_to_come_back_if_all_probes_are_out) {
  where.listen();
  ASSERT_TRUE(db.reconfigure(probes_at_once()));
  ASSERT_TRUE(db.force_open());
  ASSERT_TRUE(eventually([&] { return db.state() == state::half_open; }));
  auto probe = db.acquire();
  ASSERT_TRUE(probe);
  const auto got = get();
  EXPECT_EQ(got.status, 503);
  EXPECT_THAT(got.headers, HasSubstr("Retry-After: 1\r\n"));
  EXPECT_THAT(got.body, HasSubstr(R"("code":"too_many_probes")"));
}

TEST_F(protected_routes, may_read_the_body_themselves) {
  std::atomic<std::size_t> bytes{0};
  where.routes.Post(
    "/upload",
    protect(db, [&](const auto&, auto&, const httplib::ContentReader& body) {
      body([&](const char*, std::size_t size) {
        bytes += size;
        return true;
      });
    }));
  where.listen();
  const std::string data(100'000, 'x');
  EXPECT_EQ(fetch(where.url("/upload"), 1000, &data).status, 200);
  EXPECT_EQ(bytes, data.size());
  ASSERT_TRUE(db.force_open());
  EXPECT_EQ(fetch(where.url("/upload"), 1000, &data).status, 503);
  EXPECT_EQ(bytes, data.size());
  EXPECT_EQ(stats().total_successes, 1u);
}

TEST_F(protected_routes, check_their_options) {
  const auto handler = [](const httplib::Request&, httplib::Response&) {};
  try {
    static_cast<void>(protect(db, handler, {.least_retry_after = 10ms}));
    FAIL();
  } catch (const setup_error& wrong) {
    EXPECT_EQ(wrong.what(), std::string{"protect: least_retry_after = 10 ms: "
                                        "must be 1 s to 24 h"});
  }
}

// -- responses that are sent piece by piece -----------------------------------

class streaming_routes : public protected_routes {
public:
  streaming_routes() {
    where.routes.Get("/good", protect(db, [](const auto&, auto& answer) {
                       answer.set_content_provider(
                         30, "text/plain",
                         [](std::size_t, std::size_t, auto& sink) {
                           return sink.write("0123456789", 10);
                         });
                     }));
    where.routes.Get("/endless", protect(db, [this](const auto&, auto& answer) {
                       answer.set_chunked_content_provider(
                         "text/plain", [this](std::size_t, auto& sink) {
                           ++pieces;
                           const std::string piece(10'000, 'x');
                           return sink.write(piece.data(), piece.size());
                         });
                     }));
    where.routes.Get("/broken", protect(db, [](const auto&, auto& answer) {
                       answer.set_chunked_content_provider(
                         "text/plain", [](std::size_t offset, auto& sink) {
                           if (offset > 0)
                             return false;
                           return sink.write("0123456789", 10);
                         });
                     }));
    where.routes.Get("/throwing", protect(db, [](const auto&, auto& answer) {
                       answer.set_chunked_content_provider(
                         "text/plain", [](std::size_t, auto&) -> bool {
                           throw std::runtime_error{"disk full"};
                         });
                     }));
    where.listen();
  }

  std::atomic<int> pieces{0};
};

TEST_F(streaming_routes, succeed_when_all_is_sent) {
  EXPECT_EQ(fetch(where.url("/good")).body, "012345678901234567890123456789");
  EXPECT_TRUE(eventually([&] { return stats().total_successes == 1u; }));
}

TEST_F(streaming_routes, succeed_when_nobody_wants_the_body) {
  EXPECT_EQ(fetch(where.url("/good"), 1000, nullptr, true).status, 200);
  EXPECT_TRUE(eventually([&] { return stats().total_successes == 1u; }));
}

TEST_F(streaming_routes, fail_when_the_response_breaks_off) {
  EXPECT_NE(fetch(where.url("/broken")).code, CURLE_OK);
  EXPECT_TRUE(eventually([&] { return stats().total_failures == 1u; }));
  EXPECT_EQ(stats().last_failure, "the response broke off");
}

TEST_F(streaming_routes, fail_when_the_provider_throws) {
  EXPECT_NE(fetch(where.url("/throwing")).code, CURLE_OK);
  EXPECT_TRUE(eventually([&] { return stats().total_failures == 1u; }));
  EXPECT_EQ(stats().last_failure, "std::runtime_error: disk full");
}

TEST_F(streaming_routes, are_cancelled_when_the_client_goes_away) {
  EXPECT_NE(fetch(where.url("/endless"), 50'000).code, CURLE_OK);
  EXPECT_TRUE(eventually([&] { return stats().total_cancelled == 1u; }));
  EXPECT_EQ(stats().total_failures, 0u);
}

TEST_F(streaming_routes, are_calls_under_way_until_they_end) {
  std::jthread client{[&] { fetch(where.url("/endless"), 3'000'000); }};
  ASSERT_TRUE(eventually([&] { return pieces > 10; }));
  EXPECT_EQ(stats().calls_under_way, 1u);
  EXPECT_TRUE(eventually([&] { return stats().calls_under_way == 0u; }));
}

} // namespace

} // namespace switchgear::test
