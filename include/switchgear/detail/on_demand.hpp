#pragma once

#include <memory>

namespace switchgear::detail {

/// A `T` that takes memory only from its first change on. Until then it reads
/// as a default-constructed one. For what most of very many objects never need.
/// @note Not thread-safe.
template <class T>
class on_demand {
public:
  const T& operator*() const {
    return value_ ? *value_ : untouched();
  }

  const T* operator->() const {
    return &**this;
  }

  /// The value to change; made, if there is none yet.
  T& edit() {
    if (!value_)
      value_ = std::make_unique<T>();
    return *value_;
  }

  /// Whether it has been changed, and takes memory.
  explicit operator bool() const noexcept {
    return value_ != nullptr;
  }

private:
  static const T& untouched() {
    static const T value{};
    return value;
  }

  std::unique_ptr<T> value_;
};

} // namespace switchgear::detail
