#pragma once

#include <memory>
#include <sstream>
#include <string>

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

namespace switchgear::test {

/// What goes to the logger `switchgear` meanwhile.
class captured_log {
public:
  captured_log() {
    auto logger = std::make_shared<spdlog::logger>(
      "switchgear",
      std::make_shared<spdlog::sinks::ostream_sink_mt>(text_, true));
    logger->set_pattern("%l %v");
    logger->set_level(spdlog::level::debug);
    spdlog::drop("switchgear");
    spdlog::register_logger(logger);
  }

  ~captured_log() {
    spdlog::drop("switchgear");
  }

  /// @pre nobody writes any more
  std::string text() const {
    return text_.str();
  }

private:
  std::ostringstream text_;
};

} // namespace switchgear::test
