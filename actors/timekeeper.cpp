#include "timekeeper.hpp"

#if CAF_MAJOR_VERSION < 1

#  include <algorithm>
#  include <utility>

namespace switchgear::actor {

void timekeeper::schedule(time_point at, caf::action what,
                          caf::strong_actor_ptr who) {
  std::vector<entry> disposed; // goes without the lock
  auto next = time_point::max();
  {
    std::lock_guard guard{mutex_};
    if (stopped_)
      return;
    if (heap_.size() >= sweep_at_)
      disposed = sweep();
    heap_.push_back({at, std::move(what), std::move(who)});
    std::push_heap(heap_.begin(), heap_.end(), later);
    next = claim();
  }
  arm(next);
}

void timekeeper::stop() {
  std::vector<entry> last; // goes without the lock
  {
    std::lock_guard guard{mutex_};
    stopped_ = true;
    last.swap(heap_);
  }
}

auto timekeeper::sweep() -> std::vector<entry> {
  auto first = std::partition(heap_.begin(), heap_.end(), [](const entry& x) {
    return !x.what.disposed();
  });
  std::vector<entry> result{std::move_iterator{first},
                            std::move_iterator{heap_.end()}};
  heap_.erase(first, heap_.end());
  std::make_heap(heap_.begin(), heap_.end(), later);
  sweep_at_ = std::max<std::size_t>(1024, 2 * heap_.size());
  return result;
}

time_point timekeeper::claim() {
  if (heap_.empty() || heap_.front().at >= armed_)
    return time_point::max();
  return armed_ = heap_.front().at;
}

void timekeeper::arm(time_point at) {
  if (at != time_point::max())
    clock_.schedule(at, caf::make_action(
                          [self = shared_from_this(), at] { self->ring(at); }));
}

void timekeeper::ring(time_point at) {
  std::vector<entry> due;
  auto next = time_point::max();
  {
    std::lock_guard guard{mutex_};
    if (armed_ == at)
      armed_ = time_point::max();
    const auto now = clock_.now();
    while (!heap_.empty() && heap_.front().at <= now) {
      std::pop_heap(heap_.begin(), heap_.end(), later);
      due.push_back(std::move(heap_.back()));
      heap_.pop_back();
    }
    next = claim();
  }
  for (auto& each : due)
    if (each.what.ptr()->reschedule() == caf::action::transition::success)
      each.who->enqueue(nullptr, caf::make_message_id(),
                        caf::make_message(std::move(each.what)), nullptr);
  arm(next);
}

} // namespace switchgear::actor

#endif
