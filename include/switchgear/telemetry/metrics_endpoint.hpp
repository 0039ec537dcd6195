#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "switchgear/telemetry/snapshot.hpp"

namespace switchgear::telemetry {

struct metrics_endpoint_options {
  /// An IPv4 or IPv6 address of this machine, in numbers. Default: nobody else
  /// can read it.
  std::string address = "127.0.0.1";

  /// 0: one that is free; `metrics_endpoint::port` tells which.
  std::uint16_t port = 9464;

  /// Requests that are answered at the same time. 1 to 64. Up to a thousand
  /// clients are connected; one more takes the place of the one that has been
  /// slowest to ask, or to take its answer.
  std::size_t threads = 4;
};

/// Serves `GET /metrics` for Prometheus, in the format that it asks for.
///
/// Requests that come while numbers are being collected get those: many
/// scrapers at once cost as much as one. A connection is for one request.
///
/// @note Thread-safe.
class metrics_endpoint {
public:
  /// Gives all numbers, e.g. `hub::collect`. Called on threads of the
  /// endpoint's own, one at a time. What it throws is told to the scraper.
  using collect_function = std::function<snapshot()>;

  /// Serves from now on.
  /// @throws setup_error if the options are not allowed, or the port is in use
  explicit metrics_endpoint(collect_function collect,
                            metrics_endpoint_options options = {});

  metrics_endpoint(const metrics_endpoint&) = delete;
  metrics_endpoint& operator=(const metrics_endpoint&) = delete;

  /// As `stop`.
  ~metrics_endpoint();

  /// Where it serves.
  std::uint16_t port() const noexcept;

  /// Serves no more. Waits for requests under way, and five seconds at the most
  /// for clients to take their answers.
  void stop();

private:
  class server;

  std::unique_ptr<server> server_;
};

} // namespace switchgear::telemetry
