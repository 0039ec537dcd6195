#include "logging.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace demo {

void quiet_log(bool screen_is_drawn) {
  // The library takes the logger of this name if there is one.
  spdlog::stderr_logger_mt("switchgear")
    ->set_level(screen_is_drawn ? spdlog::level::off : spdlog::level::err);
}

} // namespace demo
