#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace switchgear::detail {

/// A short text that is kept in place: it never allocates. What does not fit
/// is cut off, between two characters of UTF-8, and ends in `...`.
template <std::uint8_t Capacity>
class bounded_text {
public:
  bounded_text() = default;

  bounded_text(std::string_view text) { // NOLINT: it is a text
    auto n = text.size();
    if (n > Capacity) {
      n = Capacity - ellipsis.size();
      while (n > 0 && (static_cast<unsigned char>(text[n]) & 0xc0) == 0x80)
        --n;
      std::copy(ellipsis.begin(), ellipsis.end(), chars_.begin() + n);
    }
    std::copy_n(text.begin(), n, chars_.begin());
    size_
      = static_cast<std::uint8_t>(n == text.size() ? n : n + ellipsis.size());
  }

  bounded_text(const char* text) : bounded_text(std::string_view{text}) {
    // nop
  }

  bounded_text(const std::string& text) : bounded_text(std::string_view{text}) {
    // nop
  }

  // Copies what there is, not the whole capacity.
  bounded_text(const bounded_text& other) noexcept : size_(other.size_) {
    std::copy_n(other.chars_.begin(), size_, chars_.begin());
  }

  bounded_text& operator=(const bounded_text& other) noexcept {
    size_ = other.size_;
    std::copy_n(other.chars_.begin(), size_, chars_.begin());
    return *this;
  }

  std::string_view view() const noexcept {
    return {chars_.data(), size_};
  }

  operator std::string_view() const noexcept {
    return view();
  }

  bool empty() const noexcept {
    return size_ == 0;
  }

private:
  static constexpr std::string_view ellipsis = "...";
  static_assert(Capacity > ellipsis.size());

  std::uint8_t size_ = 0;
  std::array<char, Capacity> chars_; // the first `size_` are set
};

} // namespace switchgear::detail
