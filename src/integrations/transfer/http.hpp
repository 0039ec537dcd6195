#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "switchgear/integrations/http.hpp"
#include "transfer/line.hpp"

namespace switchgear::transfer {

/// How one HTTP request is made.
struct http_exchange {
  http_exchange(const http_request& what) : request(what) { // NOLINT
    // nop
  }

  const http_request& request;
  /// Go before those of the request, which replace the ones of their name.
  const http_headers* common = nullptr;
  duration connect_timeout{};
  duration total_timeout{}; // zero: none
  int max_redirects = 0;
  std::size_t max_body = 0;
  const char* proxy = nullptr; // null: what the environment says
  const char* ca_file = nullptr;

  /// Takes the body of an answer that is no failure by its status, piece by
  /// piece; false: give up.
  std::function<bool(std::string_view)> on_data;
  line::watch watch;
  std::stop_token stop;
};

/// What came of it.
struct http_outcome {
  http_response response;
  std::optional<http_problem> problem; // none: a whole answer
  bool given_up = false;               // by `on_data`, `watch` or `stop`
  std::string text;                    // says what went wrong
};

http_outcome exchange(line& over, const http_exchange& what);

/// What is wrong with a request, in words; empty if it can be made.
std::string explain(const http_request& what);

/// Whether libcurl takes it for a URL with one of these schemes, each with a
/// `,` behind it.
bool is_url(std::string_view text, std::string_view schemes);

/// A URL for people: without a name and password in it.
std::string shown(std::string_view url);

/// Whether a name and value are fit for a header, and no more than one.
bool is_header(const http_header& what) noexcept;

} // namespace switchgear::transfer
