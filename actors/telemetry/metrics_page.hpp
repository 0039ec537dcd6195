#pragma once

#include <functional>

#include "../http/message.hpp"
#include "../shared_work.hpp"
#include "scrape.hpp"

namespace switchgear::telemetry {

/// Answers requests for metrics, in the format that a scraper asks for.
/// Requests that come while numbers are being collected get those.
/// @note Thread-safe.
class metrics_page {
public:
  explicit metrics_page(std::function<snapshot()> collect);

  /// Throws what collecting throws.
  http::response answer(const http::request& asked);

private:
  shared_work<scrape> scrapes_;
};

} // namespace switchgear::telemetry
