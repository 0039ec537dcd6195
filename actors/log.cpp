#include "log.hpp"

#include <memory>
#include <mutex>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "one_line.hpp"

namespace switchgear::log {

namespace {

std::shared_ptr<spdlog::logger> logger() {
  if (auto known = spdlog::get("switchgear"))
    return known;
  static std::mutex making;
  std::lock_guard guard{making};
  if (auto known = spdlog::get("switchgear"))
    return known;
  return spdlog::stderr_color_mt("switchgear");
}

} // namespace

bool writes_debug() {
  return logger()->should_log(spdlog::level::debug);
}

void debug(std::string_view text) {
  if (writes_debug())
    logger()->debug(one_line(text));
}

void info(std::string_view text) {
  logger()->info(one_line(text));
}

void warn(std::string_view text) {
  logger()->warn(one_line(text));
}

void error(std::string_view text) {
  logger()->error(one_line(text));
}

} // namespace switchgear::log
