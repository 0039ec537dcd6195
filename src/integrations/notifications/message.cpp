#include "message.hpp"

#include <array>
#include <atomic>
#include <ctime>
#include <random>

#include "switchgear/detail/utf8.hpp"

namespace switchgear::mail {

namespace {

constexpr std::string_view alphabet
  = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string base64(std::string_view bytes) {
  std::string result;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const auto group = bytes.substr(at, 3);
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < 3; ++i)
      bits = bits << 8
             | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0u);
    for (std::size_t i = 0; i < 4; ++i)
      result += i <= group.size() ? alphabet[bits >> (18 - 6 * i) & 63] : '=';
  }
  return result;
}

/// Bytes of the text that fit, and do not end within a character.
std::size_t whole_characters(std::string_view text, std::size_t most) {
  if (text.size() <= most)
    return text.size();
  while (most > 1 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80)
    --most;
  return most;
}

/// A header's text in words of ASCII, none of which is too long.
std::string encoded_words(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto size = whole_characters(text, 42);
    if (!result.empty())
      result += "\r\n ";
    result += "=?UTF-8?B?" + base64(text.substr(0, size)) + "?=";
    text.remove_prefix(size);
  }
  return result;
}

std::string date() {
  constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 40> rest{};
  std::strftime(rest.data(), rest.size(), "%Y %H:%M:%S +0000", &utc);
  // Names of days and months by strftime would be the locale's.
  return std::string{days[static_cast<std::size_t>(utc.tm_wday)]} + ", "
         + std::to_string(utc.tm_mday) + ' '
         + months[static_cast<std::size_t>(utc.tm_mon)] + ' ' + rest.data();
}

std::string message_id(std::string_view from) {
  static std::atomic<std::uint64_t> counter{0};
  thread_local std::random_device random;
  return '<' + std::to_string(random()) + '.' + std::to_string(random()) + '.'
         + std::to_string(++counter) + std::string{from.substr(from.find('@'))}
         + '>';
}

std::string subject(const notification& what) {
  return '[' + std::string{to_string(what.level)} + "] "
         + (what.resolved ? "Resolved: " : "") + what.title;
}

std::string text_of(const notification& what) {
  auto result = what.text.empty() ? what.title : what.text;
  result += '\n';
  for (const auto& [name, value] : what.details)
    result += '\n' + name + ": " + value;
  if (!what.details.empty())
    result += '\n';
  // Text in a mail has these ends of lines, encoded or not.
  std::string lines;
  for (char each : result)
    if (each == '\n')
      lines += "\r\n";
    else if (each != '\r')
      lines += each;
  return lines;
}

} // namespace

bool is_address(std::string_view text) noexcept {
  const auto at = text.find('@');
  if (at == text.npos || at == 0 || at > 64 || text.size() > 254
      || at + 1 == text.size() || text.find('@', at + 1) != text.npos)
    return false;
  for (char each : text) {
    const auto byte = static_cast<unsigned char>(each);
    // Beside blanks and what is not ASCII: what would begin a name, a comment,
    // a list, or another argument of a command.
    if (byte <= 0x20 || byte >= 0x7f
        || std::string_view{"<>()[],;:\\\""}.find(each) != std::string::npos)
      return false;
  }
  return true;
}

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const auto size = detail::utf8_length(text);
    if (size == 0)
      return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string compose(const notification& what, const mail_options& options) {
  std::string result = "From: <" + options.from + ">\r\nTo: ";
  for (const auto& each : options.to)
    result += (&each == &options.to.front() ? "<" : ",\r\n <") + each + '>';
  result += "\r\nSubject: " + encoded_words(subject(what));
  result += "\r\nDate: " + date();
  result += "\r\nMessage-ID: " + message_id(options.from);
  result += "\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: base64\r\n\r\n";
  const auto body = base64(text_of(what));
  for (std::size_t at = 0; at < body.size(); at += 76)
    result += body.substr(at, 76) + "\r\n";
  return result;
}

} // namespace switchgear::mail
