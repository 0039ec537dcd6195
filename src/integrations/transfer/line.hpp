#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include <curl/curl.h>

#include "switchgear/time.hpp"

namespace switchgear::transfer {

/// What libcurl needs for one transfer at a time; connections stay open in it
/// for the next one.
/// @note For one thread at a time.
class line {
public:
  /// @throws std::bad_alloc
  line();

  line(const line&) = delete;
  line& operator=(const line&) = delete;

  ~line();

  CURL* easy() const noexcept {
    return easy_;
  }

  /// Forgets all options of the transfer before.
  void reset() noexcept;

  /// @throws std::runtime_error if libcurl refuses
  template <class T>
  void set(CURLoption option, T value) {
    check(curl_easy_setopt(easy_, option, value));
  }

  /// When to look again at the latest; none: give up.
  using watch = std::function<std::optional<time_point>()>;

  /// Makes the transfer that was set up.
  /// @param look asked whenever something came in, and when it wanted to be
  /// @param stop gives up at once when it is requested, from any thread
  /// @returns `CURLE_ABORTED_BY_CALLBACK` if it was given up
  CURLcode perform(const watch& look = {}, const std::stop_token& stop = {});

private:
  static void check(CURLcode code);
  CURLcode run(const watch& look, const std::stop_token& stop);

  CURLM* multi_;
  CURL* easy_;
};

/// Lines for many threads: one each while it needs it.
/// @note Thread-safe; outlives what it lends.
class line_pool {
public:
  /// @param keep so many are kept for later
  explicit line_pool(std::size_t keep) : keep_(keep) {
    // nop
  }

  struct give_back {
    void operator()(line* used) const noexcept {
      to->take_back(std::unique_ptr<line>{used});
    }

    line_pool* to;
  };

  using lease = std::unique_ptr<line, give_back>;

  /// The one that was used last, since its connection is most likely alive.
  lease lend();

private:
  void take_back(std::unique_ptr<line> used) noexcept;

  std::mutex mutex_;
  std::vector<std::unique_ptr<line>> idle_;
  std::size_t keep_;
};

} // namespace switchgear::transfer
