/// What comes of a call, for its caller and for the breaker.

#include <fcntl.h>
#include <sys/socket.h>

#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "client_fixture.hpp"

namespace switchgear::test {

namespace {

using namespace std::chrono_literals;

class http_client_answers : public http_client_test {
public:
  nlohmann::json last() {
    return nlohmann::json::parse(server.last_request());
  }
};

TEST_F(http_client_answers, all_methods) {
  const auto http = client();
  EXPECT_EQ(http.get("/a?b=c")->body, "GET\n/a?b=c\n\n");
  EXPECT_EQ(http.post("/p", "x")->body, "POST\n/p\nx\n");
  EXPECT_EQ(http.put("/p", "y")->body, "PUT\n/p\ny\n");
  EXPECT_EQ(http.del("/p")->body, "DELETE\n/p\n\n");
  EXPECT_EQ(http.request({"PATCH", "/p", {}, "z"})->body, "PATCH\n/p\nz\n");
  const auto head = http.request({"HEAD", "/p", {}, {}});
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->body, "");
  EXPECT_EQ(stats().total_successes, 6u);
}

TEST_F(http_client_answers, headers_both_ways) {
  auto options = quick();
  options.headers = {{"X-Common", "1"}, {"X-Both", "common"}};
  const auto http = client(options);
  server.behave("status 200\tX-Answer: yes");
  const auto got
    = http.post("/", "{}", {{"x-both", "own"}, {"Content-Type", "text/x"}});
  EXPECT_EQ(find_header(got->headers, "x-answer"), "yes");
  EXPECT_EQ(find_header(got->headers, "X-Missing"), std::nullopt);
  const auto sent = last()["headers"];
  EXPECT_EQ(sent["x-common"], "1");
  EXPECT_EQ(sent["x-both"], "own");
  EXPECT_EQ(sent["content-type"], "text/x");
  EXPECT_FALSE(sent.contains("expect"));
}

TEST_F(http_client_answers, a_large_body_arrives_as_it_is) {
  const std::string large(2'000'000, 'x');
  const auto got = client().post("/", large);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->body, "POST\n/\n" + large + "\n");
}

TEST_F(http_client_answers, statuses_that_are_answers) {
  const auto http = client();
  for (int status : {200, 204, 301, 304, 400, 401, 403, 404, 409, 422}) {
    server.behave("status " + std::to_string(status));
    const auto got = http.get("/");
    ASSERT_TRUE(got) << status;
    EXPECT_EQ(got->status, status);
  }
  EXPECT_EQ(stats().total_successes, 10u);
  EXPECT_EQ(stats().total_failures, 0u);
}

TEST_F(http_client_answers, statuses_that_are_failures) {
  ASSERT_TRUE(tool.reconfigure(trips_after(100)));
  const auto http = client();
  for (int status : {408, 429, 500, 501, 502, 503, 504, 529}) {
    server.behave("status " + std::to_string(status) + "\tX-Why: because");
    const auto got = http.get("/");
    EXPECT_EQ(problem(got), http_problem::status) << status;
    EXPECT_EQ(got.error(), errc::operation_failed);
    EXPECT_EQ(got.error().message(), "HTTP " + std::to_string(status));
    const auto& answer = http_error_of(got.error())->response();
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(find_header(answer.headers, "x-why"), "because");
    EXPECT_EQ(answer.body, "status " + std::to_string(status) + "\n");
    EXPECT_EQ(got.error().retry_after(), 0s);
  }
  EXPECT_EQ(stats().total_failures, 8u);
}

TEST_F(http_client_answers, can_be_judged_otherwise) {
  auto options = quick();
  options.judge = [](const http_response& answer) {
    if (answer.status == 418)
      throw std::runtime_error{"no idea"};
    return answer.status == 404   ? http_verdict::failure
           : answer.status == 503 ? http_verdict::ignored
                                  : http_verdict::success;
  };
  const auto http = client(options);
  server.behave("status 404");
  EXPECT_EQ(problem(http.get("/")), http_problem::status);
  server.behave("status 503");
  EXPECT_EQ(http.get("/")->status, 503);
  server.behave("status 500");
  EXPECT_EQ(http.get("/")->status, 500);
  server.behave("status 418");
  EXPECT_EQ(http.get("/")->status, 418);
  const auto all = stats();
  EXPECT_EQ(all.total_failures, 1u);
  EXPECT_EQ(all.total_ignored, 1u);
  EXPECT_EQ(all.total_successes, 2u);
}

TEST_F(http_client_answers, a_judge_that_throws_anything_has_said_nothing) {
  auto options = quick();
  options.judge = [](const http_response&) -> http_verdict { throw 1; };
  const auto http = client(options);
  EXPECT_EQ(http.get("/")->status, 200);
  server.behave("status 500");
  EXPECT_EQ(problem(http.get("/")), http_problem::status);
  EXPECT_EQ(stats().total_successes, 1u);
  EXPECT_EQ(stats().total_failures, 1u);
}

