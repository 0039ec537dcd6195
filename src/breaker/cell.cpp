#include "switchgear/breaker/cell.hpp"

#include <algorithm>
#include <chrono>

namespace switchgear {

namespace {

// A caller whose result finds the inbox this full waits until it is emptied:
// callers can not run away from the breaker that judges them.
constexpr std::size_t crowded = 4096;

} // namespace

cell::cell(std::string name, config cfg, hooks user, std::uint64_t seed)
  : name_(std::move(name)),
    hooks_(std::move(user)),
    rules_(static_cast<bool>(hooks_.ready_to_trip),
           static_cast<bool>(hooks_.open_time)),
    engine_(rules_, state::closed,
            breaker_data{std::make_shared<const config>(std::move(cfg)),
                         seed}) {
  // nop
}

expected<permit, failure> cell::admit() noexcept {
  const auto got = gate_.admit();
  switch (got.what) {
    case gate::answer::pass:
      break;
    case gate::answer::probe:
      tell(input::probe_taken{got.given});
      break;
    case gate::answer::open: {
      const auto at = gate_.retry_at();
      const auto wait = at == time_point::max()
                          ? duration::zero()
                          : std::max(at - now(), duration::zero());
      return make_unexpected(failure::rejected(errc::circuit_open, wait));
    }
    case gate::answer::no_probe_left:
      return make_unexpected(
        failure::rejected(errc::too_many_probes, duration::zero()));
  }
  return got.given;
}

void cell::complete(const permit& of, outcome how, duration latency,
                    std::string error) {
  // A success in closed can not change anything. Whatever else may is waited
  // for; what may not is judged by the owner, not here, so be generous.
  const bool matters = how == outcome::failure || how == outcome::timeout
                       || of.is_probe() || inbox_.size() >= crowded;
  auto awaited = matters ? std::make_shared<judgement>() : nullptr;
  if (inbox_.push(input::report{of, how, latency, std::move(error)}, awaited))
    wake();
  if (awaited)
    awaited->wait_for(patience());
}

void cell::tell(breaker_types::message content) {
  if (inbox_.push(std::move(content)))
    wake();
}

duration cell::patience() const noexcept {
  return std::chrono::seconds{1};
}

void cell::publish() noexcept {
  const auto& d = engine_.data();
  const bool shadow = d.mode == mode::metrics_only;
  gate::view next;
  next.epoch = d.epoch;
  next.probes_allowed = d.cfg->half_open_max_calls;
  next.probes_ended = d.probes_ended;
  next.retry_at = d.open_until;
  switch (engine_.state()) {
    case state::closed:
      next.what = gate::policy::pass;
      break;
    case state::open:
      next.what = shadow ? gate::policy::pass : gate::policy::reject;
      break;
    case state::half_open:
      next.what = shadow ? gate::policy::probe_or_pass : gate::policy::probe;
      break;
  }
  gate_.publish(next);
}

} // namespace switchgear
