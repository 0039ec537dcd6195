#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "framing.hpp"
#include "message.hpp"
#include "switchgear/detail/unique_fd.hpp"
#include "switchgear/time.hpp"

namespace switchgear::http {

/// One client, for one request.
///
///     reading -> working -> writing -> draining
///                        -> streaming
struct connection {
  enum class phase {
    reading,   ///< The request is not complete.
    working,   ///< It is being answered.
    writing,   ///< The answer is on its way.
    streaming, ///< As `writing`, and there will be more.
    draining,  ///< All has been said; what it still says is not heard, so that
               ///< it gets to hear the answer.
  };

  connection(detail::unique_fd socket, std::string who, time_point at)
    : fd(std::move(socket)),
      peer(std::move(who)),
      since(at) {
    // nop
  }

  detail::unique_fd fd;
  std::string peer;
  phase is = phase::reading;
  /// When it entered its phase; streaming: when it last took something.
  time_point since;
  std::string input;
  /// What is known of its request.
  frame request;
  std::string output;
  std::size_t written = 0;
  std::size_t discarded = 0;
  /// What epoll watches for.
  std::uint32_t watched = 0;
  std::shared_ptr<event_source> events;
};

} // namespace switchgear::http
