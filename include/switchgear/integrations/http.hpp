#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "switchgear/failure.hpp"

/// The vocabulary of all that speaks HTTP.
namespace switchgear {

struct http_header {
  std::string name;
  std::string value;

  friend bool operator==(const http_header&, const http_header&) = default;
};

/// In the order in which they were sent; a name may come more than once.
using http_headers = std::vector<http_header>;

/// The first value of that name, whatever its case.
std::optional<std::string_view> find_header(const http_headers& in,
                                            std::string_view name) noexcept;

struct http_request {
  /// Letters only. GET and HEAD have no body.
  std::string method = "GET";
  /// `http://` or `https://`; where a client has a base URL also a path.
  std::string url;
  http_headers headers;
  std::string body;
};

struct http_response {
  /// 0 if no answer came.
  int status = 0;
  http_headers headers;
  std::string body;
};

/// What went wrong with a request that was made.
enum class http_problem : std::uint8_t {
  status,       ///< An answer came, and its status says that the tool failed.
  resolve,      ///< The host's name has no address.
  connect,      ///< No connection: refused, unreachable.
  tls,          ///< No trusted connection: handshake, certificate.
  timeout,      ///< No answer, or not all of it, in time.
  lost,         ///< The connection ended before there was an answer.
  partial_body, ///< The connection ended within the answer's body.
  too_large,    ///< The answer is larger than the caller allows.
  protocol,     ///< What came is not what was agreed on.
  local,        ///< This process could not even try: no memory, no file.
};

/// `partial_body` and the like.
std::string_view to_string(http_problem value) noexcept;

/// Behind a failure: what went wrong, and what came of the answer. See
/// `http_error_of`.
class http_error : public std::runtime_error {
public:
  http_error(http_problem problem, const std::string& what,
             http_response response)
    : std::runtime_error(what),
      problem_(problem),
      response_(std::make_shared<const http_response>(std::move(response))) {
    // nop
  }

  http_problem problem() const noexcept {
    return problem_;
  }

  /// With `http_problem::status` the whole answer; else as much of it as came,
  /// with status 0 if nothing did.
  const http_response& response() const noexcept {
    return *response_;
  }

private:
  http_problem problem_;
  std::shared_ptr<const http_response> response_;
};

/// What is behind a failure of a client that speaks HTTP; null if it is a
/// rejection, or something else. Valid as long as `why` or a copy of it.
///
///     auto page = client.get("/page");
///     if (!page)
///       if (const auto* error = http_error_of(page.error()))
///         log(error->response().status, error->response().body);
const http_error* http_error_of(const failure& why) noexcept;

/// What an answer means for the breaker.
enum class http_verdict : std::uint8_t {
  success, ///< The tool works; the caller gets the answer.
  failure, ///< The tool fails; the caller gets a failure that holds the answer.
  ignored, ///< Says nothing about the tool; the caller gets the answer.
};

/// 408, 429 and 500 to 599 are failures, all other statuses successes: a 404 is
/// an answer, and what is wrong with it is the question.
http_verdict default_http_verdict(int status) noexcept;

} // namespace switchgear
