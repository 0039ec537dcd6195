#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <new>
#include <type_traits>
#include <utility>

namespace switchgear::detail {

/// A callable that is called once at the most, and moved from thread to thread
/// before. What is small is kept without an allocation.
class job {
public:
  job() noexcept = default;

  job(std::nullptr_t) noexcept {
    // nop
  }

  template <class F>
  requires(!std::same_as<std::remove_cvref_t<F>,
                         job> && std::invocable<std::decay_t<F>&>)
    job(F&& f) { // NOLINT: any callable is a job
    using callable = std::decay_t<F>;
    if constexpr (fits<callable>) {
      ::new (room()) callable(std::forward<F>(f));
      what_ = &kept_here<callable>;
    } else {
      ::new (room()) callable*(new callable(std::forward<F>(f)));
      what_ = &kept_elsewhere<callable>;
    }
  }

  job(job&& other) noexcept : what_(std::exchange(other.what_, nullptr)) {
    if (what_)
      what_->move(other.room(), room());
  }

  job& operator=(job&& other) noexcept {
    if (this != &other) {
      reset();
      what_ = std::exchange(other.what_, nullptr);
      if (what_)
        what_->move(other.room(), room());
    }
    return *this;
  }

  job& operator=(std::nullptr_t) noexcept {
    reset();
    return *this;
  }

  ~job() {
    reset();
  }

  explicit operator bool() const noexcept {
    return what_ != nullptr;
  }

  /// @pre there is one
  void operator()() {
    what_->call(room());
  }

private:
  static constexpr std::size_t size = 4 * sizeof(void*);

  template <class F>
  static constexpr bool fits
    = sizeof(F) <= size && alignof(F) <= alignof(std::max_align_t)
      && std::is_nothrow_move_constructible_v<F>;

  struct operations {
    void (*call)(void*);
    void (*move)(void* from, void* to) noexcept; // and ends what was there
    void (*end)(void*) noexcept;
  };

  template <class F>
  static F& at(void* where) noexcept {
    return *std::launder(static_cast<F*>(where));
  }

  template <class F>
  static constexpr operations kept_here{
    [](void* f) { std::invoke(at<F>(f)); },
    [](void* from, void* to) noexcept {
      ::new (to) F(std::move(at<F>(from)));
      at<F>(from).~F();
    },
    [](void* f) noexcept { at<F>(f).~F(); },
  };

  template <class F>
  static constexpr operations kept_elsewhere{
    [](void* f) { std::invoke(*at<F*>(f)); },
    [](void* from, void* to) noexcept { ::new (to) F*(at<F*>(from)); },
    [](void* f) noexcept { delete at<F*>(f); },
  };

  void* room() noexcept {
    return room_;
  }

  void reset() noexcept {
    if (auto what = std::exchange(what_, nullptr))
      what->end(room());
  }

  const operations* what_ = nullptr;
  alignas(std::max_align_t) std::byte room_[size];
};

} // namespace switchgear::detail
