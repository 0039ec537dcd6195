#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace switchgear::admin {

/// What has happened, for those who follow it: the last so many calls, and as
/// many changes of their own, so that no storm of failures drives out what it
/// led to. All have a number, one after the other.
/// @note Thread-safe.
class journal {
public:
  enum class kind { change, call, admin };

  struct entry {
    std::uint64_t number = 0;
    journal::kind kind = kind::change;
    std::string tool; ///< Its name; empty: it is about none.
    std::string json; ///< In one line.
  };

  /// What somebody wants to read.
  struct filter {
    std::optional<std::string> tool;
    bool calls = true;
  };

  /// @param capacity how many of each are kept
  explicit journal(std::size_t capacity) : capacity_(capacity) {
    // nop
  }

  void add(kind what, std::string tool, std::string json);

  struct reading {
    /// How many of those before `next` had gone before they could be read; some
    /// of them may not have been wanted. Nothing if that is not known, but some
    /// have.
    std::optional<std::uint64_t> missed = 0;
    /// From where to read on.
    std::uint64_t next = 0;
  };

  /// Reads what came after `after`, the oldest first.
  /// @param visit returns whether it takes more
  reading read(std::uint64_t after, const filter& wanted,
               const std::function<bool(const entry&)>& visit) const;

  /// The number after which there are `count` entries that are wanted, or all
  /// that are left.
  std::uint64_t before_last(std::uint64_t count, const filter& wanted) const;

  std::uint64_t last() const;

private:
  using ring = std::deque<entry>;

  struct place {
    ring::const_iterator at;
    ring::const_iterator end;
  };

  static bool fits(const filter& wanted, const entry& each);
  static place after(const ring& where, std::uint64_t number);

  const std::size_t capacity_;
  mutable std::mutex mutex_;
  ring changes_;
  ring calls_;
  std::uint64_t last_ = 0;
  std::uint64_t last_change_gone_ = 0;
  std::uint64_t last_call_gone_ = 0;
};

} // namespace switchgear::admin
