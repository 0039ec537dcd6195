#include "one_line.hpp"

#include "switchgear/detail/utf8.hpp"

namespace switchgear {

namespace {

/// Whether a UTF-8 character is obeyed rather than shown.
bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1)
    return first < 0x20 || first == 0x7f;
  const auto second = static_cast<unsigned char>(character[1]);
  // U+0080 to U+009F: some terminals take them for escape sequences.
  return (first == 0xc2 && second < 0xa0)
         // Separators of lines and of paragraphs.
         || character == "\u2028" || character == "\u2029";
}

} // namespace

std::string one_line(std::string_view text) {
  const auto valid = detail::to_utf8(text);
  std::string result;
  result.reserve(valid.size());
  for (std::string_view rest = valid; !rest.empty();) {
    const auto character = rest.substr(0, detail::utf8_length(rest));
    result += is_control(character) ? "?" : character;
    rest.remove_prefix(character.size());
  }
  return result;
}

} // namespace switchgear
