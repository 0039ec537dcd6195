#include "hub_impl.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <utility>

#include <caf/exit_reason.hpp>
#include <caf/scoped_actor.hpp>

#include "../asking.hpp"
#include "../log.hpp"
#include "sink_actor.hpp"
#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/supervisor.hpp"

namespace switchgear::telemetry {

using namespace std::chrono_literals;

hub_impl::hub_impl(caf::actor_system& sys, source breakers)
  : system_(sys),
    breakers_(std::move(breakers)) {
  // A sink pauses after each failure, so restarts are rare. However many there
  // are, this supervisor never gives up.
  supervisor_ = actor::spawn_supervisor(
    system_, {.intensity = 1'000'000, .period = 1s}, {});
}

hub_impl::~hub_impl() {
  close(clock::now());
}

// -- sinks --------------------------------------------------------------------

expected<void, failure> hub_impl::add(std::string name, sink_factory make,
                                      sink_options options) {
  const auto refuse = [&](errc code, const std::string& why) {
    return make_unexpected(failure{code, "sink " + name + ": " + why});
  };
  if (name.empty() || name.size() > 255)
    return refuse(errc::invalid_config, "name must be 1 to 255 bytes");
  if (!make)
    return refuse(errc::invalid_config, "there is no factory");
  if (auto errors = validate(options); !errors.empty())
    return refuse(errc::invalid_config, explain(errors));
  actor::child_spec spec;
  spec.id = name;
  caf::actor supervisor; // the runtime may be ending meanwhile
  {
    std::unique_lock guard{mutex_};
    if (closed_)
      return refuse(errc::unavailable, "the runtime is shutting down");
    if (std::any_of(lines_.begin(), lines_.end(),
                    [&](const auto& each) { return each->name() == name; }))
      return refuse(errc::already_exists, "it is there already");
    // A sink that hangs may outlive this.
    auto line = std::make_shared<sink_line>(
      name, std::move(make), options, [weak = weak_from_this()] {
        const auto self = weak.lock();
        return self ? self->collect() : snapshot{};
      });
    lines_.push_back(line);
    update_wanted();
    supervisor = supervisor_;
    spec.start = [&sys = system_, line, this] {
      return spawn_sink(sys, line, [this] { tell_of_drops(); });
    };
  }
  actor::apart([&] {
    caf::scoped_actor self{system_, true};
    actor::ask(self, supervisor, actor::answer_time, start_child_v,
               std::move(spec))
      .receive([](const caf::actor&) {}, [](const caf::error&) {});
    supervisor = nullptr;
  });
  breakers_.rouse();
  return {};
}

expected<void, failure> hub_impl::remove(std::string_view name) {
  const auto deadline = clock::now() + actor::answer_time;
  const auto line = find(name);
  if (!line)
    return make_unexpected(
      failure{errc::not_found, "no sink " + std::string{name}});
  breakers_.rouse();
  flush({line}, deadline);
  {
    std::unique_lock guard{mutex_};
    std::erase(lines_, line);
    update_wanted();
    if (!closed_) {
      actor::tell(supervisor_, terminate_child_v, line->name());
      actor::tell(supervisor_, delete_child_v, line->name());
    }
  }
  line->close(deadline);
  return {};
}

auto hub_impl::find(std::string_view name) const -> line_ptr {
  std::shared_lock guard{mutex_};
  auto i = std::find_if(lines_.begin(), lines_.end(),
                        [&](const auto& each) { return each->name() == name; });
  return i == lines_.end() ? nullptr : *i;
}

void hub_impl::update_wanted() {
  std::uint64_t wanted = 0;
  for (int i = 0; i < 64; ++i)
    for (const auto& each : lines_)
      if (each->options().wants.include(static_cast<event_kind>(i)))
        wanted |= std::uint64_t{1} << i;
  wanted_.store(wanted, std::memory_order_release);
}

std::vector<sink_health> hub_impl::health() const {
  std::vector<sink_health> result;
  for (const auto& each : lines())
    result.push_back(each->health());
  return result;
}

expected<void, failure> hub_impl::kill(std::string_view name) {
  const auto line = find(name);
  if (!line)
    return make_unexpected(
      failure{errc::not_found, "no sink " + std::string{name}});
  line->kill_actor();
  return {};
}

// -- events and numbers -------------------------------------------------------

void hub_impl::publish(std::string_view breaker,
                       std::span<const breaker_event> events) const {
  std::shared_lock guard{mutex_};
  for (const auto& each : lines_)
    each->push(breaker, events);
}

snapshot hub_impl::collect() const {
  snapshot result;
  std::shared_lock guard{asking_};
  if (!alone_)
    result.breakers = breakers_.all_stats();
  result.sinks = health();
  result.taken = std::chrono::system_clock::now();
  return result;
}

bool hub_impl::flush(duration limit) {
  const auto deadline = clock::now() + limit;
  breakers_.rouse();
  return flush(lines(), deadline);
}

bool hub_impl::flush(const std::vector<line_ptr>& which, time_point deadline) {
  std::vector<std::future<void>> pending;
  for (const auto& each : which)
    pending.push_back(each->flush(deadline));
  bool all = true;
  for (auto& each : pending)
    try {
      if (each.wait_until(deadline) == std::future_status::ready)
        each.get();
      else
        all = false;
    } catch (const std::future_error&) { // the sink has ended over it
      all = false;
    }
  return all;
}

void hub_impl::tell_of_drops() {
  auto lost = lost_.load(std::memory_order_relaxed);
  std::string where
    = lost > 0 ? ", " + std::to_string(lost) + " before any sink" : "";
  for (const auto& each : health()) {
    const auto n = each.dropped + each.failed;
    lost += n;
    if (n > 0)
      where += ", " + std::to_string(n) + " of sink " + each.name;
  }
  {
    std::lock_guard guard{drops_mutex_};
    if (lost <= drops_told_)
      return;
    lost -= std::exchange(drops_told_, lost);
  }
  log::warn("telemetry: " + std::to_string(lost)
            + " more events were not delivered (in all:" + where.substr(1)
            + ")");
}

// -- the end ------------------------------------------------------------------

void hub_impl::freeze() {
  const auto all = lines();
  if (std::none_of(all.begin(), all.end(), [](const auto& each) {
        return each->options().report_interval > duration::zero();
      }))
    return;
  const auto last = std::make_shared<const snapshot>(collect());
  for (const auto& each : all)
    each->freeze(last);
}

void hub_impl::close(time_point deadline) {
  caf::actor supervisor;
  {
    std::unique_lock guard{mutex_};
    if (std::exchange(closed_, true))
      return;
    supervisor = std::exchange(supervisor_, nullptr);
  }
  const auto all = lines();
  flush(all, deadline);
  tell_of_drops();
  actor::apart([&] {
    caf::scoped_actor self{system_, true};
    self->send_exit(supervisor, caf::exit_reason::user_shutdown);
    self->wait_for(supervisor);
    supervisor = nullptr;
  });
  for (const auto& each : all)
    each->close(deadline);
  std::unique_lock guard{asking_};
  alone_ = true;
}

} // namespace switchgear::telemetry
