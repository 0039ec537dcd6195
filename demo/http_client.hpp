#pragma once

#include <chrono>
#include <string>

#include "switchgear/expected.hpp"

namespace demo {

/// Loads what HTTP requests need; one must live while they are made.
struct http_library {
  http_library();
  ~http_library();
  http_library(const http_library&) = delete;
  http_library& operator=(const http_library&) = delete;
};

/// Sends a GET request and returns the answer's body without the line end, or
/// in a few words why there is none in time, or one with a status of 400 or
/// above: `HTTP 500`, `connection refused`.
/// @note Blocks. Safe to call from several threads.
switchgear::expected<std::string, std::string>
http_get(const std::string& url, std::chrono::milliseconds timeout);

} // namespace demo
