#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "engine.hpp"
#include "framing.hpp"
#include "listening_socket.hpp"

namespace switchgear::http {

/// Who answers a request.
enum class lane {
  common,  ///< One of the threads that most requests share.
  at_once, ///< The thread that keeps the connections: no other has to be
           ///< woken. For answers that are made in a moment, without waiting.
  watch,   ///< A thread for those who watch over the program; they must not
           ///< wait for those who browse.
  slow,    ///< A thread for what may take its time, so that nobody else waits.
};

struct server_options {
  /// As debuggers show its threads; up to 10 characters count.
  std::string name = "http";

  /// Requests of the common lane that are answered at the same time. Each other
  /// lane has one thread, from its first request on.
  std::size_t threads = 4;

  /// Clients that are connected at the same time. One more takes the place of
  /// the one that has been without a complete request, or has not taken its
  /// answer, for the longest time.
  std::size_t connections = 1000;

  /// Of these with a stream; one more is answered with 503.
  std::size_t streams = 64;

  /// Bytes of answers that clients have not taken yet. If they are more, those
  /// who have taken nothing for the longest time are let go; never the one
  /// whose answer has just been made.
  std::size_t memory = 128 * 1024 * 1024;

  framing_limits limits{};

  /// How long a client may take until its request is complete, and how long
  /// it may take nothing of an answer.
  duration request_patience = std::chrono::seconds{5};
  duration response_patience = std::chrono::seconds{10};

  /// By whom a request is answered. Called by the thread that keeps the
  /// connections. By default all are common.
  std::function<lane(std::string_view target)> lane_of;
};

/// An HTTP server that slow clients cannot slow down.
///
/// One thread keeps all connections and waits for none of them: each has its
/// turn, and so much is read or written in it. What is complete is answered by
/// other threads, but for what is made in a moment. A connection is for one
/// request.
/// @note Thread-safe.
class server {
public:
  struct load {
    std::size_t connections = 0;
    std::size_t streams = 0;
  };

  /// Serves from now on.
  /// @param where must outlive this
  /// @param fault is called should it have to stop serving, on a thread of its
  ///        own
  server(const listening_socket& where, server_options options,
         engine::handler handle, engine::error_handler refuse,
         std::function<void(const std::string& why)> fault = {});

  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// As `stop` with five seconds, and waits for handlers that run.
  ~server();

  /// Serves no more. Those whose requests are complete have so long to get
  /// their answers.
  void stop(duration patience) noexcept;

  /// Streams may have something to tell. Cheap, does not wait.
  void wake_streams() noexcept;

  load current_load() const noexcept;

private:
  class loop;

  std::unique_ptr<loop> loop_;
};

} // namespace switchgear::http
