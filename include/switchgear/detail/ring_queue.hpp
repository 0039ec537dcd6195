#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace switchgear::detail {

/// A double-ended queue that keeps its capacity: once it has grown to what a
/// machine needs, pushing and popping allocate nothing. `std::deque` frees and
/// takes blocks as its ends move, even at a constant size.
/// @note Not thread-safe.
template <class T>
class ring_queue {
public:
  bool empty() const noexcept {
    return size_ == 0;
  }

  std::size_t size() const noexcept {
    return size_;
  }

  T& front() noexcept {
    return slots_[head_];
  }

  /// @pre `index < size()`
  const T& operator[](std::size_t index) const noexcept {
    return slots_[wrap(head_ + index)];
  }

  void push_back(T value) {
    reserve_one();
    slots_[wrap(head_ + size_)] = std::move(value);
    ++size_;
  }

  void push_front(T value) {
    reserve_one();
    head_ = wrap(head_ + slots_.size() - 1);
    slots_[head_] = std::move(value);
    ++size_;
  }

  /// @pre `!empty()`
  T pop_front() {
    // Moving out leaves a husk in the slot; assigning a fresh value releases
    // whatever a moved-from T may still hold.
    T result = std::exchange(slots_[head_], T{});
    head_ = wrap(head_ + 1);
    --size_;
    return result;
  }

  /// @pre `!empty()`
  T pop_back() {
    --size_;
    return std::exchange(slots_[wrap(head_ + size_)], T{});
  }

  void clear() {
    while (!empty())
      static_cast<void>(pop_front());
  }

  /// Gives unused memory back.
  void shrink() {
    std::vector<T> compact;
    compact.reserve(size_);
    for (std::size_t i = 0; i < size_; ++i)
      compact.push_back(std::move(slots_[wrap(head_ + i)]));
    slots_ = std::move(compact);
    head_ = 0;
  }

private:
  std::size_t wrap(std::size_t index) const noexcept {
    return index < slots_.size() ? index : index - slots_.size();
  }

  void reserve_one() {
    if (size_ < slots_.size())
      return;
    std::vector<T> bigger(slots_.empty() ? 4 : slots_.size() * 2);
    for (std::size_t i = 0; i < size_; ++i)
      bigger[i] = std::move(slots_[wrap(head_ + i)]);
    slots_ = std::move(bigger);
    head_ = 0;
  }

  std::vector<T> slots_;
  std::size_t head_ = 0;
  std::size_t size_ = 0;
};

} // namespace switchgear::detail
