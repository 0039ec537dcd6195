#pragma once

#include <string>
#include <string_view>

namespace switchgear {

/// `text` for a log, whatever somebody has put into it: bytes that are no UTF-8
/// are written out, and a `?` stands for what terminals and readers of logs
/// obey (control characters, also those beyond ASCII, and ends of lines).
std::string one_line(std::string_view text);

} // namespace switchgear
