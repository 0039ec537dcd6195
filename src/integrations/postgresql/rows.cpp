#include "switchgear/integrations/postgresql/rows.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace switchgear {

pg_param::pg_param(double value) {
  // The shortest text that is this number again, whatever the locale.
  std::array<char, 32> text;
  const auto end
    = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  text_.emplace(text.data(), end);
}

const pg_value& pg_rows::at(std::size_t index, std::string_view column) const {
  const auto& values = all().at(index);
  const auto found = std::ranges::find(columns_, column);
  if (found == columns_.end())
    throw std::out_of_range{"no column " + std::string{column}};
  return values.at(static_cast<std::size_t>(found - columns_.begin()));
}

} // namespace switchgear
