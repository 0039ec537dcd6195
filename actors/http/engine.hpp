#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "message.hpp"

namespace switchgear::http {

/// A complete answer, as it goes to the client.
struct answer {
  std::string bytes;
  /// What follows, if it is a stream.
  std::shared_ptr<event_source> events;
};

/// Makes answers out of requests, from memory to memory: cpp-httplib
/// understands the request and writes the response, a handler decides.
/// @note Thread-safe, if the handler is.
class engine {
public:
  using handler = std::function<response(const request&)>;

  /// Makes the response to a request that cannot be understood, and to one
  /// whose handler has thrown.
  using error_handler
    = std::function<response(int status, const std::string& why)>;

  engine(handler handle, error_handler refuse);
  ~engine();

  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;

  /// @param head the request line and headers, with the empty line
  /// @param peer who asks
  answer run(std::string_view head, std::string body,
             const std::string& peer) const;

  /// The answer to a request that was not even read.
  answer refuse(int status, const std::string& why) const;

private:
  class server;

  std::unique_ptr<server> server_;
};

} // namespace switchgear::http
