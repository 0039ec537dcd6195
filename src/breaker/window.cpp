#include "switchgear/breaker/window.hpp"

#include <algorithm>

namespace switchgear {

window::window(const config& cfg)
  : capacity_(cfg.window_size),
    span_(cfg.window_duration) {
  // nop
}

void window::add(bool failed, bool slow, time_point at) {
  if (timed()) {
    if (auto* sum = slice_of(at)) {
      ++sum->calls;
      sum->failures += failed;
      sum->slow += slow;
    }
    return;
  }
  if (size_ == capacity_) {
    const auto oldest = this->at(0);
    --sum_.calls;
    sum_.failures -= oldest.failed;
    sum_.slow -= oldest.slow;
    marks_[2 * head_] = failed;
    marks_[2 * head_ + 1] = slow;
    head_ = head_ + 1 == capacity_ ? 0 : head_ + 1;
  } else {
    // The ring has not wrapped yet: head_ is 0 and results are appended.
    marks_.push_back(failed);
    marks_.push_back(slow);
    ++size_;
  }
  ++sum_.calls;
  sum_.failures += failed;
  sum_.slow += slow;
}

void window::add_successes(std::uint64_t n, time_point at) {
  if (timed()) {
    if (auto* sum = slice_of(at))
      sum->calls += n;
    return;
  }
  if (n >= capacity_) {
    clear();
    n = capacity_;
  }
  if (size_ < capacity_) { // head_ is 0
    const auto fresh = std::min<std::uint64_t>(n, capacity_ - size_);
    size_ += static_cast<std::uint32_t>(fresh);
    marks_.resize(std::size_t{2} * size_, false);
    sum_.calls += fresh;
    n -= fresh;
  }
  // Where nothing failed and nothing was slow there is nothing to push out.
  if (sum_.failures == 0 && sum_.slow == 0)
    head_ = static_cast<std::uint32_t>((head_ + n) % capacity_);
  else
    for (; n > 0; --n)
      add(false, false, at);
}

void window::clear() {
  size_ = 0;
  head_ = 0;
  marks_.clear();
  sum_ = {};
  slices_.clear();
}

window::tally window::count(time_point now) const {
  if (!timed())
    return sum_;
  tally result;
  const auto newest = slice_number(now);
  const auto oldest = newest - static_cast<std::int64_t>(slice_count) + 1;
  for (const auto& each : slices_) {
    if (each.number >= oldest && each.number <= newest) {
      result.calls += each.sum.calls;
      result.failures += each.sum.failures;
      result.slow += each.sum.slow;
    }
  }
  return result;
}

void window::reconfigure(const config& cfg, time_point now) {
  if (cfg.window_duration == span_ && (timed() || cfg.window_size == capacity_))
    return;
  auto next = window{cfg};
  if (!timed() && !next.timed()) {
    const auto keep = std::min(size_, next.capacity_);
    for (auto i = size_ - keep; i < size_; ++i) {
      const auto each = at(i);
      next.add(each.failed, each.slow, now);
    }
  } else if (next.timed()) {
    *next.slice_of(now) = count(now); // it has no newer one
  } else {
    const auto sum = count(now);
    const auto keep = std::min<std::uint64_t>(sum.calls, next.capacity_);
    for (auto i = sum.calls - keep; i < sum.calls; ++i)
      next.add(i >= sum.calls - sum.failures, i >= sum.calls - sum.slow, now);
  }
  *this = std::move(next);
}

std::string window::to_string(std::size_t most) const {
  const auto shown = std::min<std::size_t>(size_, most);
  std::string result;
  result.reserve(shown);
  for (std::size_t i = size_ - shown; i < size_; ++i)
    result += at(i).failed ? 'F' : 'S';
  return result;
}

window::mark window::at(std::size_t age_index) const {
  auto place = head_ + age_index;
  place = place < size_ ? place : place - size_;
  return {marks_[2 * place], marks_[2 * place + 1]};
}

// Null if its place has gone to a newer one: what comes so late does not count.
window::tally* window::slice_of(time_point at) {
  if (slices_.empty())
    slices_.resize(slice_count);
  const auto number = slice_number(at);
  auto& place = slices_[static_cast<std::size_t>(number) % slice_count];
  if (place.number > number)
    return nullptr;
  if (place.number < number)
    place = {number, {}};
  return &place.sum;
}

std::int64_t window::slice_number(time_point now) const noexcept {
  return now.time_since_epoch() / slice_length();
}

time_point window::unchanged_until(time_point now) const noexcept {
  return timed() ? time_point{(slice_number(now) + 1) * slice_length()}
                 : time_point::max();
}

} // namespace switchgear
