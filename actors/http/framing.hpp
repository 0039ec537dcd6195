#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace switchgear::http {

/// How much of a request is read before it is refused.
struct framing_limits {
  /// Of the request line, in bytes; more is answered with 414.
  std::size_t line = 4096;
  /// Of the request line and all headers; more is answered with 431.
  std::size_t head = 16 * 1024;
  std::size_t headers = 64;
  /// Of one header; more is answered with 431. cpp-httplib takes no more than
  /// 8192 bytes with the line's end.
  std::size_t header = 8 * 1024 - 2;
  /// Of the body; more is answered with 413.
  std::size_t body = 64 * 1024;
};

/// Where the first request in some bytes ends, as far as that is known.
struct frame {
  enum class verdict {
    incomplete, ///< More has to be read.
    complete,
    refused, ///< It will not be read to its end.
  };

  verdict what = verdict::incomplete;
  /// Of its head, with the empty line after it; zero while that is not there.
  std::size_t head = 0;
  std::size_t body = 0;
  /// Whether the client waits for `100 Continue` before it sends the body.
  bool expects_continue = false;
  /// Of one that is refused.
  int status = 0;
  std::string why;
};

/// Looks for the end of the request that `bytes` begins with. Stricter than it
/// would have to be about what two readers could understand in two ways.
frame find_request(std::string_view bytes, const framing_limits& limits = {});

} // namespace switchgear::http
