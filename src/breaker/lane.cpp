#include "switchgear/breaker/lane.hpp"

#include <algorithm>
#include <new>

namespace switchgear {

namespace {

// Puts a new `T` where there is none yet. Whoever comes first wins.
template <class T>
T* make_in(std::atomic<T*>& place) noexcept {
  auto* fresh = new (std::nothrow) T;
  if (!fresh)
    return nullptr;
  T* there = nullptr;
  if (place.compare_exchange_strong(there, fresh, std::memory_order_acq_rel,
                                    std::memory_order_acquire))
    return fresh;
  delete fresh;
  return there;
}

} // namespace

lane::lane() {
  begin_epoch(1); // the one in which every breaker begins
}

lane::~lane() {
  for (auto& each : first_)
    delete each.load(std::memory_order_relaxed);
  if (auto* more = further_.load(std::memory_order_relaxed)) {
    for (auto& each : more->slots)
      delete each.load(std::memory_order_relaxed);
    delete more;
  }
  delete shared_.timed.load(std::memory_order_relaxed);
}

// -- callers ------------------------------------------------------------------

std::atomic<lane::slot*>* lane::place_of(std::uint32_t number) noexcept {
  if (number < first_.size())
    return &first_[number];
  if (number >= detail::numbered_threads)
    return nullptr;
  auto* more = further_.load(std::memory_order_acquire);
  if (!more && !(more = make_in(further_)))
    return nullptr;
  return &more->slots[number - first_.size()];
}

lane::slot* lane::find_slot(std::uint32_t number) noexcept {
  auto* place = place_of(number);
  if (!place)
    return nullptr;
  auto* known = place->load(std::memory_order_acquire);
  return known ? known : make_in(*place);
}

lane::timing* lane::make_timing(slot* own) noexcept {
  return make_in(own ? own->timed : shared_.timed);
}

success_log* lane::make_log(slot& own) noexcept {
  return make_in(own.told);
}

call_starts::entry* lane::start(slot* own, time_point now) noexcept {
  auto* t = timing_of(own);
  if (!t)
    return nullptr;
  if (own)
    return t->under_way.begin(now);
  std::lock_guard guard{t->shared};
  return t->under_way.begin(now);
}

void lane::stop_here(slot* own, call_starts::entry* which) noexcept {
  if (!which)
    return;
  if (own)
    timing_of(own)->under_way.end_here(which);
  else
    call_starts::end(which);
}

std::uint64_t lane::successes(std::uint64_t epoch) const noexcept {
  auto sum = shared_.successes.of_epoch(epoch);
  each_slot([&](const slot& each) { sum += each.successes.of_epoch(epoch); });
  return sum;
}

// -- everybody ----------------------------------------------------------------

std::uint64_t lane::under_way() const noexcept {
  // A call may end on another thread than it began.
  auto ended = shared_.ended.load(std::memory_order_acquire);
  each_slot([&](const slot& each) {
    ended
      += each.ended.load(std::memory_order_acquire) + each.successes.count();
  });
  auto begun = shared_.begun.load(std::memory_order_acquire);
  each_slot([&](const slot& each) {
    begun += each.begun.load(std::memory_order_acquire);
  });
  return begun - std::min(begun, ended);
}

void lane::add_latencies(latency_histogram& to) const {
  const auto add = [&](const std::atomic<timing*>& where) {
    if (auto* t = where.load(std::memory_order_acquire))
      to.add(t->latencies);
  };
  add(shared_.timed);
  each_slot([&](const slot& each) { add(each.timed); });
}

} // namespace switchgear
