#include "sdk_log.hpp"

#include <mutex>
#include <string>

#include <opentelemetry/sdk/common/global_log_handler.h>

#include "../../log.hpp"
#include "switchgear/time.hpp"

namespace switchgear::telemetry::otel {

namespace {

namespace internal_log = opentelemetry::sdk::common::internal_log;
using internal_log::LogLevel;

/// At most one message a second; how many were left out is told with the next.
class handler : public internal_log::LogHandler {
public:
  void
  Handle(LogLevel level, const char*, int, const char* message,
         const opentelemetry::sdk::common::AttributeMap&) noexcept override {
    try {
      if (auto text = admit(message); !text.empty())
        write(level, text);
    } catch (...) {
      // A message that cannot be written is none.
    }
  }

private:
  std::string admit(const char* message) {
    std::lock_guard guard{mutex_};
    const auto now = clock::now();
    if (now < next_) {
      ++left_out_;
      return {};
    }
    next_ = now + std::chrono::seconds{1};
    std::string text = "OpenTelemetry: ";
    text += message == nullptr ? "" : message;
    if (left_out_ > 0)
      text += " (" + std::to_string(left_out_) + " messages left out)";
    left_out_ = 0;
    return text;
  }

  static void write(LogLevel level, const std::string& text) {
    switch (level) {
      case LogLevel::Error:
        return log::error(text);
      case LogLevel::Warning:
        return log::warn(text);
      case LogLevel::Info:
        return log::info(text);
      default:
        return log::debug(text);
    }
  }

  std::mutex mutex_;
  time_point next_{};
  std::uint64_t left_out_ = 0;
};

} // namespace

void adopt_sdk_log() {
  static std::once_flag once;
  std::call_once(once, [] {
    using internal_log::GlobalLogHandler;
    auto known = GlobalLogHandler::GetLogHandler();
    if (dynamic_cast<internal_log::DefaultLogHandler*>(known.get()) != nullptr)
      GlobalLogHandler::SetLogHandler(
        opentelemetry::nostd::shared_ptr<internal_log::LogHandler>{
          new handler});
  });
}

} // namespace switchgear::telemetry::otel
