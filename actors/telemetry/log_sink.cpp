#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>

#include "../log.hpp"
#include "switchgear/telemetry/attributes.hpp"
#include "switchgear/telemetry/sinks.hpp"

namespace switchgear::telemetry {

namespace {

using namespace std::chrono_literals;

// A text that has anything in it that would make the line ambiguous stands in
// quotes, as in `logfmt`.
void append_text(std::string& line, std::string_view text) {
  if (text.find_first_of(" \"=\\\n\r\t") == std::string_view::npos) {
    line += text;
    return;
  }
  line += '"';
  for (auto c : text)
    if (c == '\n' || c == '\r' || c == '\t') {
      line += ' ';
    } else {
      if (c == '"' || c == '\\')
        line += '\\';
      line += c;
    }
  line += '"';
}

void append_value(std::string& line, const attribute_value& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    append_text(line, *text);
  } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
    line += std::to_string(*number);
  } else if (const auto* amount = std::get_if<double>(&value)) {
    std::array<char, 32> digits;
    std::snprintf(digits.data(), digits.size(), "%.9g", *amount);
    line += digits.data();
  } else {
    line += std::get<bool>(value) ? "true" : "false";
  }
}

// All of it is about breakers: a line need not say so in each name.
std::string_view short_name(std::string_view name) {
  constexpr std::string_view prefix = "circuit_breaker.";
  return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

std::string line_of(const event& what) {
  auto line = describe(what);
  line += " | event=";
  line += short_name(to_string(what.kind));
  for_each_attribute(what, [&](std::string_view name, attribute_value value) {
    line += ' ';
    line += short_name(name);
    line += '=';
    append_value(line, value);
  });
  return line;
}

/// So many lines a second. Those beyond are counted.
class line_limit {
public:
  explicit line_limit(std::uint32_t each_second) : most_(each_second) {
    // nop
  }

  bool take() noexcept {
    if (written_ == most_) {
      ++suppressed_;
      return false;
    }
    ++written_;
    return true;
  }

  /// A new second begins.
  /// @returns how many lines were suppressed in the last one.
  std::uint64_t begin() noexcept {
    written_ = 0;
    return std::exchange(suppressed_, 0);
  }

private:
  std::uint32_t most_;
  std::uint32_t written_ = 0;
  std::uint64_t suppressed_ = 0;
};

class log_sink final : public sink {
public:
  explicit log_sink(const log_options& options)
    : others_(options.lines_per_second),
      warnings_(options.lines_per_second) {
    // nop
  }

  delivery deliver(std::span<const event> batch) override {
    if (const auto now = clock::now(); now >= second_ends_) {
      begin_second();
      second_ends_ = now + 1s;
    }
    for (const auto& each : batch)
      write(each);
    return delivery::done();
  }

  void flush(time_point) override {
    begin_second();
  }

private:
  void write(const event& what) {
    const auto level = severity_of(what);
    if (level == severity::debug && !log::writes_debug())
      return;
    if (!(level == severity::warn ? warnings_ : others_).take())
      return;
    const auto line = line_of(what);
    switch (level) {
      case severity::debug:
        log::debug(line);
        break;
      case severity::info:
        log::info(line);
        break;
      case severity::warn:
        log::warn(line);
        break;
    }
  }

  void begin_second() {
    const auto n = warnings_.begin() + others_.begin();
    if (n > 0)
      log::warn("telemetry: " + std::to_string(n)
                + " events were not logged, for there were too many");
  }

  line_limit others_;
  line_limit warnings_;
  time_point second_ends_ = time_point::min();
};

} // namespace

sink_factory make_log_sink(log_options options) {
  if (options.lines_per_second < 1 || options.lines_per_second > 1'000'000)
    throw std::invalid_argument{"lines_per_second = "
                                + std::to_string(options.lines_per_second)
                                + ": must be 1 to 1000000"};
  return [options] { return std::make_unique<log_sink>(options); };
}

} // namespace switchgear::telemetry
