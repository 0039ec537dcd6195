#pragma once

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

namespace switchgear::detail {

/// A short list whose first `N` elements need no allocation.
template <class T, std::size_t N>
class inline_list {
public:
  void push_back(T value) {
    if (size_ < N)
      head_[size_] = std::move(value);
    else
      rest_.push_back(std::move(value));
    ++size_;
  }

  std::size_t size() const noexcept {
    return size_;
  }

  T& operator[](std::size_t index) noexcept {
    return index < N ? head_[index] : rest_[index - N];
  }

  const T& operator[](std::size_t index) const noexcept {
    return index < N ? head_[index] : rest_[index - N];
  }

private:
  std::array<T, N> head_{};
  std::vector<T> rest_;
  std::size_t size_ = 0;
};

} // namespace switchgear::detail
