#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "switchgear/time.hpp"

namespace switchgear::http {

/// What a client asks for.
struct request {
  std::string method;
  /// The path as it was sent: what stands for a `/` within a name is still
  /// `%2F`.
  std::string target;
  /// Decoded.
  std::multimap<std::string, std::string> query;
  std::string body;
  /// `127.0.0.1:50432`
  std::string peer;
  /// The value of a header, empty if there is none. Of several the first.
  std::function<std::string(const char* name)> header;
};

/// What goes on being told after the response's head, until the client leaves.
///
/// Called by the server's thread alone; must not block.
class event_source {
public:
  virtual ~event_source() = default;

  /// What there is to tell; about `most` bytes at a time. Empty if there is
  /// nothing: then it is asked again after `server::wake_streams`, and now and
  /// then.
  virtual std::string next(time_point now, std::size_t most) = 0;
};

struct response {
  int status = 200;
  std::string body;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  /// If set, the response has no body but goes on with this.
  std::shared_ptr<event_source> events;
};

/// Undoes percent-encoding, byte by byte. A `%` without two hexadecimal digits
/// stands for itself.
std::string percent_decode(std::string_view text);

/// All bytes but letters, digits and `-._~` as `%HH`. What consists of dots
/// only is written out, too, for browsers take such path segments away.
std::string percent_encode(std::string_view text);

} // namespace switchgear::http
