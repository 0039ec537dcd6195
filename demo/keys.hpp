#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "command.hpp"

namespace demo {

/// What a key means.
struct key_press {
  enum class meaning : std::uint8_t {
    other,
    act,         ///< `what`, on the selected tool.
    traffic_all, ///< Steady traffic on all tools, or on none.
    up,
    down,
    pick, ///< The tool at `index`.
    help,
    redraw,
    suspend,
    interrupt,
    quit,
  };

  meaning kind = meaning::other;
  action what = action::call;
  std::size_t index = 0;

  friend bool operator==(const key_press&, const key_press&) = default;
};

/// Makes keys from the bytes that a terminal sends, in whatever pieces.
class key_decoder {
public:
  std::vector<key_press> feed(std::string_view bytes);

  /// Says that nothing has come for a while: a lone ESC was the key.
  std::vector<key_press> idle();

private:
  std::string sequence_;
};

} // namespace demo
