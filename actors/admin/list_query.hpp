#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "history.hpp"
#include "switchgear/breaker/config.hpp"
#include "switchgear/breaker/statistics.hpp"
#include "switchgear/expected.hpp"

namespace switchgear::admin {

/// Which breakers somebody wants to see, and in which order.
struct list_query {
  using words = std::vector<std::string>;

  words states; ///< Empty: all.
  words modes;
  words healths;
  std::string text; ///< In the name, in small letters.
  std::string sort = "tool";
  bool descending = false;
  std::size_t limit = 1000;
  std::size_t offset = 0;
  /// All parameters but `offset`, as they were sent.
  std::string others;
};

/// @returns the query, or all that is wrong with it
expected<list_query, std::vector<config_error>>
read_list_query(const std::multimap<std::string, std::string>& from);

/// The places of the breakers that are wanted, in order.
std::vector<std::size_t> choose(const list_query& query,
                                std::span<const statistics> all,
                                std::span<const std::optional<sample>> latest);

/// The `Link` header of a page of `total` breakers; may be empty.
std::string links_of(const list_query& query, std::size_t total);

} // namespace switchgear::admin
