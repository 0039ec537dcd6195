#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <httplib.h>

#include "switchgear/breaker.hpp"
#include "switchgear/breaker/config.hpp"
#include "switchgear/integrations/http_server/answers.hpp"
#include "switchgear/integrations/http_server/streamed_response.hpp"

namespace switchgear {

/// How a protected route goes about its work.
struct http_server_options {
  /// Whether a status that the handler has set means that it failed. Runs on
  /// the server's threads. Default: 500 and above.
  std::function<bool(int status)> is_failure{};

  /// Answers requests that the breaker turns away, in place of `reject`. Runs
  /// on the server's threads. Default: none.
  std::function<void(const httplib::Request& request,
                     httplib::Response& response, const failure& why)>
    fallback{};

  /// What `Retry-After` says at least: the breaker does not always know, as
  /// when all its probes are out. 1 s to 24 h. Default: 1 s.
  duration least_retry_after = std::chrono::seconds{1};
};

/// All that is wrong with `options`.
inline std::vector<config_error> validate(const http_server_options& options) {
  return http_server::check(options.least_retry_after);
}

/// Answers 503 with `Retry-After`, in whole seconds, and a body
/// `application/problem+json` that says why.
inline void reject(httplib::Response& response, const failure& why,
                   duration least_retry_after = std::chrono::seconds{1}) {
  response.status = 503;
  response.set_header("Retry-After",
                      http_server::retry_after(why, least_retry_after));
  response.set_content(http_server::problem(why), "application/problem+json");
}

namespace http_server {

/// One request: `handler` answers it, if the breaker lets it.
template <class Handler>
void serve(breaker through, const http_server_options& options,
           const httplib::Request& request, httplib::Response& response,
           Handler handler) {
  auto admitted = through.acquire();
  if (!admitted) {
    if (options.fallback)
      options.fallback(request, response, admitted.error());
    else
      reject(response, admitted.error(), options.least_retry_after);
    return;
  }
  try {
    handler();
  } catch (...) {
    admitted->fail(failure::from_exception(std::current_exception()));
    throw; // the server answers
  }
  const int status = response.status < 0 ? 200 : response.status;
  if (options.is_failure ? options.is_failure(status) : status >= 500)
    admitted->fail(
      bad_status(status, response.get_header_value("Retry-After")));
  else if (response.content_provider_)
    streamed_response::judge(std::move(*admitted), response);
  else
    admitted->succeed();
}

} // namespace http_server

/// A handler for a route of an `httplib::Server` that answers through a
/// breaker:
///
///     server.Get("/report", protect(db, [&](const auto& request,
///                                           auto& response) { ... }));
///
/// | what the handler does | for the breaker | for the client |
/// |---|---|---|
/// | sets a status below 500, or none | success | the response |
/// | sets 500 or above, or what `is_failure` names | failure | the response |
/// | throws | failure | what the server makes of it |
/// | is not called: the breaker is open | rejection | 503, or the fallback |
///
/// `Retry-After` of a failing response, in seconds, is the failure's
/// `retry_after`. If the handler sets a content provider, the call ends with
/// the response: one that breaks off, or whose provider throws, is a failure;
/// one whose client goes away is cancelled. Such a call takes as long as the
/// client: mind `slow_call_duration`, `call_timeout` and `probe_lease`.
/// @note Thread-safe as far as `handler` is. Copies share it.
/// @throws setup_error if the options are not valid
inline httplib::Server::Handler protect(breaker through,
                                        httplib::Server::Handler handler,
                                        http_server_options options = {}) {
  http_server::refuse(validate(options));
  return
    [through = std::move(through), handler = std::move(handler),
     options = std::make_shared<const http_server_options>(std::move(options))](
      const httplib::Request& request, httplib::Response& response) {
      http_server::serve(through, *options, request, response,
                         [&] { handler(request, response); });
    };
}

/// The same for a handler that reads the request's body itself. The body of a
/// request that is turned away is read and dropped: what comes after it on the
/// connection is the next request.
inline httplib::Server::HandlerWithContentReader
protect(breaker through, httplib::Server::HandlerWithContentReader handler,
        http_server_options options = {}) {
  http_server::refuse(validate(options));
  return
    [through = std::move(through), handler = std::move(handler),
     options = std::make_shared<const http_server_options>(std::move(options))](
      const httplib::Request& request, httplib::Response& response,
      const httplib::ContentReader& body) {
      bool called = false;
      http_server::serve(through, *options, request, response, [&] {
        called = true;
        handler(request, response, body);
      });
      if (!called)
        body([](const char*, std::size_t) { return true; });
    };
}

} // namespace switchgear
