#include "switchgear/breaker/gate.hpp"

namespace switchgear {

gate::admission gate::admit() noexcept {
  auto bits = word_.load(std::memory_order_acquire);
  for (;;) {
    const auto w = unpack(bits);
    if (w.what == policy::pass)
      return {answer::pass, {w.epoch, 0}};
    if (w.what == policy::reject) {
      rejections_.fetch_add(1, std::memory_order_relaxed);
      return {answer::open, {}};
    }
    if (w.what == policy::gone)
      return {answer::gone, {}};
    if (w.out >= allowed_.load(std::memory_order_relaxed)) {
      if (w.what == policy::probe_or_pass)
        return {answer::pass, {w.epoch, 0}};
      rejections_.fetch_add(1, std::memory_order_relaxed);
      return {answer::no_probe_left, {}};
    }
    if (word_.compare_exchange_weak(bits, bits + one_probe,
                                    std::memory_order_acq_rel,
                                    std::memory_order_acquire)) {
      const auto lease = leases_.fetch_add(1, std::memory_order_relaxed) + 1;
      return {answer::probe, {w.epoch, lease}};
    }
  }
}

void gate::publish(const view& next) noexcept {
  retry_at_.store(next.retry_at.time_since_epoch().count(),
                  std::memory_order_relaxed);
  allowed_.store(next.probes_allowed, std::memory_order_relaxed);
  auto bits = word_.load(std::memory_order_relaxed);
  const auto now = unpack(bits);
  if (now.epoch != next.epoch) {
    // Nobody's probe of an earlier epoch counts in this one.
    probes_ended_ = next.probes_ended;
    word_.store(pack({next.what, 0, next.epoch}), std::memory_order_release);
    return;
  }
  const auto ended = next.probes_ended - probes_ended_;
  probes_ended_ = next.probes_ended;
  if (ended == 0 && now.what == next.what)
    return;
  // Callers may be taking probes meanwhile: only add to and subtract from what
  // they have written.
  for (;;) {
    const auto w = unpack(bits);
    const auto out = w.out - static_cast<std::uint32_t>(ended);
    if (word_.compare_exchange_weak(bits, pack({next.what, out, w.epoch}),
                                    std::memory_order_acq_rel,
                                    std::memory_order_relaxed))
      return;
  }
}

} // namespace switchgear
