#include "switchgear/actor/breaker_actor.hpp"

#include <string_view>
#include <utility>

#include <pthread.h>

#include "switchgear/actor/caf.hpp"

namespace switchgear::actor {

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
                       switchgear::config cfg, hooks user, std::uint64_t seed)
  : cell(std::move(name), std::move(cfg), std::move(user), seed),
    system_(sys) {
  // nop
}

bool actor_cell::over() const {
  std::lock_guard guard{mutex_};
  return over_;
}

caf::actor actor_cell::owner_until(time_point deadline) const {
  std::unique_lock guard{mutex_};
  changed_.wait_until(guard, deadline, [this] { return owner_ || over_; });
  return owner_;
}

caf::actor actor_cell::await_owner() const {
  return owner_until(clock::now() + patience());
}

bool actor_cell::await_no_owner(time_point deadline) const {
  std::unique_lock guard{mutex_};
  return changed_.wait_until(guard, deadline, [this] { return !owner_; });
}

bool actor_cell::take_over(caf::actor self) {
  bool first = false;
  {
    std::lock_guard guard{mutex_};
    owner_ = std::move(self);
    first = !std::exchange(owned_before_, true);
  }
  changed_.notify_all();
  return first;
}

void actor_cell::abandon(bool for_good) {
  caf::actor last; // goes without the lock
  audience nobody;
  {
    std::lock_guard guard{mutex_};
    last = std::move(owner_);
    owner_ = nullptr;
    over_ = over_ || for_good;
    if (over_)
      std::swap(listeners_, nobody);
  }
  changed_.notify_all();
}

void actor_cell::wake() noexcept {
  // Without an owner there is nobody to wake: the next one looks by itself. With
  // the lock held, since an owner that ends may take the actor system along.
  std::lock_guard guard{mutex_};
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