TEST_F(http_client_answers, retry_after) {
  ASSERT_TRUE(tool.reconfigure(trips_after(100)));
  const auto http = client();
  const auto asked = [&](const std::string& headers) {
    server.behave("status 503\t" + headers);
    return http.get("/").error().retry_after();
  };
  EXPECT_EQ(asked("Retry-After: 7"), 7s);
  EXPECT_EQ(asked("retry-after:  12"), 12s);
  EXPECT_EQ(asked("Retry-After: 0"), 0s);
  EXPECT_EQ(asked("Retry-After: -5"), 0s);
  EXPECT_EQ(asked("Retry-After: soon"), 0s);
  EXPECT_EQ(asked("Retry-After: 99999999999999999999999"), 1h);
  EXPECT_EQ(asked("Date: Fri, 01 Jan 2027 00:00:00 GMT\t"
                  "Retry-After: Fri, 01 Jan 2027 00:00:30 GMT"),
            30s);
  EXPECT_EQ(asked("Retry-After: Fri, 01 Jan 2016 00:00:00 GMT"), 0s);
  EXPECT_EQ(asked("Retry-After: Fri, 01 Jan 2066 00:00:00 GMT"), 1h);
}

TEST_F(http_client_answers, redirects_are_answers_unless_they_are_wanted) {
  server.behave("status 302\tLocation: /elsewhere");
  EXPECT_EQ(client().get("/")->status, 302);
  auto options = quick();
  options.max_redirects = 2;
  const auto before = server.requests();
  EXPECT_EQ(problem(client(options).get("/")), http_problem::protocol);
  EXPECT_EQ(server.requests(), before + 3);
  EXPECT_EQ(client(options).post("/", "x")->status, 302);
}

TEST_F(http_client_answers, no_redirect_leads_out_of_http) {
  auto options = quick();
  options.max_redirects = 2;
  server.behave("status 302\tLocation: file:///etc/passwd");
  EXPECT_EQ(problem(client(options).get("/")), http_problem::protocol);
}

TEST_F(http_client_answers, a_body_that_is_too_large) {
  auto options = quick();
  options.max_body = 100;
  const auto http = client(options);
  server.behave("size 100");
  EXPECT_EQ(http.get("/")->body.size(), 100u);
  server.behave("size 101");
  const auto got = http.get("/");
  EXPECT_EQ(problem(got), http_problem::too_large);
  EXPECT_EQ(http_error_of(got.error())->response().status, 200);
  EXPECT_EQ(http_error_of(got.error())->response().body.size(), 100u);
  EXPECT_EQ(stats().total_successes, 2u); // the tool has answered
  EXPECT_EQ(stats().total_failures, 0u);
}

TEST_F(http_client_answers, a_body_that_breaks_off) {
  server.behave("drop 10");
  const auto got = client().get("/");
  EXPECT_EQ(problem(got), http_problem::partial_body);
  EXPECT_EQ(http_error_of(got.error())->response().status, 200);
  EXPECT_EQ(http_error_of(got.error())->response().body, "..........");
  EXPECT_EQ(stats().total_failures, 1u);
}

TEST_F(http_client_answers, no_connection) {
  server.kill();
  const auto got = client().get("/");
  EXPECT_EQ(problem(got), http_problem::connect);
  EXPECT_EQ(got.error().message(), "connection refused");
  EXPECT_EQ(http_error_of(got.error())->response().status, 0);
}

TEST_F(http_client_answers, no_address) {
  EXPECT_EQ(problem(client().get("http://no-such-host.invalid/")),
            http_problem::resolve);
  EXPECT_EQ(stats().total_failures, 1u);
}

TEST_F(http_client_answers, no_tls) {
  const auto port = std::to_string(server.port());
  EXPECT_EQ(problem(client().get("https://127.0.0.1:" + port + "/")),
            http_problem::tls);
  EXPECT_EQ(stats().total_failures, 1u);
}

TEST_F(http_client_answers, no_ca_file_is_not_the_tools_fault) {
  auto options = quick();
  options.ca_file = "/no/such/file";
  const auto port = std::to_string(server.port());
  EXPECT_EQ(problem(client(options).get("https://127.0.0.1:" + port + "/")),
            http_problem::local);
  EXPECT_EQ(stats().total_ignored, 1u);
}

TEST_F(http_client_answers, a_time_out_is_a_time_out) {
  auto options = quick();
  options.total_timeout = 100ms;
  server.behave("hang");
  const auto got = client(options).get("/");
  EXPECT_EQ(got.error(), errc::timeout);
  EXPECT_EQ(problem(got), http_problem::timeout);
  EXPECT_EQ(stats().total_timeouts, 1u);
}

