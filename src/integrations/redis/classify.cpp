#include "classify.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace switchgear::redis {

bool is_failure(const redis_reply& reply) noexcept {
  static constexpr std::array<std::string_view, 10> codes{
    "LOADING", "BUSY",  "MASTERDOWN", "CLUSTERDOWN", "READONLY",
    "OOM",     "IOERR", "MISCONF",    "NOREPLICAS",  "NOAUTH",
  };
  return std::ranges::find(codes, reply.error_code()) != codes.end()
         // Said in place of the answer to the first command.
         || (reply.is_error()
             && reply.text.starts_with("ERR max number of clients"));
}

bool binds_connection(std::string_view word) {
  // Those that end a subscription are answered once for each channel.
  static constexpr std::array<std::string_view, 21> words{
    "ASKING",       "AUTH",      "CLIENT",       "DISCARD",    "EXEC",
    "HELLO",        "MONITOR",   "MULTI",        "PSUBSCRIBE", "PSYNC",
    "PUNSUBSCRIBE", "QUIT",      "READONLY",     "RESET",      "SELECT",
    "SSUBSCRIBE",   "SUBSCRIBE", "SUNSUBSCRIBE", "SYNC",       "UNSUBSCRIBE",
    "WATCH",
  };
  std::string upper{word};
  std::ranges::transform(upper, upper.begin(), [](unsigned char c) {
    return static_cast<char>(std::toupper(c));
  });
  return std::ranges::find(words, upper) != words.end();
}

} // namespace switchgear::redis
