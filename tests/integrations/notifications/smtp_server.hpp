#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "integrations/support/talking_process.hpp"
#include "support/reserved_port.hpp"

namespace switchgear::test {

/// A mail server in a process of its own, on a port that it has again when it
/// is started again; see `smtp_server.py` for what it understands.
class smtp_server {
public:
  smtp_server() {
    start();
  }

  void start() {
    process_.emplace(std::vector<std::string>{PYTHON, SMTP_SERVER,
                                              std::to_string(port_.number())});
    // An interpreter has much to read before it says anything.
    if (const auto said = process_->read_line(std::chrono::seconds{90});
        said != "listening")
      throw std::runtime_error{"smtp_server: " + said};
  }

  void kill() {
    process_.reset();
  }

  void pause() {
    process_->pause();
  }

  void resume() {
    process_->resume();
  }

  std::string ask(std::string_view what) {
    process_->write_line(what);
    return process_->read_line();
  }

  std::string url() const {
    return "smtp://127.0.0.1:" + std::to_string(port_.number());
  }

private:
  reserved_port port_;
  std::optional<talking_process> process_;
};

} // namespace switchgear::test
