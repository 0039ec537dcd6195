#include "details.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace switchgear::grpc_client {

namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr std::string_view retry_info
  = "type.googleapis.com/google.rpc.RetryInfo";
constexpr std::string_view error_info
  = "type.googleapis.com/google.rpc.ErrorInfo";

// -- protobuf's wire format, as far as it is needed ---------------------------

void put(std::string& to, std::uint64_t number) {
  for (; number > 0x7f; number >>= 7)
    to += static_cast<char>(number | 0x80);
  to += static_cast<char>(number);
}

void put(std::string& to, int field, std::uint64_t value) {
  put(to, static_cast<std::uint64_t>(field) << 3);
  put(to, value);
}

void put(std::string& to, int field, std::string_view value) {
  put(to, static_cast<std::uint64_t>(field) << 3 | 2);
  put(to, value.size());
  to += value;
}

class reader {
public:
  explicit reader(std::string_view from) : left_(from) {
    // nop
  }

  // What the last field that was read is, and holds.
  std::uint64_t field = 0;
  std::uint64_t number = 0;
  std::string_view bytes;

  /// @returns false at the end, or where it makes no sense
  bool next() {
    std::uint64_t tag = 0;
    if (left_.empty() || !take(tag))
      return false;
    field = tag >> 3;
    number = 0;
    bytes = {};
    switch (tag & 7) {
      case 0:
        return take(number);
      case 1:
        return skip(8);
      case 2:
        if (!take(number) || number > left_.size())
          return false;
        bytes = left_.substr(0, number);
        return skip(number);
      case 5:
        return skip(4);
      default:
        return false;
    }
  }

private:
  bool take(std::uint64_t& to) {
    to = 0;
    for (int shift = 0; shift < 64 && !left_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(left_.front());
      left_.remove_prefix(1);
      to |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80)
        return true;
    }
    return false;
  }

  bool skip(std::uint64_t n) {
    if (n > left_.size())
      return false;
    left_.remove_prefix(n);
    return true;
  }

  std::string_view left_;
};

// -- google.rpc ---------------------------------------------------------------

std::string any(std::string_view type, std::string_view value) {
  std::string result;
  put(result, 1, type);
  put(result, 2, value);
  return result;
}

duration read_duration(std::string_view bytes) {
  // Far from where nanoseconds overflow.
  constexpr auto most
    = std::chrono::duration_cast<seconds>(duration::max()).count() / 2;
  std::int64_t whole = 0;
  std::int64_t nanos = 0;
  for (reader r{bytes}; r.next();)
    if (r.field == 1)
      whole = static_cast<std::int64_t>(r.number);
    else if (r.field == 2)
      nanos = static_cast<std::int64_t>(r.number);
  if (whole < 0 || nanos < 0 || nanos > 999'999'999)
    return {};
  return seconds{std::min<std::int64_t>(whole, most)} + nanoseconds{nanos};
}

void read_any(std::string_view bytes, error_details& into) {
  std::string_view type;
  std::string_view value;
  for (reader r{bytes}; r.next();)
    if (r.field == 1)
      type = r.bytes;
    else if (r.field == 2)
      value = r.bytes;
  for (reader r{value}; r.next();)
    if (type == retry_info && r.field == 1)
      into.retry_delay = read_duration(r.bytes);
    else if (type == error_info && r.field == 1)
      into.reason = r.bytes;
    else if (type == error_info && r.field == 2)
      into.domain = r.bytes;
}

} // namespace

std::string write_details(int code, std::string_view message,
                          const error_details& content) {
  std::string result;
  put(result, 1, static_cast<std::uint64_t>(code));
  put(result, 2, message);
  std::string error;
  put(error, 1, content.reason);
  put(error, 2, content.domain);
  put(result, 3, any(error_info, error));
  if (content.retry_delay) {
    const auto whole = std::chrono::floor<seconds>(*content.retry_delay);
    std::string delay;
    put(delay, 1, static_cast<std::uint64_t>(whole.count()));
    put(delay, 2,
        static_cast<std::uint64_t>((*content.retry_delay - whole).count()));
    std::string retry;
    put(retry, 1, std::string_view{delay});
    put(result, 3, any(retry_info, retry));
  }
  return result;
}

error_details read_details(std::string_view bytes) {
  error_details result;
  for (reader r{bytes}; r.next();)
    if (r.field == 3)
      read_any(r.bytes, result);
  return result;
}

} // namespace switchgear::grpc_client
