#include "http/framing.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include <rapidcheck/gtest.h>

namespace switchgear::http {

namespace {

using verdict = frame::verdict;

std::string repeated(const std::string& text, std::size_t times) {
  std::string result;
  while (times-- > 0)
    result += text;
  return result;
}

const std::string get = "GET / HTTP/1.1\r\n";

struct sample {
  std::string bytes;
  verdict what;
  int status = 0;
};

void PrintTo(const sample& x, std::ostream* out) {
  *out << testing::PrintToString(x.bytes.substr(0, 60));
}

std::vector<sample> samples() {
  constexpr auto complete = verdict::complete;
  constexpr auto incomplete = verdict::incomplete;
  constexpr auto refused = verdict::refused;
  return {
    {get + "\r\n", complete},
    {get + "Host: a\r\n\r\n", complete},
    {get + "Host:a\r\nX:\r\n\r\n", complete},
    {get + "X: \t a \t \r\n\r\n", complete},
    {get + "X: \xff\xfe\r\n\r\n", complete}, // not ours to judge
    {get + "Content-Length: 3\r\n\r\nabc", complete},
    {get + "content-LENGTH:3\r\n\r\nabc", complete},
    {get + "Content-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\n\r\n", complete},
    {get + "Content-Length: 0\r\n\r\n", complete},
    {get + "Content-Length: 003\r\n\r\nabc", complete},
    {get + "Content-Length: 3\r\n\r\n\r\n\r", complete},
    {"", incomplete},
    {"G", incomplete},
    {"GET / HTTP/1.1", incomplete},
    {"GET / HTTP/1.1\r", incomplete},
    {get, incomplete},
    {get + "\r", incomplete},
    {get + "Host: a\r\n", incomplete},
    {get + "Host: a\r\n\r", incomplete},
    {get + "Content-Length: 3\r\n\r\nab", incomplete},
    // The request line
    {"\r\n\r\n", refused, 400},
    {"GET\r\n\r\n", refused, 400},
    {"GET /\r\n", refused, 400},
    {" GET / HTTP/1.1\r\n", refused, 400},
    {"GET / HTTP/1.1 \r\n", refused, 400},
    {"GET  HTTP/1.1\r\n", refused, 400},
    {"GET  / HTTP/1.1\r\n", refused, 400},
    {"GET / / HTTP/1.1\r\n", refused, 400},
    {"GET / HTTP/1.1\n", refused, 400},
    {"GET / HTTP/1.1\n\r\n\r\n", refused, 400},
    {"GET /\rx HTTP/1.1\r\n\r\n", refused, 400},
    {"GET /\rx", refused, 400},
    {"GET / HTTP/1.1\r\r\n\r\n", refused, 400},
    {std::string{"GET /\0 HTTP/1.1\r\n\r\n", 19}, refused, 400},
    {"\x16\x03\x01", refused, 400},
    {"GET /\x7f", refused, 400},
    {"GET /" + repeated("x", 4096), refused, 414},
    {"GET /" + repeated("x", 4096) + " HTTP/1.1\r\n\r\n", refused, 414},
    {"GET /" + repeated("x", 5000) + "\x01", refused, 414},
    {"GET /\x01" + repeated("x", 5000), refused, 400},
    {"GET /" + repeated("x", 4096 - 14) + " HTTP/1.1\r\n\r\n", complete},
    {"GET /" + repeated("x", 4096 - 13) + " HTTP/1.1\r\n\r\n", refused, 414},
    // Headers
    {get + "X\r\n\r\n", refused, 400},
    {get + ": a\r\n\r\n", refused, 400},
    {get + "X : a\r\n\r\n", refused, 400},
    {get + "X\t: a\r\n\r\n", refused, 400},
    {get + " X: a\r\n\r\n", refused, 400},
    {get + "X: a\r\n b\r\n\r\n", refused, 400},
    {get + "X: a\r\n\tb: c\r\n\r\n", refused, 400},
    {get + "X: a\nY: b\r\n\r\n", refused, 400},
    {get + "X: a\rY: b\r\n\r\n", refused, 400},
    {get + "X: \x1b\r\n\r\n", refused, 400},
    {get + repeated("X: 1\r\n", 64) + "\r\n", complete},
    {get + repeated("X: 1\r\n", 65) + "\r\n", refused, 431},
    {get + "X: " + repeated("x", 8187) + "\r\n\r\n", complete},
    {get + "X: " + repeated("x", 8188) + "\r\n\r\n", refused, 431},
    {get + "X: " + repeated("x", 20'000), refused, 431},
    {get + repeated("X: " + repeated("x", 995) + "\r\n", 16)
       + "X: " + repeated("x", 363) + "\r\n\r\n", // 16384 bytes
     complete},
    {get + repeated("X: " + repeated("x", 995) + "\r\n", 16)
       + "X: " + repeated("x", 366) + "\r\n\r\n",
     refused, 431},
    // The body's length
    {get + "Content-Length: 65536\r\n\r\n", incomplete},
    {get + "Content-Length: 65537\r\n\r\n", refused, 413},
    {get + "Content-Length: 18446744073709551615\r\n\r\n", refused, 413},
    {get + "Content-Length: 18446744073709551616\r\n\r\n", refused, 413},
    {get + "Content-Length: " + repeated("9", 100) + "\r\n\r\n", refused, 413},
    {get + "Content-Length:\r\n\r\n", refused, 400},
    {get + "Content-Length: -1\r\n\r\n", refused, 400},
    {get + "Content-Length: +1\r\n\r\n", refused, 400},
    {get + "Content-Length: 1 2\r\n\r\n", refused, 400},
    {get + "Content-Length: 1,1\r\n\r\n", refused, 400},
    {get + "Content-Length: 0x1\r\n\r\n", refused, 400},
    {get + "Content-Length: 1.0\r\n\r\n", refused, 400},
    {get + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", refused, 400},
    {get + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n", refused, 400},
    {get + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", refused, 411},
    {get + "TRANSFER-encoding: identity\r\n\r\n", refused, 411},
    {get + "Content-Length: 1\r\nTransfer-Encoding: x\r\n\r\nx", refused, 411},
    {get + "Content-Length : 1\r\n\r\nx", refused, 400},
  };
}

class one : public testing::TestWithParam<sample> {};

TEST_P(one, is_judged) {
  const auto& [bytes, what, status] = GetParam();
  const auto got = find_request(bytes);
  EXPECT_EQ(got.what, what) << got.why;
  EXPECT_EQ(got.status, status) << got.why;
  EXPECT_EQ(got.why.empty(), what != verdict::refused);
  if (what == verdict::complete) {
    EXPECT_EQ(bytes.substr(got.head - 4, 4), "\r\n\r\n");
    EXPECT_LE(got.head + got.body, bytes.size());
  }
}

/// What a server makes of bytes that arrive bit by bit.
frame read_in_parts(std::string_view bytes,
                    const std::vector<std::size_t>& cuts,
                    const framing_limits& limits) {
  frame result;
  for (const auto cut : cuts) {
    result = find_request(bytes.substr(0, cut), limits);
    if (result.what != verdict::incomplete)
      return result;
  }
  return find_request(bytes, limits);
}

void expect_same(const frame& x, const frame& y) {
  EXPECT_EQ(x.what, y.what) << x.why << " / " << y.why;
  EXPECT_EQ(x.status, y.status) << x.why << " / " << y.why;
  EXPECT_EQ(x.why, y.why);
  EXPECT_EQ(x.head, y.head);
  EXPECT_EQ(x.body, y.body);
}

TEST_P(one, is_judged_alike_byte_by_byte) {
  const auto& bytes = GetParam().bytes;
  std::vector<std::size_t> cuts;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if (i < 300 || i + 50 > bytes.size() || i % 97 == 0)
      cuts.push_back(i);
  expect_same(read_in_parts(bytes, cuts, {}), find_request(bytes));
}

INSTANTIATE_TEST_SUITE_P(framing, one, testing::ValuesIn(samples()));

TEST(framing, tells_head_and_body_apart) {
  const auto got = find_request(get + "Content-Length: 3\r\n\r\nabcdef");
  EXPECT_EQ(got.head, get.size() + 21);
  EXPECT_EQ(got.body, 3u);
}

TEST(framing, tells_who_waits_to_be_told_to_go_on) {
  const auto length = "Content-Length: 3\r\n";
  EXPECT_TRUE(find_request(get + length + "Expect: 100-continue\r\n\r\n")
                .expects_continue);
  EXPECT_TRUE(find_request(get + "EXPECT:100-Continue\r\n" + length + "\r\n")
                .expects_continue);
  EXPECT_FALSE(find_request(get + length + "\r\n").expects_continue);
  EXPECT_FALSE(
    find_request(get + length + "Expect: more\r\n\r\n").expects_continue);
}

// Whatever arrives, and in whatever parts.
RC_GTEST_PROP(framing, does_not_depend_on_how_bytes_arrive, ()) {
  framing_limits limits;
  limits.line = 24;
  limits.head = 60;
  limits.header = 30;
  limits.headers = 3;
  limits.body = 5;
  const auto pieces = *rc::gen::container<std::vector<std::string>>(
    rc::gen::element<std::string>(
      "GET / HTTP/1.1\r\n", "GET /", " HTTP/1.1", "\r\n", "\r", "\n",
      "\r\n\r\n", "A: b\r\n", "Content-Length: 3\r\n", "Content-Length: 6\r\n",
      "Transfer-Encoding: x\r\n", "abc", " ", ":", "\x01", "xxxxxxxxxx"));
  std::string bytes = *rc::gen::element<std::string>("GET / HTTP/1.1\r\n", "");
  for (const auto& each : pieces)
    bytes += each;
  const auto whole = find_request(bytes, limits);
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    all.push_back(i);
  const auto some = *rc::gen::container<std::vector<bool>>(
    bytes.size(), rc::gen::arbitrary<bool>());
  std::vector<std::size_t> cuts;
  for (const auto i : all)
    if (some[i])
      cuts.push_back(i);
  for (const auto& each : {all, cuts}) {
    const auto got = read_in_parts(bytes, each, limits);
    RC_ASSERT(got.what == whole.what);
    RC_ASSERT(got.status == whole.status);
    RC_ASSERT(got.head == whole.head);
    RC_ASSERT(got.body == whole.body);
  }
}

} // namespace

} // namespace switchgear::http
