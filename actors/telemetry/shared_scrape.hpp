#pragma once

#include <array>
#include <cstddef>
#include <exception>
#include <functional>
#include <future>
#include <memory>
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

/// Collects for all who ask at the same time once.
/// @note Thread-safe.
class shared_scrape {
public:
  explicit shared_scrape(std::function<snapshot()> collect)
    : collect_(std::move(collect)) {
    // nop
  }

  /// Throws what collecting has thrown.
  std::shared_ptr<const scrape> get() {
    std::promise<std::shared_ptr<const scrape>> mine;
    if (auto theirs = join(mine); theirs.valid())
      return theirs.get();
    std::shared_ptr<const scrape> result;
    std::exception_ptr error;
    try {
      result = std::make_shared<const scrape>(collect_());
    } catch (...) {
      error = std::current_exception();
    }
    {
      // From here on who asks wants newer numbers.
      std::lock_guard guard{mutex_};
      under_way_ = {};
    }
    if (error) {
      mine.set_exception(error);
      std::rethrow_exception(error);
    }
    mine.set_value(result);
    return result;
  }

private:
  using result_type = std::shared_future<std::shared_ptr<const scrape>>;

  // What is being collected; invalid if it is the caller who has to.
  result_type join(std::promise<std::shared_ptr<const scrape>>& mine) {
    std::lock_guard guard{mutex_};
    if (!under_way_.valid()) {
      under_way_ = mine.get_future().share();
      return {};
    }
    return under_way_;
  }

  std::function<snapshot()> collect_;
  std::mutex mutex_;
  result_type under_way_;
};

} // namespace switchgear::telemetry
