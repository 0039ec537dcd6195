#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace switchgear {

/// What Redis answers. A value; it holds no memory of the library's.
struct redis_reply {
  enum class kind : std::uint8_t {
    nil,     ///< There is nothing.
    status,  ///< `text` is a word, e.g. `OK`.
    string,  ///< `text` is a value; any bytes.
    integer, ///< `integer`.
    array,   ///< `elements`.
    error,   ///< `text` says why the command is wrong, e.g. `WRONGTYPE ...`.
  };

  kind type = kind::nil;
  std::string text{};
  std::int64_t integer = 0;
  std::vector<redis_reply> elements{};

  bool is_nil() const noexcept {
    return type == kind::nil;
  }

  /// Whether the server refuses the command. Look before you use the reply.
  bool is_error() const noexcept {
    return type == kind::error;
  }

  /// The first word of an error, e.g. `WRONGTYPE`; else empty.
  std::string_view error_code() const noexcept {
    const std::string_view all = is_error() ? text : std::string_view{};
    return all.substr(0, all.find(' '));
  }

  friend bool operator==(const redis_reply&, const redis_reply&) = default;
};

std::string_view to_string(redis_reply::kind value) noexcept;

} // namespace switchgear
