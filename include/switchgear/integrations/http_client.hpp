#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "switchgear/breaker.hpp"
#include "switchgear/breaker/config.hpp"
#include "switchgear/integrations/http.hpp"

namespace switchgear {

/// Settings of an `http_client`.
struct http_client_options {
  /// Goes before URLs that begin with `/`: `https://api.example.org/v2`. Empty
  /// (the default): all URLs must be whole.
  std::string base_url;

  /// Sent with each request, before its own. Default: none.
  http_headers headers;

  /// From the first attempt to look the host up to the connection, TLS
  /// included. 1 ms to 10 min. Default: 3 s. (With a libcurl before 7.87 a
  /// lookup that takes longer is waited for.)
  duration connect_timeout = std::chrono::seconds{3};

  /// The same to the last byte of the answer. 1 ms to 24 h. Default: 30 s.
  duration total_timeout = std::chrono::seconds{30};

  /// Redirects of GET and HEAD that are followed; the answer to the last one is
  /// what counts. 0 (the default: a redirect is an answer like others) to 20.
  /// They may lead to other hosts, and from https to http. Headers go along,
  /// `Authorization` and `Cookie` to the same host only.
  int max_redirects = 0;

  /// Bytes of an answer's body. 0 to 1 GiB. Default: 8 MiB.
  std::size_t max_body = std::size_t{8} * 1024 * 1024;

  /// The most that a tool can ask for with `Retry-After`. 0 to 24 h. Default:
  /// 1 h.
  duration max_retry_after = std::chrono::hours{1};

  /// Connections that are kept for later calls. As many calls as there are
  /// threads can be made at once in any case. 0 to 1024. Default: 8.
  std::size_t idle_connections = 8;

  /// URL of a proxy; empty: none. Unset (the default): what the environment
  /// says (`http_proxy`, `https_proxy`, `no_proxy`).
  std::optional<std::string> proxy;

  /// File with the certificates that are trusted, in PEM. Empty (the default):
  /// the system's.
  std::string ca_file;

  /// What an answer means for the breaker. Throws: the default decides. Called
  /// on the threads that make calls. Default: `default_http_verdict` of the
  /// status.
  std::function<http_verdict(const http_response&)> judge;
};

/// All that is wrong with `options`.
std::vector<config_error> validate(const http_client_options& options);

/// An HTTP client whose calls go through a breaker: one for each tool.
///
/// | what comes of a call | for the breaker | for the caller |
/// |---|---|---|
/// | any status but those below, redirects too | success | the answer |
/// | 408, 429, 500 to 599 | failure | `operation_failed` |
/// | no address, no connection, no trusted one | failure | `operation_failed` |
/// | connection lost, before or within the answer | failure | the same |
/// | an answer that is not HTTP; more redirects than allowed | failure | same |
/// | no connection, or not all of the answer, in time | timeout | `timeout` |
/// | a body above `max_body` | as its status | `operation_failed` |
/// | no memory, a bad `ca_file` | ignored | `operation_failed` |
/// | a request that is not allowed | not asked | `invalid_config` |
/// | the breaker is open | rejection | `circuit_open`; nothing is sent |
///
/// `http_error_of(failure)` gives the answer behind a failure, and what went
/// wrong. A `Retry-After` of a failing answer, seconds or a date, is the
/// failure's `retry_after`, and the breaker stays open that long.
/// @note Copies share their connections. All functions are thread-safe and
///       block the caller's thread.
class http_client {
public:
  /// @throws setup_error if the options are not valid
  explicit http_client(breaker through, http_client_options options = {});

  expected<http_response, failure> get(std::string_view url,
                                       http_headers headers = {}) const;

  /// @param headers with a `Content-Type`, or it is
  ///        `application/octet-stream`
  expected<http_response, failure> post(std::string_view url, std::string body,
                                        http_headers headers = {}) const;

  expected<http_response, failure> put(std::string_view url, std::string body,
                                       http_headers headers = {}) const;

  /// DELETE.
  expected<http_response, failure> del(std::string_view url,
                                       http_headers headers = {}) const;

  expected<http_response, failure> request(http_request what) const;

  const breaker& through() const noexcept;

private:
  struct shared;
  std::shared_ptr<shared> shared_;
};

} // namespace switchgear
