#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "switchgear/detail/on_demand.hpp"
#include "switchgear/supervision/child_spec.hpp"

namespace switchgear::supervision {

/// Identifies an entry of a child table. Keys grow in the order in which
/// children are added, which is their start order, and are never used again.
using child_key = std::uint64_t;

/// Identifies one start of one child. Never used again: what a former process
/// of a child still has to say is recognised by comparison.
using run_id = std::uint64_t;

/// A child and what its supervisor knows about it.
template <class Handle>
struct child {
  child_key key = 0;
  child_spec<Handle> spec;
  child_status status = child_status::undefined;
  /// The process, if it is `starting` or `running`.
  Handle process{};
  run_id run = 0;
  /// The process has ended, but that has not been dealt with yet.
  bool gone = false;

  /// What only a child that has ended needs.
  struct past {
    /// How the last process ended.
    statem::exit_reason last_exit;
    /// Starts that the restart under way has taken so far.
    std::size_t attempt = 0;
  };
  switchgear::detail::on_demand<past> before;
};

/// The children of one supervisor, in start order. Access by key takes
/// O(log n), by id O(1); entries stay where they are.
/// @note Not thread-safe.
template <class Handle>
class child_table {
public:
  using entry = child<Handle>;

  child_table() = default;
  child_table(const child_table&) = delete;
  child_table& operator=(const child_table&) = delete;
  child_table(child_table&&) = default;
  child_table& operator=(child_table&&) = default;

  /// @pre no child has that id
  entry& add(child_spec<Handle> spec) {
    const auto key = ++last_key_;
    auto& added = by_key_.try_emplace(by_key_.end(), key)->second;
    added.key = key;
    added.spec = std::move(spec);
    by_id_.insert(&added);
    return added;
  }

  void remove(entry& x) {
    by_id_.erase(&x);
    by_key_.erase(x.key);
  }

  entry* find(std::string_view id) {
    auto i = by_id_.find(id);
    return i != by_id_.end() ? *i : nullptr;
  }

  entry* find(child_key key) {
    auto i = by_key_.find(key);
    return i != by_key_.end() ? &i->second : nullptr;
  }

  /// The first child, in start order, whose key is not below `key`, or null.
  entry* first_from(child_key key) {
    auto i = by_key_.lower_bound(key);
    return i != by_key_.end() ? &i->second : nullptr;
  }

  /// The last child whose key is below `key`, or null.
  entry* last_before(child_key key) {
    auto i = by_key_.lower_bound(key);
    return i != by_key_.begin() ? &std::prev(i)->second : nullptr;
  }

  std::size_t size() const noexcept {
    return by_key_.size();
  }

  /// Calls `f` for each child, in start order.
  template <class F>
  void for_each(F f) const {
    for (const auto& [key, x] : by_key_)
      f(x);
  }

private:
  static std::string_view id_of(std::string_view id) noexcept {
    return id;
  }

  static std::string_view id_of(const entry* x) noexcept {
    return x->spec.id;
  }

  struct hash_id {
    using is_transparent = void;

    // Not noexcept: a hash that may throw is kept, not computed again whenever
    // a search passes by.
    std::size_t operator()(const auto& x) const {
      return std::hash<std::string_view>{}(id_of(x));
    }
  };

  struct same_id {
    using is_transparent = void;

    bool operator()(const auto& x, const auto& y) const noexcept {
      return id_of(x) == id_of(y);
    }
  };

  std::map<child_key, entry> by_key_;
  std::unordered_set<entry*, hash_id, same_id> by_id_; // into by_key_
  child_key last_key_ = 0;
};

} // namespace switchgear::supervision
