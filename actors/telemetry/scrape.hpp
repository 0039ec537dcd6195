#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <string>
#include <utility>

#include "switchgear/telemetry/prometheus.hpp"

namespace switchgear::telemetry {

/// What was collected for one or more requests, as text.
class scrape {
public:
  explicit scrape(snapshot all) : all_(std::move(all)) {
    // nop
  }

  /// Written when it is first asked for.
  const std::string& text(text_format format) const {
    auto& known = texts_[static_cast<std::size_t>(format)];
    std::call_once(known.written,
                   [&] { known.text = to_prometheus(all_, format); });
    return known.text;
  }

private:
  struct lazy_text {
    std::once_flag written;
    std::string text;
  };

  snapshot all_;
  mutable std::array<lazy_text, 2> texts_;
};

} // namespace switchgear::telemetry
