#pragma once

#include <memory>
#include <mutex>
#include <string>

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

namespace switchgear::test {

/// What goes to the logger `switchgear` meanwhile.
/// @note Thread-safe.
class captured_log {
public:
  captured_log() {
    auto logger = std::make_shared<spdlog::logger>("switchgear", lines_);
    logger->set_pattern("%l %v");
    logger->set_level(spdlog::level::debug);
    spdlog::drop("switchgear");
    spdlog::register_logger(logger);
  }

  ~captured_log() {
    spdlog::drop("switchgear");
  }

  std::string text() const {
    return lines_->text();
  }

private:
  class lines final : public spdlog::sinks::base_sink<std::mutex> {
  public:
    std::string text() {
      std::lock_guard guard{mutex_};
      return text_;
    }

  private:
    void sink_it_(const spdlog::details::log_msg& message) override {
      spdlog::memory_buf_t line;
      formatter_->format(message, line);
      text_.append(line.data(), line.size());
    }

    void flush_() override {
      // nop
    }

    std::string text_;
  };

  std::shared_ptr<lines> lines_ = std::make_shared<lines>();
};

} // namespace switchgear::test
