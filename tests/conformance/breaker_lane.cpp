#include <map>
#include <utility>

#include "conformance/breaker_session.hpp"
#include "support/hands.hpp"
#include "support/manual_cell.hpp"

namespace switchgear::conformance {

namespace {

/// Makes its calls as programs do: through the lane, on several threads, one
/// after the other. The breaker's owner acts when it is woken, or asked.
class lane_session : public breaker_session, private breaker_observer {
public:
  explicit lane_session(const config& cfg) : cell_(untimed(cfg), this) {
    cell_.prompt = true;
  }

  expected<permit, failure> acquire() override {
    expected<cell::call, failure> got;
    threads_.on(turn(), [&] { got = cell_.admit(); });
    if (!got)
      return make_unexpected(got.error());
    calls_.emplace(key(got->of), *got);
    return got->of;
  }

  void report(const permit& of, const std::string& error) override {
    // Calls of one epoch that are no probes are all alike.
    const auto found = calls_.find(key(of));
    const auto call = found->second;
    calls_.erase(found);
    threads_.on(turn(), [&] {
      if (error.empty())
        cell_.succeed(call);
      else
        cell_.fail(call, failure{errc::operation_failed, error});
    });
  }

  void reset() override {
    cell_.tell(input::reset{});
  }

  void force_open() override {
    cell_.tell(input::force_open{});
  }

  void wait(std::chrono::milliseconds time) override {
    cell_.pass(time);
  }

  state get_state() override {
    return cell_.current_state();
  }

  statistics stats() override {
    cell_.step();
    return cell_.make_statistics(cell_.now, wall_time{});
  }

  void stop() override {
    cell_.step();
    cell_.machine().stop(statem::exit_reason::normal(), cell_.now);
  }

  std::size_t timers() override {
    return cell_.machine().running({statem::event_type::state_timeout, {}});
  }

  std::vector<breaker_event> take_events() override {
    if (!cell_.machine().terminated())
      cell_.step();
    return std::exchange(events_, {});
  }

private:
  using permit_key = std::pair<std::uint64_t, std::uint64_t>;

  static permit_key key(const permit& of) {
    return {of.epoch, of.lease};
  }

  static config untimed(config cfg) {
    cfg.latency_sampling = 0;
    return cfg;
  }

  std::size_t turn() {
    return turn_++ % threads_.count();
  }

  // What is told of several calls at once is told of each.
  void emit(const breaker_event& event) override {
    for (auto n = event.count; n > 0; --n) {
      events_.push_back(event);
      events_.back().count = 1;
    }
  }

  void consult_ready_to_trip(const counts&, std::uint64_t) override {
    // nop: no hooks here
  }

  void consult_open_time(const trip_cause&, std::uint64_t) override {
    // nop: no hooks here
  }

  test::hands threads_{3};
  std::size_t turn_ = 0;
  std::vector<breaker_event> events_;
  std::multimap<permit_key, cell::call> calls_;
  test::manual_cell cell_;
};

} // namespace

std::unique_ptr<breaker_session> start_breaker_lane(const config& cfg) {
  return std::make_unique<lane_session>(cfg);
}

} // namespace switchgear::conformance