TEST_F(http_client_answers, requests_that_are_not_allowed_are_not_made) {
  const auto http = client();
  const auto refused = [&](http_request what) {
    const auto got = http.request(std::move(what));
    return got ? std::string{"an answer"} : got.error().to_string();
  };
  for (const auto* url : {"", "ftp://host/", "file:///etc/passwd", "host/x",
                          "http://", "http://a b/", "gopher://x/"})
    EXPECT_TRUE(
      refused({"GET", url, {}, {}}).starts_with("invalid_config: url"))
      << url;
  EXPECT_EQ(refused({"GET", "/x\r\nEvil: 1", {}, {}}).substr(0, 20),
            "invalid_config: url ");
  EXPECT_EQ(refused({"GET", "ftp://me:secret@host/", {}, {}}),
            "invalid_config: url = ftp://...@host/: must be a URL that begins "
            "with http:// or https://");
  EXPECT_EQ(refused({"GE T", "/", {}, {}}),
            "invalid_config: method = GE T: must be letters only");
  EXPECT_EQ(refused({"GET", "/", {{"X", "1\r\nEvil: 1"}}, {}}),
            "invalid_config: headers = X: must be names without blanks, and "
            "values in one line");
  EXPECT_EQ(refused({"GET", "/", {{"X Y", "1"}}, {}}).substr(0, 23),
            "invalid_config: headers");
  EXPECT_EQ(refused({"GET", "/", {}, "body"}),
            "invalid_config: body = 4 bytes: must be empty with GET and HEAD");
  EXPECT_EQ(server.connections(), 0u);
  EXPECT_EQ(stats().total_calls, 0u);
}

TEST_F(http_client_answers, connections_are_used_again) {
  const auto http = client();
  const auto copy = http;
  for (int i = 0; i < 20; ++i)
    ASSERT_TRUE((i % 2 ? http : copy).get("/"));
  EXPECT_EQ(server.connections(), 1u);
  EXPECT_EQ(server.requests(), 20u);
}

TEST_F(http_client_answers, connections_are_not_for_programs_that_are_started) {
  const auto http = client();
  ASSERT_TRUE(http.get("/"));
  for (int fd = 3; fd < 256; ++fd) {
    sockaddr_storage address{};
    socklen_t size = sizeof(address);
    if (getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0
        && address.ss_family == AF_INET) {
      EXPECT_TRUE(fcntl(fd, F_GETFD) & FD_CLOEXEC) << fd;
    }
  }
}

TEST_F(http_client_answers, many_threads_share_a_client) {
  const auto http = client();
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, path = "/" + std::to_string(i)] {
      for (int n = 0; n < 25; ++n)
        EXPECT_EQ(http.get(path)->body, "GET\n" + path + "\n\n");
    });
  for (auto& each : threads)
    each.join();
  EXPECT_LE(server.connections(), 8u);
  EXPECT_EQ(server.requests(), 200u);
  EXPECT_EQ(stats().total_successes, 200u);
}

TEST_F(http_client_answers, options_that_are_not_allowed) {
  const auto refused = [&](auto change) {
    http_client_options options;
    change(options);
    try {
      http_client{tool, options};
    } catch (const setup_error& why) {
      return std::string{why.what()};
    }
    return std::string{};
  };
  EXPECT_EQ(refused([](auto&) {}), "");
  EXPECT_EQ(refused([](auto& o) { o.connect_timeout = 0s; }),
            "connect_timeout = 0 ms: must be 1 ms to 10 min");
  EXPECT_EQ(refused([](auto& o) { o.connect_timeout = 500us; }),
            "connect_timeout = 0.5 ms: must be 1 ms to 10 min");
  EXPECT_EQ(refused([](auto& o) { o.total_timeout = 25h; }),
            "total_timeout = 90000000 ms: must be 1 ms to 24 h");
  EXPECT_EQ(refused([](auto& o) { o.max_redirects = -1; }),
            "max_redirects = -1: must be 0 to 20");
  EXPECT_EQ(refused([](auto& o) { o.max_body = std::size_t{1} << 31; }),
            "max_body = 2147483648: must be 0 to 1073741824");
  EXPECT_EQ(refused([](auto& o) { o.base_url = "ftp://host"; }),
            "base_url = ftp://host: must be a URL that begins with http:// or "
            "https://, without ? and #");
  EXPECT_EQ(refused([](auto& o) { o.base_url = "https://me:a/@b@host/?c"; }),
            "base_url = https://...@host/?c: must be a URL that begins with "
            "http:// or https://, without ? and #");
  EXPECT_EQ(
    refused([](auto& o) {
      o.headers = {{"A", "b\nc"}};
    }),
    "headers = A: must be names without blanks, and values in one line");
  EXPECT_EQ(refused([](auto& o) { o.max_retry_after = -1s; }),
            "max_retry_after = -1000 ms: must be 0 to 24 h");
  EXPECT_EQ(refused([](auto& o) { o.idle_connections = 2000; }),
            "idle_connections = 2000: must be 0 to 1024");
}

} // namespace

} // namespace switchgear::test
