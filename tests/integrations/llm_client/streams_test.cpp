/// What comes of a completion, for the caller and for the breaker.

#include <atomic>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "model_fixture.hpp"

namespace switchgear::test {

namespace {

using namespace std::chrono_literals;

class llm_client_streams : public llm_client_test {};

TEST_F(llm_client_streams, text_comes_piece_by_piece_and_as_a_whole) {
  says_hello();
  std::vector<std::string> pieces;
  const auto got = client().complete("Hi", [&](std::string_view piece) {
    pieces.emplace_back(piece);
    return true;
  });
  ASSERT_TRUE(got) << got.error().to_string();
  EXPECT_EQ(got->text, "Hello world");
  EXPECT_EQ(got->finish_reason, "stop");
  EXPECT_EQ(got->pieces, 3u);
  EXPECT_GT(got->time_to_first_token, 0s);
  EXPECT_EQ(pieces, (std::vector<std::string>{"Hello", " ", "world"}));
  EXPECT_EQ(stats().total_successes, 1u);
}

TEST_F(llm_client_streams, what_is_sent) {
  says_hello();
  auto with = options();
  with.api_key = "secret";
  llm_request what;
  what.messages = {{"system", "Be \"brief\"."}, {"user", "Grüße\n\xff"}};
  what.temperature = 0.5;
  what.max_tokens = 10;
  ASSERT_TRUE((llm_client{tool, with}.complete(what)));
  const auto sent = nlohmann::json::parse(server.last_request());
  EXPECT_EQ(sent["method"], "POST");
  EXPECT_EQ(sent["target"], "/v1/chat/completions");
  EXPECT_EQ(sent["headers"]["authorization"], "Bearer secret");
  EXPECT_EQ(sent["headers"]["content-type"], "application/json");
  const auto body = nlohmann::json::parse(sent["body"].get<std::string>());
  EXPECT_EQ(body["model"], "test-model");
  EXPECT_EQ(body["stream"], true);
  EXPECT_EQ(body["max_tokens"], 10);
  EXPECT_EQ(body["messages"][0]["content"], "Be \"brief\".");
  EXPECT_EQ(body["messages"][1]["content"], "Grüße\n\uFFFD");
}

TEST_F(llm_client_streams, connections_are_used_again) {
  says_hello();
  const auto model = client();
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(model.complete("Hi"));
  EXPECT_EQ(server.connections(), 1u);
}

TEST_F(llm_client_streams, a_stream_that_breaks_off_keeps_what_came) {
  server.behave("events" + piece("Hello") + piece(" wor") + "\t<drop>");
  const auto got = client().complete("Hi");
  EXPECT_EQ(error_of(got).problem(), http_problem::partial_body);
  EXPECT_EQ(error_of(got).partial().text, "Hello wor");
  EXPECT_EQ(got.error(), errc::operation_failed);
  EXPECT_EQ(stats().total_failures, 1u);
}

TEST_F(llm_client_streams, a_stream_that_ends_too_early_has_broken_off) {
  server.behave("events" + piece("Hello"));
  const auto got = client().complete("Hi");
  EXPECT_EQ(error_of(got).problem(), http_problem::partial_body);
  EXPECT_EQ(error_of(got).partial().text, "Hello");
  EXPECT_EQ(stats().total_failures, 1u);
}

TEST_F(llm_client_streams, that_says_no_last_word_is_whole_with_a_reason) {
  server.behave(
    "events" + piece("Hello")
    + "\tdata: {\"choices\":[{\"finish_reason\":\"length\"}]}\\n\\n");
  const auto got = client().complete("Hi");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->finish_reason, "length");
}

TEST_F(llm_client_streams, an_error_within_the_stream) {
  server.behave("events" + piece("Hel")
                + "\tdata: {\"error\":{\"message\":\"overloaded\"}}\\n\\n");
  const auto got = client().complete("Hi");
  EXPECT_EQ(error_of(got).partial().text, "Hel");
  EXPECT_EQ(got.error().message(), "overloaded");
  EXPECT_EQ(stats().total_failures, 1u);
}

TEST_F(llm_client_streams, nonsense) {
  server.behave("events" + piece("Hel") + "\tdata: <html>\\n\\n");
  const auto got = client().complete("Hi");
  EXPECT_EQ(error_of(got).problem(), http_problem::protocol);
  EXPECT_EQ(error_of(got).partial().text, "Hel");
  EXPECT_EQ(stats().total_failures, 1u);
}

TEST_F(llm_client_streams, no_text_in_time) {
  auto with = options();
  with.first_token_timeout = 200ms;
  // It may well say something else meanwhile.
  server.behave(
    R"(events	data: {"choices":[{"delta":{"role":"assistant"}}]}\n\n	<hang>)");
  const auto got = llm_client{tool, with}.complete("Hi");
  EXPECT_EQ(got.error(), errc::timeout);
  EXPECT_EQ(error_of(got).partial().pieces, 0u);
  EXPECT_EQ(stats().total_timeouts, 1u);
}

TEST_F(llm_client_streams, silence_between_pieces) {
  auto with = options();
  with.idle_timeout = 200ms;
  server.behave("events" + piece("Hel") + "\t<hang>");
  const auto got = llm_client{tool, with}.complete("Hi");
  EXPECT_EQ(got.error(), errc::timeout);
  EXPECT_EQ(error_of(got).partial().text, "Hel");
  EXPECT_EQ(stats().total_timeouts, 1u);
}

TEST_F(llm_client_streams, a_total_time) {
  auto with = options();
  with.total_timeout = 200ms;
  server.behave("events" + piece("Hel") + "\t<hang>");
  EXPECT_TRUE(eventually([&] { // on a slow machine it may not get so far
    EXPECT_TRUE(tool.reset());
    const auto got = llm_client{tool, with}.complete("Hi");
    EXPECT_EQ(got.error(), errc::timeout);
    return error_of(got).partial().text == "Hel";
  }));
}

TEST_F(llm_client_streams, rate_limits_and_overload) {
  ASSERT_TRUE(tool.reconfigure(trips_after(100)));
  const auto model = client();
  for (int status : {429, 529, 503, 500}) {
    server.behave("status " + std::to_string(status) + "\tRetry-After: 20");
    const auto got = model.complete("Hi");
    EXPECT_EQ(error_of(got).problem(), http_problem::status);
    EXPECT_EQ(error_of(got).response().status, status);
    EXPECT_EQ(got.error().retry_after(), 20s);
  }
  EXPECT_EQ(stats().total_failures, 4u);
}

TEST_F(llm_client_streams, what_is_the_callers_fault_is_not_the_providers) {
  const auto model = client();
  for (int status : {400, 401, 403, 404, 413}) {
    server.behave("status " + std::to_string(status));
    const auto got = model.complete("Hi");
    EXPECT_EQ(error_of(got).response().status, status);
    EXPECT_EQ(got.error().message(), "HTTP " + std::to_string(status));
  }
  EXPECT_EQ(stats().total_failures, 0u);
  EXPECT_EQ(stats().total_successes, 5u);
}

TEST_F(llm_client_streams, too_much_text) {
  auto with = options();
  with.max_text = 6;
  says_hello();
  const auto got = llm_client{tool, with}.complete("Hi");
  EXPECT_EQ(error_of(got).problem(), http_problem::too_large);
  EXPECT_EQ(error_of(got).partial().text, "Hello ");
  EXPECT_EQ(stats().total_failures, 0u);
}

TEST_F(llm_client_streams, cancelled_by_the_one_who_listens) {
  server.behave("events" + piece("Hello") + piece(" world") + "\t<hang>");
  const auto got = client().complete(
    "Hi", [](std::string_view piece) { return piece == "Hello"; });
  EXPECT_EQ(got.error(), errc::cancelled);
  EXPECT_EQ(error_of(got).partial().text, "Hello world");
  EXPECT_EQ(stats().total_cancelled, 1u);
  EXPECT_EQ(stats().total_failures, 0u);
}

TEST_F(llm_client_streams, cancelled_from_another_thread) {
  server.behave("events" + piece("Hello") + "\t<hang>");
  std::stop_source source;
  std::atomic<bool> began{false};
  llm_request what;
  what.messages = {{"user", "Hi"}};
  what.stop = source.get_token();
  what.on_text = [&](std::string_view) { return began = true; };
  std::thread other{[&] {
    EXPECT_TRUE(eventually([&] { return began.load(); }));
    source.request_stop();
  }};
  duration took{};
  const auto before = clock::now();
  const auto got = client().complete(what);
  took = clock::now() - before;
  other.join();
  EXPECT_EQ(got.error(), errc::cancelled);
  EXPECT_LT(took, 20s); // and not the idle time-out
  EXPECT_EQ(error_of(got).partial().text, "Hello");
  EXPECT_EQ(stats().total_cancelled, 1u);
}

TEST_F(llm_client_streams, a_listener_that_throws_is_not_the_providers_fault) {
  says_hello();
  const auto got = client().complete("Hi", [](std::string_view) -> bool {
    throw std::runtime_error{"no more paper"};
  });
  EXPECT_EQ(got.error().message(), "std::runtime_error: no more paper");
  EXPECT_EQ(stats().total_failures, 0u);
  EXPECT_EQ(stats().total_ignored, 1u);
}

TEST_F(llm_client_streams, a_listener_may_throw_anything) {
  says_hello();
  const auto http = client();
  const auto got
    = http.complete("Hi", [](std::string_view) -> bool { throw 1; });
  EXPECT_EQ(got.error(), errc::operation_failed);
  EXPECT_EQ(got.error().message(), "int");
  EXPECT_EQ(stats().total_ignored, 1u);
  EXPECT_TRUE(http.complete("Hi"));
}

TEST_F(llm_client_streams, a_long_answer_is_not_a_slow_one) {
  auto cfg = trips_after(100);
  cfg.window_size = 1;
  cfg.slow_call_duration = 1s;
  ASSERT_TRUE(tool.reconfigure(cfg));
  server.behave("events" + piece("Hello") + "\t<slow 1500>" + piece("!")
                + finish());
  const auto got = client().complete("Hi");
  ASSERT_TRUE(got);
  EXPECT_LT(got->time_to_first_token, 1s);
  EXPECT_EQ(tool.state(), state::closed);

  server.behave("events\t<slow 1500>" + piece("Hello") + finish());
  ASSERT_TRUE(client().complete("Hi"));
  EXPECT_TRUE(tool.await(state::open, patience));
}

TEST_F(llm_client_streams, requests_that_are_not_allowed_are_not_made) {
  auto with = options();
  with.model = "";
  EXPECT_EQ((llm_client{tool, with}.complete("Hi").error()),
            errc::invalid_config);
  EXPECT_EQ(client().complete(llm_request{}).error().to_string(),
            "invalid_config: messages = 0: must be 1 or more");
  EXPECT_EQ(server.connections(), 0u);
}

TEST_F(llm_client_streams, options_that_are_not_allowed) {
  const auto refused = [&](auto change) {
    auto with = options();
    change(with);
    try {
      llm_client{tool, with};
    } catch (const setup_error& why) {
      return std::string{why.what()};
    }
    return std::string{};
  };
  EXPECT_EQ(refused([](auto&) {}), "");
  EXPECT_EQ(refused([](auto& o) { o.url = ""; }),
            "url = : must be a URL that begins with http:// or https://");
  EXPECT_EQ(refused([](auto& o) { o.url = "ftp://me:secret@host"; }),
            "url = ftp://...@host: must be a URL that begins with http:// or "
            "https://");
  EXPECT_EQ(refused([](auto& o) { o.api_key = "a\r\nb"; }),
            "api_key = ...: must be one line");
  EXPECT_EQ(refused([](auto& o) { o.first_token_timeout = 0s; }),
            "first_token_timeout = 0 ms: must be 1 ms to 1 h");
  EXPECT_EQ(refused([](auto& o) { o.idle_timeout = 2h; }),
            "idle_timeout = 7200000 ms: must be 1 ms to 1 h");
  EXPECT_EQ(refused([](auto& o) { o.max_text = 0; }),
            "max_text = 0: must be 1 to 1073741824");
}

} // namespace

} // namespace switchgear::test
