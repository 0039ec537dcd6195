#include "switchgear/policy/detail/crew.hpp"

namespace switchgear::policy::detail {

failure no_room() {
  return {errc::bulkhead_full, "the executor has no room for the call"};
}

// One that has delivered its result is not counted any more, and yet its thread
// is not idle for a moment: so there are places for all to wait.
crew::crew(std::string name, std::size_t workers, std::size_t abandoned,
           std::shared_ptr<executor> where)
  : workers_(workers),
    most_abandoned_(abandoned),
    executor_(where
                ? std::move(where)
                : std::make_shared<executor>(std::move(name), workers, workers,
                                             std::chrono::seconds{1})) {
  // nop
}

expected<crew::ticket, failure> crew::enter() {
  std::unique_lock guard{mutex_};
  if (load_.abandoned >= most_abandoned_) {
    ++load_.refused;
    return make_unexpected(failure{
      errc::bulkhead_full, std::to_string(load_.abandoned)
                             + " calls that were given up are still running"});
  }
  if (load_.running >= workers_) {
    ++load_.refused;
    return make_unexpected(
      failure{errc::bulkhead_full,
              "all " + std::to_string(workers_) + " threads are at work"});
  }
  ++load_.running;
  guard.unlock();
  return ticket{shared_from_this()};
}

std::optional<failure> crew::submit(executor::job& next) {
  if (executor_->submit(std::span{&next, 1}) == 1)
    return std::nullopt;
  std::lock_guard guard{mutex_};
  ++load_.refused;
  return no_room();
}

void crew::abandon() noexcept {
  std::lock_guard guard{mutex_};
  ++load_.abandoned;
}

void crew::leave(bool abandoned) noexcept {
  std::lock_guard guard{mutex_};
  --load_.running;
  if (abandoned)
    --load_.abandoned;
}

crew::load crew::current_load() const {
  std::lock_guard guard{mutex_};
  return load_;
}

} // namespace switchgear::policy::detail
