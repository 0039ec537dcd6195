#pragma once

#include <condition_variable>
#include <mutex>

#include "support/otlp_collector.hpp"

namespace switchgear::test {

/// What the collectors have in common: mood and memory. Thread-safe.
class otlp_recorder {
public:
  /// Of a request, in JSON: what to say to it. Waits while the mood is slow.
  mood receive(std::map<std::string, std::string> headers,
               const std::string& path, const std::string& json);

  /// Lets go of requests that wait.
  void release(bool stopped);

  void become(mood value);
  std::vector<otlp_log> logs() const;
  std::vector<otlp_point> points() const;
  std::vector<otlp_span> spans() const;
  std::size_t requests() const;
  std::map<std::string, std::string> headers() const;

private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  mood mood_ = mood::fine;
  bool stopped_ = false;
  std::size_t requests_ = 0;
  std::map<std::string, std::string> headers_;
  std::vector<otlp_log> logs_;
  std::vector<otlp_point> points_;
  std::vector<otlp_span> spans_;
};

/// What a collector remembers; those derived from it receive.
class recording_collector : public otlp_collector {
public:
  std::string endpoint() const override {
    return "http://127.0.0.1:" + std::to_string(port_);
  }

  void become(mood value) override {
    recorder_.become(value);
  }

  std::vector<otlp_log> logs() const override {
    return recorder_.logs();
  }

  std::vector<otlp_point> points() const override {
    return recorder_.points();
  }

  std::vector<otlp_span> spans() const override {
    return recorder_.spans();
  }

  std::size_t requests() const override {
    return recorder_.requests();
  }

  std::map<std::string, std::string> headers() const override {
    return recorder_.headers();
  }

protected:
  otlp_recorder recorder_;
  /// The same when it is started again.
  int port_ = 0;
};

/// A request in protobuf, as JSON; throws if it is none. `path` ends in the
/// signal's name, or names its gRPC service.
std::string json_of(const std::string& path, const std::string& protobuf);

/// The response to a request that was taken, in protobuf.
std::string response_to(const std::string& path, mood value);

} // namespace switchgear::test
