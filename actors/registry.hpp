#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "switchgear/actor/breaker_actor.hpp"

namespace switchgear {

/// The breakers of a runtime by name. Adding, finding and removing one takes
/// the same time however many there are. The name is the cell's own.
/// @note Not thread-safe.
class registry {
public:
  using cell_ptr = std::shared_ptr<actor::actor_cell>;

  /// The breaker of that name, or null.
  cell_ptr find(std::string_view name) const {
    auto i = entries_.find(name);
    return i == entries_.end() ? nullptr : i->what;
  }

  /// @pre there is none of that name
  void add(cell_ptr what) {
    entries_.insert({std::move(what), ++last_number_});
  }

  /// @returns the breaker that was removed, or null.
  cell_ptr remove(std::string_view name);

  std::size_t size() const noexcept {
    return entries_.size();
  }

  /// In no order.
  std::vector<cell_ptr> all() const;

  /// In no order.
  void for_each(auto&& visit) const {
    for (const auto& each : entries_)
      visit(*each.what);
  }

  /// In the order in which they were added.
  std::vector<cell_ptr> in_order() const;

private:
  struct entry {
    cell_ptr what;
    std::uint64_t number;
  };

  static std::string_view name_of(std::string_view name) noexcept {
    return name;
  }

  static std::string_view name_of(const entry& x) noexcept {
    return x.what->name();
  }

  struct hash {
    using is_transparent = void;

    // Not noexcept: a hash that may throw is kept, not computed again whenever
    // a search passes by.
    std::size_t operator()(const auto& x) const {
      return std::hash<std::string_view>{}(name_of(x));
    }
  };

  struct same_name {
    using is_transparent = void;

    bool operator()(const auto& x, const auto& y) const noexcept {
      return name_of(x) == name_of(y);
    }
  };

  std::unordered_set<entry, hash, same_name> entries_;
  std::uint64_t last_number_ = 0;
};

} // namespace switchgear
