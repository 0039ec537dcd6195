#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include "greeter.grpc.pb.h"
#include "integrations/support/talking_process.hpp"
#include "support/reserved_port.hpp"
#include "switchgear/integrations/grpc_client.hpp"

namespace switchgear::test {

/// A gRPC server in a process of its own, on a port that it has again when it
/// is started again; see `grpc_server/main.cpp`.
class greeter_server {
public:
  greeter_server() {
    start();
  }

  void start() {
    process_.emplace(
      std::vector<std::string>{GRPC_SERVER, std::to_string(port_.number())});
    if (const auto said = process_->read_line(); said != "listening")
      throw std::runtime_error{"grpc_server: " + said};
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

  void behave(std::string_view how) {
    ask(how);
  }

  std::uint64_t calls() {
    return std::stoull(ask("calls"));
  }

  std::string address() const {
    return "127.0.0.1:" + std::to_string(port_.number());
  }

private:
  std::string ask(std::string_view what) {
    process_->write_line(what);
    return process_->read_line();
  }

  reserved_port port_;
  std::optional<talking_process> process_;
};

/// Looks for a server that is back again without much ado, and shares its
/// connections with nobody.
inline grpc::ChannelArguments impatient() {
  grpc::ChannelArguments result;
  result.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
  result.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 50);
  result.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  result.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return result;
}

inline Text text(std::string_view what) {
  Text result;
  result.set_text(std::string{what});
  return result;
}

} // namespace switchgear::test
