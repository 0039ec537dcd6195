#include "framing.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace switchgear::http {

namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";

frame refuse(int status, std::string why) {
  frame result;
  result.what = frame::verdict::refused;
  result.status = status;
  result.why = std::move(why);
  return result;
}

std::string limit_of(std::size_t bytes) {
  return std::to_string(bytes) + " bytes";
}

bool same_name(std::string_view x, std::string_view y) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::ranges::equal(x, y, {}, lower, lower);
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

/// Whether it has three parts, with a space between them and nowhere else.
bool is_request_line(std::string_view line) {
  return std::ranges::count(line, ' ') == 2 && line.front() != ' '
         && line.back() != ' ' && line.find("  ") == line.npos;
}

/// The headers that say where the request ends.
class head_reader {
public:
  head_reader(const framing_limits& limits, frame& into)
    : limits_(limits),
      into_(into) {
    // nop
  }

  /// @returns a refusal, if the line makes no sense.
  std::optional<frame> take(std::string_view line) {
    if (++count_ > limits_.headers)
      return refuse(431, "more than " + std::to_string(limits_.headers)
                           + " headers");
    const auto colon = line.find(':');
    // A space before the colon, or at the beginning of a line, has been
    // understood in more than one way.
    if (colon == line.npos || colon == 0
        || line.substr(0, colon).find_first_of(" \t") != line.npos)
      return refuse(400, "a header is not NAME: VALUE");
    const auto name = line.substr(0, colon);
    const auto value = trimmed(line.substr(colon + 1));
    if (same_name(name, "Transfer-Encoding"))
      return refuse(411, "the body needs a Content-Length");
    if (same_name(name, "Content-Length"))
      return take_length(value);
    if (same_name(name, "Expect"))
      into_.expects_continue = same_name(value, "100-continue");
    return std::nullopt;
  }

private:
  std::optional<frame> take_length(std::string_view value) {
    std::size_t length = 0;
    const auto* end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, length);
    if (value.empty() || stop != end || error == std::errc::invalid_argument
        || has_length_)
      return refuse(400, "Content-Length must be one number");
    if (error != std::errc{} || length > limits_.body)
      return refuse(413, "the body may have " + limit_of(limits_.body));
    has_length_ = true;
    into_.body = length;
    return std::nullopt;
  }

  const framing_limits& limits_;
  frame& into_;
  std::size_t count_ = 0;
  bool has_length_ = false;
};

} // namespace

frame find_request(std::string_view bytes, const framing_limits& limits) {
  const auto first_end = bytes.find(line_end);
  auto line = bytes.substr(0, std::min(first_end, bytes.size()));
  if (first_end == bytes.npos && line.ends_with('\r'))
    line.remove_suffix(1); // the other half of the line's end is to come
  // What is no HTTP at all need not be waited for. However the bytes arrive,
  // what is wrong with them first is what they are refused for.
  if (has_control(line.substr(0, limits.line)))
    return refuse(400, "a control character is in the request line");
  if (line.size() > limits.line)
    return refuse(414, "the request line may have " + limit_of(limits.line));
  if (first_end != bytes.npos && !is_request_line(line))
    return refuse(400, "the request line is not METHOD TARGET VERSION");
  const auto end = bytes.find(head_end);
  // Or where it could be: the last bytes may be a part of it.
  const auto least_end
    = end != bytes.npos
        ? end
        : bytes.size() - std::min(bytes.size(), head_end.size() - 1);
  if (least_end > limits.head)
    return refuse(431, "the headers may have " + limit_of(limits.head));
  if (end == bytes.npos)
    return {};
  frame result;
  result.head = end + head_end.size();
  head_reader reader{limits, result};
  // From the second line to the end of the last one.
  auto rest = bytes.substr(first_end + line_end.size(), end - first_end);
  while (!rest.empty()) {
    const auto length = rest.find(line_end);
    const auto header = rest.substr(0, length);
    if (header.size() > limits.header)
      return refuse(431, "a header may have " + limit_of(limits.header));
    if (has_control(header))
      return refuse(400, "a control character is in a header");
    if (auto bad = reader.take(header))
      return std::move(*bad);
    rest.remove_prefix(length + line_end.size());
  }
  if (bytes.size() - result.head >= result.body)
    result.what = frame::verdict::complete;
  return result;
}

} // namespace switchgear::http
