#include "switchgear/telemetry/metrics_endpoint.hpp"

#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../http/server.hpp"
#include "metrics_page.hpp"
#include "switchgear/runtime.hpp"

namespace switchgear::telemetry {

namespace {

constexpr std::size_t most_threads = 64;

constexpr auto plain_text = "text/plain; charset=utf-8";

[[noreturn]] void refuse(const std::vector<config_error>& errors) {
  throw setup_error{errc::invalid_config,
                    "metrics_endpoint: " + explain(errors)};
}

void check(const metrics_endpoint_options& options) {
  std::vector<config_error> errors;
  if (!http::is_address(options.address))
    errors.push_back(
      {"address", '"' + options.address + '"', http::allowed_address});
  if (options.threads < 1 || options.threads > most_threads)
    errors.push_back({"threads", std::to_string(options.threads), "1 to 64"});
  if (!errors.empty())
    refuse(errors);
}

http::listening_socket listen_at(const metrics_endpoint_options& options) {
  check(options);
  try {
    return {options.address, options.port};
  } catch (const http::bind_error& error) {
    refuse({error.why()});
  }
}

http::response say(int status, const std::string& why) {
  http::response result;
  result.status = status;
  result.body = why + '\n';
  result.content_type = plain_text;
  return result;
}

} // namespace

class metrics_endpoint::server {
public:
  server(collect_function collect, const metrics_endpoint_options& options)
    : page_(std::move(collect)),
      socket_(listen_at(options)),
      port_(socket_->port()) {
    http::server_options how;
    how.name = "sg.metrics";
    how.threads = options.threads;
    serving_.emplace(
      *socket_, how,
      [this](const http::request& asked) { return answer(asked); }, say);
  }

  std::uint16_t port() const noexcept {
    return port_;
  }

  void stop() {
    std::lock_guard guard{stopping_};
    serving_.reset();
    socket_.reset();
  }

private:
  http::response answer(const http::request& asked) {
    if (asked.target != "/metrics")
      return say(404, "metrics are at /metrics");
    if (asked.method != "GET" && asked.method != "HEAD") {
      auto result = say(405, "metrics can only be read");
      result.headers.emplace_back("Allow", "GET, HEAD");
      return result;
    }
    return page_.answer(asked);
  }

  metrics_page page_;
  std::optional<http::listening_socket> socket_;
  const std::uint16_t port_;
  std::mutex stopping_;
  std::optional<http::server> serving_;
};

metrics_endpoint::metrics_endpoint(collect_function collect,
                                   metrics_endpoint_options options)
  : server_(std::make_unique<server>(std::move(collect), options)) {
  // nop
}

metrics_endpoint::~metrics_endpoint() {
  stop();
}

std::uint16_t metrics_endpoint::port() const noexcept {
  return server_->port();
}

void metrics_endpoint::stop() {
  server_->stop();
}

} // namespace switchgear::telemetry
