#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace switchgear {

/// Takes server-sent events out of a stream of bytes, however it is cut.
/// Only their data counts here: names, ids and comments are passed over.
class event_stream {
public:
  /// Bytes of a line, and of the data of an event.
  static constexpr std::size_t longest = 1024 * 1024;

  /// Takes `bytes` in and calls `f(data)` for each event that is complete, as
  /// long as it returns true.
  /// @returns false if `f` did, or if an event is too long
  template <class F>
  bool feed(std::string_view bytes, F&& f) {
    for (char each : bytes) {
      if (each == '\n' && after_return_) {
        after_return_ = false; // the second half of a line's end
        continue;
      }
      after_return_ = each == '\r';
      if (each != '\n' && each != '\r') {
        line_ += each;
        if (line_.size() > longest)
          return false;
      } else if (!line_.empty()) {
        take_line();
        line_.clear();
        if (data_.size() > longest)
          return false;
      } else if (has_data_ && !give(f)) {
        return false;
      }
    }
    return true;
  }

private:
  void take_line();

  template <class F>
  bool give(F&& f) {
    const auto data = std::move(data_);
    data_.clear();
    has_data_ = false;
    return f(std::string_view{data});
  }

  std::string line_;
  std::string data_;
  bool has_data_ = false;
  bool after_return_ = false;
};

} // namespace switchgear
