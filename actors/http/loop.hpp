#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "connection.hpp"
#include "server.hpp"
#include "switchgear/executor.hpp"

namespace switchgear::http {

/// The thread that keeps all connections of a server.
///
/// Invariants:
///  1. All connections are the thread's alone. Others leave answers in
///     `answers_` and wake it.
///  2. It never waits for a client, nor for an answer.
///  3. What it does for one client before the others have their turn is
///     bounded: so many bytes read or written, or one answer of the lane
///     `at_once`.
class server::loop {
public:
  loop(const listening_socket& where, server_options options,
       engine::handler handle, engine::error_handler refuse,
       std::function<void(const std::string& why)> fault);

  ~loop();

  void stop(duration patience) noexcept;

  void wake_streams() noexcept {
    streams_awake_ = true;
    wake();
  }

  load current_load() const noexcept {
    return {connection_count_.load(), stream_count_.load()};
  }

private:
  using id_type = std::uint64_t;
  using phase = connection::phase;

  void run();
  /// @param patience how long it waits for something to happen
  void step(duration patience);
  void wake() noexcept;
  void take_answers();

  // -- connections ------------------------------------------------------------

  void accept_some();
  bool make_room();
  /// Lets go of answers that are not taken, but for one.
  void free_memory(id_type but);
  void add(detail::unique_fd fd, std::string peer);
  void close(id_type id);
  void watch(id_type id, connection& who, std::uint32_t events);
  void enter(connection& who, phase next);

  // Each of these may close the connection, as its last act.
  void handle(id_type id, std::uint32_t events);
  void read(id_type id, connection& who);
  void discard(id_type id, connection& who);
  void dispatch(id_type id, connection& who, const frame& what);
  executor& workers_of(lane which) noexcept;
  void answer_with(id_type id, connection& who, answer what);
  void set_output(connection& who, std::string bytes);
  void flush(id_type id, connection& who);
  void pump(id_type id, connection& who);

  /// Returns whether all has been sent; if not, the connection may be closed.
  bool send_output(id_type id, connection& who);

  void expire();
  void pump_streams();
  bool overdue(const connection& who) const;
  /// Whether there is nothing left that an ending server waits for.
  bool idle() const;

  const server_options options_;
  engine engine_;
  const std::function<void(const std::string& why)> fault_;
  const int listening_;
  detail::unique_fd epoll_;
  detail::unique_fd wakeup_;
  bool accepting_ = true;
  time_point now_ = clock::now();
  time_point next_check_ = now_;
  id_type last_id_;
  std::size_t held_ = 0; ///< Of answers; see `server_options::memory`.
  std::unordered_map<id_type, std::unique_ptr<connection>> connections_;
  std::atomic<std::size_t> connection_count_ = 0;
  std::atomic<std::size_t> stream_count_ = 0;
  std::atomic<bool> stopping_ = false;
  duration last_words_{}; ///< How long, when it stops.
  std::atomic<bool> streams_awake_ = false;

  std::mutex mutex_;
  std::vector<std::pair<id_type, answer>> answers_;

  // After all that their jobs use.
  executor common_;
  executor watch_;
  executor slow_;
  std::thread thread_;
};

} // namespace switchgear::http
