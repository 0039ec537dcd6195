#include "server.hpp"

#include <utility>

#include "loop.hpp"

namespace switchgear::http {

server::server(const listening_socket& where, server_options options,
               engine::handler handle, engine::error_handler refuse,
               std::function<void(const std::string& why)> fault)
  : loop_(std::make_unique<loop>(where, std::move(options), std::move(handle),
                                 std::move(refuse), std::move(fault))) {
  // nop
}

server::~server() = default;

void server::stop(duration patience) noexcept {
  loop_->stop(patience);
}

void server::wake_streams() noexcept {
  loop_->wake_streams();
}

server::load server::current_load() const noexcept {
  return loop_->current_load();
}

} // namespace switchgear::http
