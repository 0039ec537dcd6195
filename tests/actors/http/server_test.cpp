#include <gmock/gmock.h>

#include <stdexcept>
#include <string>

#include "server_fixture.hpp"
#include "support/eventually.hpp"

namespace switchgear::http {

namespace {

using test::eventually;
using test::raw_client;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST_F(http_server, understands_requests) {
  start([](const request& asked) {
    return text(asked.method + '|' + asked.target + '|'
                + asked.query.find("q")->second + '|' + asked.body + '|'
                + asked.header("x-NAME") + '|' + asked.header("none") + '|'
                + asked.peer);
  });
  EXPECT_THAT(
    ask("PUT /a%2Fb?q=%26+%00z&r HTTP/1.1\r\nX-Name: v \r\n"
        "Content-Length: 3\r\n\r\na\nb"),
    HasSubstr(std::string{"PUT|/a%2Fb|& \0z|a\nb|v||127.0.0.1:", 30}));
}

TEST_F(http_server, answers) {
  start([](const request&) {
    auto result = text("hello", 418);
    result.headers.emplace_back("X-One", "1");
    return result;
  });
  const auto got = ask();
  EXPECT_THAT(got, StartsWith("HTTP/1.1 418 "));
  EXPECT_THAT(got, HasSubstr("\r\nX-One: 1\r\n"));
  EXPECT_THAT(got, HasSubstr("\r\nContent-Type: text/plain\r\n"));
  EXPECT_THAT(got, HasSubstr("\r\nContent-Length: 5\r\n"));
  EXPECT_THAT(got, HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_THAT(got, EndsWith("\r\n\r\nhello"));
  EXPECT_THAT(ask("HEAD / HTTP/1.1\r\n\r\n"), EndsWith("\r\n\r\n"));
}

TEST_F(http_server, lets_no_header_become_two) {
  start([](const request&) {
    auto result = text("");
    result.headers.emplace_back("X-One", "1\r\nX-Two: 2");
    return result;
  });
  EXPECT_THAT(ask(), Not(HasSubstr("X-Two")));
}

TEST_F(http_server, refuses_what_it_does_not_understand) {
  start([](const request&) { return text("fine"); });
  EXPECT_THAT(ask("\x16\x03\x01"), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(ask("BREW / HTTP/1.1\r\n\r\n"), HasSubstr("\r\n\r\nrefused: "));
  EXPECT_THAT(ask("GET / HTTP/1.1\r\nTransfer-Encoding: x\r\n\r\n"),
              StartsWith("HTTP/1.1 411 "));
  EXPECT_THAT(ask(), EndsWith("fine"));
}

TEST_F(http_server, tells_what_a_handler_throws) {
  start([](const request& asked) -> response {
    if (asked.target == "/number")
      throw 42;
    throw std::runtime_error{"no luck"};
  });
  EXPECT_THAT(ask(), StartsWith("HTTP/1.1 500 "));
  EXPECT_THAT(ask(), EndsWith("refused: no luck"));
  EXPECT_THAT(ask("GET /number HTTP/1.1\r\n\r\n"),
              HasSubstr("no std::exception"));
}

// Whose answer cannot even be refused is left, and does not wait for ever.
TEST_F(http_server, leaves_whom_it_cannot_answer) {
  start([](const request&) -> response { throw std::runtime_error{"one"}; }, {},
        [](int, const std::string&) -> response {
          throw std::runtime_error{"two"};
        });
  EXPECT_EQ(ask(), "");
  EXPECT_TRUE(
    eventually([&] { return tested->current_load().connections == 0; }));
}

TEST_F(http_server, reads_a_body_in_small_parts) {
  start([](const request& asked) { return text(asked.body); });
  raw_client client{where.port()};
  client.say("PUT / HTTP/1.1\r\nExpect: 100-continue\r\n"
             "Content-Length: 6\r\n\r\n");
  EXPECT_EQ(client.hear("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  for (const auto* each : {"a", "b", "", "cd", "e", "fghi"})
    client.say(each);
  const auto got = client.hear_all();
  EXPECT_THAT(got, EndsWith("\r\n\r\nabcdef"));
  EXPECT_EQ(got.find("100 Continue"), got.rfind("100 Continue"));
}

TEST_F(http_server, compresses_with_what_is_cheap) {
  start([](const request&) { return text(std::string(10'000, 'x')); });
  const auto head_of = [&](const std::string& accepted) {
    const auto got
      = ask("GET / HTTP/1.1\r\nAccept-Encoding: " + accepted + "\r\n\r\n");
    return got.substr(0, got.find("\r\n\r\n"));
  };
  EXPECT_THAT(head_of("br, gzip"), HasSubstr("Content-Encoding: gzip"));
  EXPECT_THAT(head_of("br\r\nAccept-Encoding: gzip"),
              HasSubstr("Content-Encoding: gzip"));
  EXPECT_THAT(head_of("br"), Not(HasSubstr("Content-Encoding")));
}

} // namespace

} // namespace switchgear::http
