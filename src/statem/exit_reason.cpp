#include "switchgear/statem/exit_reason.hpp"

#include <string_view>

namespace switchgear::statem {

std::string exit_reason::to_string() const {
  switch (what) {
    case kind::normal:
      return "normal";
    case kind::shutdown:
      return detail.empty() ? "shutdown" : "shutdown:" + detail;
    case kind::stopped:
      return detail;
    case kind::error:
      return "error:" + detail;
    case kind::killed:
      return "killed";
  }
  return "?";
}

exit_reason exit_reason::parse(const std::string& text) {
  using namespace std::literals;
  if (text == "normal")
    return normal();
  if (text == "killed")
    return killed();
  if (text == "shutdown")
    return shutdown();
  if (text.starts_with("shutdown:"sv))
    return shutdown(text.substr("shutdown:"sv.size()));
  if (text.starts_with("error:"sv))
    return error(text.substr("error:"sv.size()));
  return stopped(text);
}

} // namespace switchgear::statem
