#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "integrations/support/talking_process.hpp"
#include "support/reserved_port.hpp"

namespace switchgear::test {

/// An HTTP server in a process of its own, on a free loopback port that it has
/// again when it is started again. Whatever is asked it answers as it was told
/// last; see `tool_server/main.cpp` for what it understands.
/// @note Not thread-safe.
class tool_server {
public:
  /// @param tally a file for a `server_tally`; empty: none
  explicit tool_server(std::string tally = {}) : tally_(std::move(tally)) {
    start();
  }

  /// Starts it, healthy, with nothing counted but in its tally.
  void start();

  /// Kills it: connections are reset, then refused.
  void kill() {
    process_.reset();
  }

  /// Stops it: connections are made, and nothing comes of them.
  void pause() {
    process_->pause();
  }

  void resume() {
    process_->resume();
  }

  /// How to answer from now on: `healthy`, `status 503`, `hang`, ...
  void behave(std::string_view how) {
    ask(how);
  }

  /// Connections that were accepted since it was started.
  std::uint64_t connections() {
    return std::stoull(ask("connections"));
  }

  /// Requests that came in since it was started.
  std::uint64_t requests() {
    return std::stoull(ask("requests"));
  }

  /// The last request in JSON: `method`, `target`, `headers` (names in small
  /// letters), `body`.
  std::string last_request() {
    return ask("last");
  }

  std::uint16_t port() const noexcept {
    return port_.number();
  }

  /// `http://127.0.0.1:PORT` and the path.
  std::string url(std::string_view path = "") const;

private:
  std::string ask(std::string_view what);

  const std::string tally_;
  reserved_port port_;
  std::optional<talking_process> process_;
};

} // namespace switchgear::test
