#include "switchgear/helpers.hpp"

#include <cstdlib>
#include <mutex>

namespace switchgear {

namespace {

// Never destroyed: it is asked by whoever runs last.
struct place {
  std::mutex mutex;
  std::shared_ptr<runtime> held;
  bool registered = false;
  bool over = false;
};

place& here() {
  static auto& instance = *new place;
  return instance;
}

void end() {
  std::shared_ptr<runtime> last; // ended without the lock: hooks may ask for it
  auto& x = here();
  {
    std::lock_guard guard{x.mutex};
    x.over = true;
    last.swap(x.held);
  }
}

// With the lock held, when there is a runtime: what it uses that is static is
// destroyed after it, since it was there before.
void end_at_exit(place& x) {
  if (!std::exchange(x.registered, true))
    std::atexit(end);
}

} // namespace

std::shared_ptr<runtime> default_runtime() {
  auto& x = here();
  std::lock_guard guard{x.mutex};
  if (!x.held && !x.over) {
    x.held = std::make_shared<runtime>();
    end_at_exit(x);
  }
  return x.held;
}

void set_default_runtime(std::shared_ptr<runtime> rt) {
  auto& x = here();
  std::unique_lock guard{x.mutex};
  if (x.over)
    return;
  x.held.swap(rt);
  if (x.held)
    end_at_exit(x);
  guard.unlock(); // the one before may end now
}

expected<breaker, failure> detail::default_breaker(std::string_view name,
                                                   const config& cfg) {
  const auto rt = default_runtime();
  if (!rt)
    return make_unexpected(
      failure{errc::unavailable, "the default runtime has ended"});
  try {
    return rt->breaker(name, cfg);
  } catch (const setup_error& ex) {
    return make_unexpected(failure{ex.code(), ex.what()});
  }
}

breaker get_circuit_breaker(std::string_view name, const config& cfg) {
  auto found = detail::default_breaker(name, cfg);
  if (!found)
    throw setup_error{found.error().code(), found.error().message()};
  return std::move(*found);
}

} // namespace switchgear
