#include "event_stream.hpp"

namespace switchgear {

void event_stream::take_line() {
  std::string_view line = line_;
  const auto colon = line.find(':');
  if (line.substr(0, colon) != "data")
    return;
  if (has_data_)
    data_ += '\n';
  has_data_ = true;
  if (colon == line.npos)
    return; // a field without a value
  line.remove_prefix(colon + 1);
  if (line.starts_with(' '))
    line.remove_prefix(1);
  data_ += line;
}

} // namespace switchgear
