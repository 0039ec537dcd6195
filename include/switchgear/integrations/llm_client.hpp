#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "switchgear/breaker.hpp"
#include "switchgear/breaker/config.hpp"
#include "switchgear/integrations/http.hpp"

namespace switchgear {

/// Settings of an `llm_client`.
struct llm_client_options {
  /// Whole URL of the completions, `https://HOST/v1/chat/completions`.
  std::string url;

  /// Which model is asked, unless the request says. Default: the request must.
  std::string model;

  /// Sent as `Authorization: Bearer ...`. Empty (the default): not sent.
  std::string api_key;

  /// Sent with each request. Default: none.
  http_headers headers;

  /// From the first attempt to look the host up to the connection. 1 ms to
  /// 10 min. Default: 5 s.
  duration connect_timeout = std::chrono::seconds{5};

  /// From the call to the first piece of text. 1 ms to 1 h. Default: 60 s.
  duration first_token_timeout = std::chrono::seconds{60};

  /// From one piece of text to the next, or to the end. 1 ms to 1 h. Default:
  /// 30 s.
  duration idle_timeout = std::chrono::seconds{30};

  /// From the call to the end. 1 ms to 24 h. Default: 10 min.
  duration total_timeout = std::chrono::minutes{10};

  /// Bytes of a completion's text, and of an answer that is none. 1 to 1 GiB.
  /// Default: 8 MiB.
  std::size_t max_text = std::size_t{8} * 1024 * 1024;

  /// The most that a provider can ask for with `Retry-After`. 0 to 24 h.
  /// Default: 1 h.
  duration max_retry_after = std::chrono::hours{1};

  /// Connections that are kept for later calls. 0 to 1024. Default: 4.
  std::size_t idle_connections = 4;

  /// URL of a proxy; empty: none. Unset (the default): what the environment
  /// says.
  std::optional<std::string> proxy;

  /// File with the certificates that are trusted, in PEM. Empty (the default):
  /// the system's.
  std::string ca_file;
};

/// All that is wrong with `options`.
std::vector<config_error> validate(const llm_client_options& options);

struct llm_message {
  std::string role; ///< `system`, `user`, `assistant`
  std::string content;
};

struct llm_request {
  std::vector<llm_message> messages;

  /// Empty (the default): that of the client.
  std::string model{};

  std::optional<double> temperature{};
  std::optional<int> max_tokens{};

  /// Gets the text piece by piece as it comes, on the caller's thread. False:
  /// enough, the call is cancelled. What it throws is returned as the failure,
  /// and is not the provider's.
  std::function<bool(std::string_view piece)> on_text{};

  /// Cancels the call from another thread.
  std::stop_token stop{};
};

/// What a model said, or had said when something went wrong.
struct llm_completion {
  std::string text;
  /// `stop`, `length`, ...; empty if it was not told.
  std::string finish_reason;
  /// From the call to the first piece of text; zero if none came.
  duration time_to_first_token{};
  /// Pieces in which it came.
  std::size_t pieces = 0;
};

/// Behind a failure. See `llm_error_of`.
class llm_error : public http_error {
public:
  llm_error(http_problem problem, const std::string& what,
            http_response response, llm_completion partial)
    : http_error(problem, what, std::move(response)),
      partial_(std::make_shared<const llm_completion>(std::move(partial))) {
    // nop
  }

  /// What had come until then.
  const llm_completion& partial() const noexcept {
    return *partial_;
  }

private:
  std::shared_ptr<const llm_completion> partial_;
};

/// What is behind a failure of an `llm_client`; null if it is a rejection, or
/// something else. Valid as long as `why` or a copy of it.
const llm_error* llm_error_of(const failure& why) noexcept;

/// A client of a large language model behind a breaker: chat completions in
/// the shape of OpenAI's, as a stream of server-sent events.
///
/// What the breaker takes for the duration of a call is the time to the first
/// piece of text: `config::slow_call_duration` judges that, and a long answer
/// is not a slow one.
///
/// | what comes of a call | for the breaker | for the caller |
/// |---|---|---|
/// | a stream to its end | success | the completion |
/// | 429, 529, 503, other 5xx, 408 | failure | `operation_failed` |
/// | other statuses that are not 200 | success | `operation_failed` |
/// | an error within the stream | failure | `operation_failed` |
/// | a stream that breaks off, or is none | failure | `operation_failed` |
/// | no connection | failure | `operation_failed` |
/// | one of the time-outs | timeout | `timeout` |
/// | more text than allowed | success | `operation_failed` |
/// | cancelled by `stop` or `on_text` | cancelled | `cancelled` |
/// | `on_text` throws | ignored | `operation_failed` |
/// | a request that is not allowed | not asked | `invalid_config` |
/// | the breaker is open | rejection | `circuit_open`; nothing is sent |
///
/// `llm_error_of(failure)` gives what had come of the text, and the answer. A
/// `Retry-After` is the failure's `retry_after`, and the breaker stays open
/// that long.
/// @note Copies share their connections. All functions are thread-safe and
///       block the caller's thread.
class llm_client {
public:
  /// @throws setup_error if the options are not valid
  llm_client(breaker through, llm_client_options options);

  expected<llm_completion, failure> complete(const llm_request& what) const;

  /// One message of the user's.
  expected<llm_completion, failure>
  complete(std::string prompt,
           std::function<bool(std::string_view)> on_text = {}) const;

  const breaker& through() const noexcept;

private:
  struct shared;
  std::shared_ptr<shared> shared_;
};

} // namespace switchgear
