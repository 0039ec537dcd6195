#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include "sink_line.hpp"
#include "switchgear/telemetry/hub.hpp"

namespace switchgear::telemetry {

/// The sinks of a runtime, under a supervisor of their own: what happens to
/// them happens to nobody else.
class hub_impl final : public hub,
                       public std::enable_shared_from_this<hub_impl> {
public:
  /// What a hub needs to know of breakers.
  struct source {
    /// Of all that answer, in alphabetical order.
    std::function<std::vector<statistics>()> all_stats;
    /// Waits until all breakers have told what has happened so far, and know
    /// what is wanted.
    std::function<void()> rouse;
  };

  hub_impl(caf::actor_system& sys, source breakers);

  ~hub_impl() override;

  // -- hub --------------------------------------------------------------------

  expected<void, failure> add(std::string name, sink_factory make,
                              sink_options options) override;
  expected<void, failure> remove(std::string_view name) override;
  std::vector<sink_health> health() const override;
  snapshot collect() const override;
  bool flush(duration limit) override;
  expected<void, failure> kill(std::string_view name) override;

  // -- breakers ---------------------------------------------------------------

  /// Whether any sink wants events of that kind. Asks nobody.
  bool wants(event_kind kind) const noexcept {
    return (wanted_.load(std::memory_order_acquire) >> static_cast<int>(kind))
           & 1;
  }

  /// Gives events to all sinks that want them.
  void publish(std::string_view breaker,
               std::span<const breaker_event> events) const;

  /// Notes that events were lost before they could be given.
  void note_lost(std::uint64_t n) noexcept {
    lost_.fetch_add(n, std::memory_order_relaxed);
  }

  // -- the runtime ------------------------------------------------------------

  /// Breakers are about to end: what is reported from now on are the numbers of
  /// this moment.
  void freeze();

  /// Flushes all sinks until `deadline`, and ends them.
  void close(time_point deadline);

private:
  using line_ptr = std::shared_ptr<sink_line>;

  std::vector<line_ptr> lines() const {
    std::shared_lock guard{mutex_};
    return lines_;
  }

  line_ptr find(std::string_view name) const;
  void update_wanted();
  static bool flush(const std::vector<line_ptr>& which, time_point deadline);
  void tell_of_drops();

  caf::actor_system& system_;
  const source breakers_;
  caf::actor supervisor_;

  mutable std::shared_mutex mutex_;
  std::vector<line_ptr> lines_;
  bool closed_ = false;

  // Held while breakers are asked: their runtime is there as long.
  mutable std::shared_mutex asking_;
  bool alone_ = false; // there is no runtime any more

  std::atomic<std::uint64_t> wanted_{0}; // a bit for each kind
  std::atomic<std::uint64_t> lost_{0};

  std::mutex drops_mutex_;
  std::uint64_t drops_told_ = 0;
};

} // namespace switchgear::telemetry
