#include "switchgear/actor/breaker_actor.hpp"

#include <string_view>
#include <utility>

#include <pthread.h>

#include "switchgear/actor/caf.hpp"

namespace switchgear::actor {

using switchgear::detail::meeting_point;

namespace {

// Actors share CAF's few threads, hooks share those of the listeners: a caller
// that runs on one may be keeping the very actor or hook that it waits for from
// running.
bool on_shared_thread() {
  thread_local const bool yes = [] {
    char buffer[16] = {};
    if (pthread_getname_np(pthread_self(), buffer, sizeof(buffer)) != 0)
      return false;
    const std::string_view name{buffer};
    return name.starts_with("caf.") || name == "switchgear.l";
  }();
  return yes;
}

} // namespace

actor_cell::actor_cell(caf::actor_system& sys, std::string name,
                       std::shared_ptr<const switchgear::config> cfg,
                       std::shared_ptr<const hooks> user, std::uint64_t seed)
  : cell(std::move(name), std::move(cfg), std::move(user), seed),
    system_(sys) {
  // nop
}

bool actor_cell::over() const {
  std::lock_guard guard{meeting_point::of(this).mutex};
  return over_;
}

caf::actor actor_cell::owner_until(time_point deadline) const {
  auto& here = meeting_point::of(this);
  std::unique_lock guard{here.mutex};
  here.changed.wait_until(guard, deadline, [this] { return owner_ || over_; });
  return owner_;
}

caf::actor actor_cell::await_owner() const {
  return owner_until(clock::now() + patience());
}

bool actor_cell::await_no_owner(time_point deadline) const {
  auto& here = meeting_point::of(this);
  std::unique_lock guard{here.mutex};
  return here.changed.wait_until(guard, deadline, [this] { return !owner_; });
}

bool actor_cell::take_over(caf::actor self) {
  auto& here = meeting_point::of(this);
  bool first = false;
  {
    std::lock_guard guard{here.mutex};
    owner_ = std::move(self);
    first = !std::exchange(owned_before_, true);
  }
  here.changed.notify_all();
  return first;
}

void actor_cell::abandon(bool for_good) {
  auto& here = meeting_point::of(this);
  caf::actor last; // goes without the lock
  switchgear::detail::on_demand<audience> nobody;
  {
    std::lock_guard guard{here.mutex};
    last = std::move(owner_);
    owner_ = nullptr;
    over_ = over_ || for_good;
    if (over_)
      std::swap(listeners_, nobody);
  }
  here.changed.notify_all();
}

void actor_cell::wake() noexcept {
  // Without an owner there is nobody to wake: the next one looks by itself.
  // With the lock held, since an owner that ends may take the actor system
  // along.
  std::lock_guard guard{meeting_point::of(this).mutex};
  if (owner_)
    actor::tell(owner_, drain_v);
}

duration actor_cell::patience() const noexcept {
  using namespace std::chrono_literals;
  if (over())
    return duration::zero(); // nobody will judge any more
  return on_shared_thread() ? duration{5ms} : duration{1s};
}

} // namespace switchgear::actor
