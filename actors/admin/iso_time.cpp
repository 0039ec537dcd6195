#include "iso_time.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace switchgear::admin {

std::string iso_time(wall_time at) {
  using namespace std::chrono;
  const auto ms = floor<milliseconds>(at).time_since_epoch();
  const auto whole = floor<seconds>(ms);
  const auto seconds_since = static_cast<std::time_t>(whole.count());
  std::tm parts{};
  gmtime_r(&seconds_since, &parts);
  std::array<char, 48> text;
  const auto n = std::strftime(text.data(), text.size(), "%FT%T", &parts);
  std::snprintf(text.data() + n, text.size() - n, ".%03dZ",
                static_cast<int>((ms - whole).count()));
  return text.data();
}

} // namespace switchgear::admin
