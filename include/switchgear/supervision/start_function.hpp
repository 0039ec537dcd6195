#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace switchgear::supervision {

/// As `std::function<Result()>`, but what captures two shared pointers, as the
/// start functions of very many children do, takes no memory of its own.
/// @note Calling an empty one is an error; ask first.
template <class Result>
class start_function {
public:
  start_function() = default;

  start_function(std::nullptr_t) { // NOLINT: as with `std::function`
    // nop
  }

  template <class F>
  requires(!std::is_same_v<
             std::remove_cvref_t<F>,
             start_function> && std::is_invocable_r_v<Result, std::decay_t<F>&>)
    start_function(F&& f) { // NOLINT: `.start = [] { ... }`
    using callable = std::decay_t<F>;
    if constexpr (std::is_same_v<callable, std::function<Result()>>)
      if (!f)
        return;
    if constexpr (fits<callable>) {
      new (storage_) callable(std::forward<F>(f));
      how_ = &of<callable>;
    } else {
      // Copies share it.
      using held = shared<callable>;
      new (storage_) held{std::make_shared<callable>(std::forward<F>(f))};
      how_ = &of<held>;
    }
  }

  start_function(const start_function& other) : how_(other.how_) {
    if (how_)
      how_->copy(other.storage_, storage_);
  }

  start_function(start_function&& other) noexcept : how_(other.how_) {
    if (how_)
      how_->move(other.storage_, storage_);
  }

  start_function& operator=(start_function other) noexcept {
    clear();
    how_ = other.how_;
    if (how_)
      how_->move(other.storage_, storage_);
    return *this;
  }

  ~start_function() {
    clear();
  }

  explicit operator bool() const noexcept {
    return how_ != nullptr;
  }

  Result operator()() const {
    return how_->call(storage_);
  }

private:
  static constexpr std::size_t room = 4 * sizeof(void*);

  template <class F>
  static constexpr bool fits = sizeof(F) <= room && alignof(F) <= alignof(void*)
                               && std::is_nothrow_move_constructible_v<F>;

  template <class F>
  struct shared {
    std::shared_ptr<F> what;

    Result operator()() const {
      return (*what)();
    }
  };

  struct operations {
    Result (*call)(std::byte*);
    void (*copy)(const std::byte*, std::byte*);
    void (*move)(std::byte*, std::byte*) noexcept;
    void (*destroy)(std::byte*) noexcept;
  };

  template <class F>
  static F& as(std::byte* where) noexcept {
    return *std::launder(reinterpret_cast<F*>(where));
  }

  template <class F>
  static constexpr operations of{
    [](std::byte* f) -> Result { return as<F>(f)(); },
    [](const std::byte* from, std::byte* to) {
      new (to) F(as<F>(const_cast<std::byte*>(from)));
    },
    [](std::byte* from, std::byte* to) noexcept {
      new (to) F(std::move(as<F>(from)));
    },
    [](std::byte* f) noexcept { as<F>(f).~F(); },
  };

  void clear() noexcept {
    if (how_)
      std::exchange(how_, nullptr)->destroy(storage_);
  }

  const operations* how_ = nullptr;
  // Mutable as the callable behind a `const std::function` is.
  alignas(void*) mutable std::byte storage_[room];
};

} // namespace switchgear::supervision
