#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "switchgear/time.hpp"

namespace switchgear::detail {

/// A bounded number of connections that threads share. It makes none itself:
/// it gives places, with a connection that somebody left there if there is one.
///
/// A `Connection` has `bool quiet()`: it is open, and nothing has come in that
/// nobody asked for. What is not quiet when it is wanted again is closed; the
/// server was restarted, say, while it lay there.
///
/// @note Thread-safe. Outlives its places.
template <class Connection>
class connection_pool {
public:
  /// A place in the pool, for one thread at a time. Without `keep` the
  /// connection is closed with it.
  class place {
  public:
    explicit place(connection_pool& owner) : owner_(&owner) {
      // nop
    }

    place(place&& other) noexcept
      : connection(std::move(other.connection)),
        owner_(std::exchange(other.owner_, nullptr)) {
      // nop
    }

    place& operator=(place&&) = delete;

    ~place() {
      connection.reset(); // before another one may be opened instead
      if (owner_)
        owner_->give_back(nullptr);
    }

    /// Leaves the place, and the connection to the next one.
    void keep() {
      std::exchange(owner_, nullptr)->give_back(std::move(connection));
    }

    /// Null: to be opened.
    std::unique_ptr<Connection> connection;

  private:
    connection_pool* owner_;
  };

  explicit connection_pool(std::size_t limit) : limit_(limit) {
    idle_.reserve(limit); // giving back never fails
  }

  /// Waits for a place, at most for `patience`.
  std::optional<place> enter(duration patience) {
    std::unique_lock guard{mutex_};
    if (!left_.wait_for(guard, patience, [this] { return taken_ < limit_; }))
      return std::nullopt;
    ++taken_;
    place result{*this};
    while (!idle_.empty()) {
      result.connection = std::move(idle_.back()); // the warmest one
      idle_.pop_back();
      guard.unlock();
      if (result.connection->quiet())
        return result;
      result.connection.reset();
      guard.lock();
    }
    return result;
  }

  /// Connections that nobody uses at this moment.
  std::size_t idle() const {
    std::lock_guard guard{mutex_};
    return idle_.size();
  }

private:
  void give_back(std::unique_ptr<Connection> connection) {
    {
      std::lock_guard guard{mutex_};
      --taken_;
      if (connection)
        idle_.push_back(std::move(connection));
    }
    left_.notify_one();
  }

  const std::size_t limit_;
  mutable std::mutex mutex_;
  std::condition_variable left_;
  std::size_t taken_ = 0;
  std::vector<std::unique_ptr<Connection>> idle_;
};

} // namespace switchgear::detail
