#include "switchgear/telemetry/prometheus.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <span>
#include <utility>
#include <variant>

#include "switchgear/detail/utf8.hpp"
#include "switchgear/telemetry/metrics.hpp"

namespace switchgear::telemetry {

namespace {

constexpr std::string_view total = "_total";

std::string_view type_name(metric_kind kind) noexcept {
  switch (kind) {
    case metric_kind::counter:
      return "counter";
    case metric_kind::gauge:
      return "gauge";
    default:
      return "histogram";
  }
}

// A family's unit is the end of its name, or it has none.
std::string_view unit_of(std::string_view family) noexcept {
  for (std::string_view unit : {"seconds", "ratio"})
    if (family.ends_with(unit))
      return unit;
  return {};
}

bool is_plain(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) {
    return static_cast<unsigned char>(c) < 0x80 && c != '\\' && c != '"'
           && c != '\n';
  });
}

std::string escape(std::string_view text) {
  std::string result;
  for (char c : detail::to_utf8(text)) {
    if (c == '\n')
      result += "\\n";
    else if (c == '\\' || c == '"')
      result += {'\\', c};
    else
      result += c;
  }
  return result;
}

template <class T>
void append_number(std::string& to, T value) {
  std::array<char, 32> digits;
  const auto end
    = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  to.append(digits.data(), end);
}

double seconds(duration value) {
  return std::chrono::duration<double>{value}.count();
}

/// Writes one line after the other. There can be half a million of them, so
/// what many have in common is made only once.
class text_writer : public metric_visitor {
public:
  text_writer(text_format format, std::size_t expected) : format_(format) {
    out_.reserve(expected);
    for (std::size_t i = 0; i < bounds_.size(); ++i) {
      auto& text = bounds_[i];
      text = ",le=\"";
      if (i < call_durations::bounds.size()) {
        append_number(text, seconds(call_durations::bounds[i]));
        // As OpenMetrics wants it; a series is not to depend on the format.
        if (text.find('.') == std::string::npos)
          text += ".0";
      } else {
        text += "+Inf";
      }
      text += "\"} ";
    }
  }

  void begin(const metric& family) override {
    family_ = &family;
    // OpenMetrics has the suffix only in the counter's sample.
    auto name = family.prometheus;
    if (format_ == text_format::openmetrics
        && family.kind == metric_kind::counter)
      name.remove_suffix(total.size());
    head("HELP", name, family.help);
    head("TYPE", name, type_name(family.kind));
    const auto unit = unit_of(name);
    if (format_ == text_format::openmetrics && !unit.empty())
      head("UNIT", name, unit);
  }

  void point(const metric_point& x) override {
    write_labels(x.labels);
    if (const auto* calls = std::get_if<const call_durations*>(&x.value)) {
      write_histogram(**calls);
      return;
    }
    out_ += family_->prometheus;
    out_ += '{';
    out_ += labels_;
    out_ += "} ";
    if (const auto* whole = std::get_if<std::uint64_t>(&x.value))
      append_number(out_, *whole);
    else
      append_number(out_, std::get<double>(x.value));
    out_ += '\n';
  }

  std::string finish() && {
    if (format_ == text_format::openmetrics)
      out_ += "# EOF\n";
    return std::move(out_);
  }

private:
  void head(std::string_view keyword, std::string_view name,
            std::string_view text) {
    out_ += "# ";
    out_ += keyword;
    out_ += ' ';
    out_ += name;
    out_ += ' ';
    out_ += text;
    out_ += '\n';
  }

  void write_labels(std::span<const std::string_view> values) {
    labels_.clear();
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0)
        labels_ += ',';
      labels_ += family_->labels[i].prometheus;
      labels_ += "=\"";
      if (is_plain(values[i])) [[likely]]
        labels_ += values[i];
      else
        labels_ += escape(values[i]);
      labels_ += '"';
    }
  }

  void write_histogram(const call_durations& calls) {
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < bounds_.size(); ++i) {
      so_far += calls.buckets[i];
      out_ += family_->prometheus;
      out_ += "_bucket{";
      out_ += labels_;
      out_ += bounds_[i];
      append_number(out_, so_far);
      out_ += '\n';
    }
    write_part("_sum{", seconds(calls.sum));
    write_part("_count{", so_far);
  }

  template <class T>
  void write_part(std::string_view suffix, T value) {
    out_ += family_->prometheus;
    out_ += suffix;
    out_ += labels_;
    out_ += "} ";
    append_number(out_, value);
    out_ += '\n';
  }

  text_format format_;
  const metric* family_ = nullptr;
  std::array<std::string, call_durations::bucket_count> bounds_;
  std::string labels_; // of the point at hand
  std::string out_;
};

// What it will take, as a rule. Too little costs copying.
std::size_t expected_size(const snapshot& all) {
  constexpr std::size_t lines = 36; // of a breaker, with a few transitions
  constexpr std::size_t line = 72;  // but for the breaker's name
  std::size_t names = 0;
  for (const auto& each : all.breakers)
    names += each.name.size();
  return (all.breakers.size() * line + names) * lines + 4096;
}

} // namespace

std::string_view content_type(text_format format) noexcept {
  return format == text_format::openmetrics
           ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
           : "text/plain; version=0.0.4; charset=utf-8";
}

std::string to_prometheus(const snapshot& all, text_format format) {
  text_writer writer{format, expected_size(all)};
  visit_metrics(all, writer);
  return std::move(writer).finish();
}

} // namespace switchgear::telemetry
