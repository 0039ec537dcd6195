#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <caf/actor.hpp>

#include "switchgear/executor.hpp"
#include "switchgear/telemetry/event_queue.hpp"
#include "switchgear/telemetry/sink.hpp"

namespace switchgear::telemetry {

/// One sink: what waits for it, how it fares, and the thread that it runs on.
/// Outlives the actors that serve it, one after the other.
///
/// Invariants:
///  1. The sink runs on its own thread alone, one job at a time; a job that has
///     begun keeps the line. Nobody else waits for it but with a deadline.
///  2. An event is waiting, in flight, or counted as delivered, failed or
///     dropped: exactly one of these.
///  3. After each job, and when events come that are awaited, the actor of that
///     moment is told to `drain`. A new actor looks before it waits.
/// @note Thread-safe, but for the part of the actor.
class sink_line : public std::enable_shared_from_this<sink_line> {
public:
  /// Gives the numbers for `sink::report`; called on the sink's thread.
  using collect_function = std::function<snapshot()>;

  /// @pre `options` are valid
  sink_line(std::string name, sink_factory make, sink_options options,
            collect_function collect);

  const std::string& name() const noexcept {
    return name_;
  }

  const sink_options& options() const noexcept {
    return options_;
  }

  /// Adds a breaker's events, as far as the sink wants them. Does not block.
  void push(std::string_view breaker, std::span<const breaker_event> events);

  sink_health health() const;

  /// Reached when all events until now have been delivered, or given up on, and
  /// the sink has been flushed.
  std::future<void> flush(time_point deadline);

  /// Kills the actor that serves it, as a fault of it would.
  void kill_actor();

  /// The numbers that are reported from now on; breakers need not be asked.
  void freeze(std::shared_ptr<const snapshot> last);

  /// Ends the sink, with what still waits counted as dropped. If it hangs it is
  /// left behind at the deadline.
  void close(time_point deadline);

  // -- the actor --------------------------------------------------------------

  /// `self` serves it from now on. If it is not the first one, the sink is made
  /// anew.
  void begin_service(caf::actor self);

  void end_service(const caf::actor& self);

  /// What the actor has to do next.
  struct step {
    enum class kind {
      rest,  ///< Nothing until told to drain.
      wait,  ///< Nothing until then, or until told to drain.
      fault, ///< End: the sink threw.
    };

    kind what = kind::rest;
    time_point until{};
    std::string why;
  };

  /// Starts what is to be done now, if anything.
  step proceed(time_point now);

private:
  struct flush_request {
    std::uint64_t up_to;
    time_point deadline;
    std::promise<void> done;
  };

  using job = delivery (sink_line::*)();

  bool quiet() const; // nothing in flight that a flush waits for
  std::optional<time_point> wait_for_more(time_point now);
  void start(job what);
  void run(job what);
  sink& instance();
  delivery deliver_batch();
  delivery report_numbers();
  delivery flush_sink();
  void conclude(job what, const delivery& how, bool threw);
  void pause();
  void wake_owner();

  const std::string name_;
  const sink_factory make_;
  const sink_options options_;
  const collect_function collect_;
  event_queue queue_;
  executor thread_;

  // The sink's thread alone.
  std::unique_ptr<sink> instance_;

  mutable std::mutex mutex_;
  caf::actor owner_;
  bool served_before_ = false;
  bool renew_ = false; // before the next job
  bool busy_ = false;  // then `batch_` is the job's
  bool closed_ = false;
  std::vector<event> batch_;
  std::size_t in_flight_ = 0;
  std::optional<std::string> fault_;
  time_point pause_until_ = time_point::min();
  duration next_pause_; // should the next delivery not succeed
  time_point next_report_ = time_point::max();
  std::optional<time_point> lingers_until_;
  std::shared_ptr<const snapshot> last_numbers_;
  std::vector<flush_request> flushes_;
  bool reported_for_flush_ = false;
  sink_health health_;
};

} // namespace switchgear::telemetry
