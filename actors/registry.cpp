#include "registry.hpp"

#include <algorithm>

namespace switchgear {

auto registry::remove(std::string_view name) -> cell_ptr {
  auto i = entries_.find(name);
  if (i == entries_.end())
    return nullptr;
  auto result = i->what;
  entries_.erase(i);
  return result;
}

auto registry::all() const -> std::vector<cell_ptr> {
  std::vector<cell_ptr> result;
  result.reserve(entries_.size());
  for (const auto& each : entries_)
    result.push_back(each.what);
  return result;
}

auto registry::in_order() const -> std::vector<cell_ptr> {
  std::vector<const entry*> sorted;
  sorted.reserve(entries_.size());
  for (const auto& each : entries_)
    sorted.push_back(&each);
  std::sort(sorted.begin(), sorted.end(), [](const entry* x, const entry* y) {
    return x->number < y->number;
  });
  std::vector<cell_ptr> result;
  result.reserve(sorted.size());
  for (const auto* each : sorted)
    result.push_back(each->what);
  return result;
}

} // namespace switchgear
