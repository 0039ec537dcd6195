#include "switchgear/telemetry/metrics_endpoint.hpp"

#include <arpa/inet.h>
#include <netdb.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <exception>
#include <mutex>
#include <semaphore>
#include <thread>
#include <utility>
#include <vector>

#include <httplib.h>

#include "shared_scrape.hpp"
#include "switchgear/runtime.hpp"

namespace switchgear::telemetry {

namespace {

using namespace std::chrono_literals;

// A client that says nothing, or reads nothing, for so long is left.
constexpr auto request_patience = 2s;
constexpr auto response_patience = 5s;
constexpr std::size_t waiting_per_thread = 4;
constexpr std::size_t most_threads = 64;

constexpr auto plain_text = "text/plain; charset=utf-8";

/// A pool that takes no more than so much at a time; who brings more waits,
/// and the system keeps further connections waiting, or refuses them.
class bounded_pool final : public httplib::TaskQueue {
public:
  explicit bounded_pool(std::size_t threads)
    : places_(static_cast<std::ptrdiff_t>(threads * (1 + waiting_per_thread))),
      pool_(threads) {
    // nop
  }

  void enqueue(std::function<void()> work) override {
    places_.acquire();
    pool_.enqueue([this, work = std::move(work)] {
      work();
      places_.release();
    });
  }

  void shutdown() override {
    pool_.shutdown();
  }

private:
  std::counting_semaphore<> places_;
  httplib::ThreadPool pool_;
};

bool is_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> binary;
  return inet_pton(AF_INET, text.c_str(), binary.data()) == 1
         || inet_pton(AF_INET6, text.c_str(), binary.data()) == 1;
}

[[noreturn]] void refuse(const std::vector<config_error>& errors) {
  throw setup_error{errc::invalid_config,
                    "metrics_endpoint: " + explain(errors)};
}

void check(const metrics_endpoint_options& options) {
  std::vector<config_error> errors;
  if (!is_address(options.address))
    errors.push_back({"address", '"' + options.address + '"',
                      "an IPv4 or IPv6 address of this machine, in numbers"});
  if (options.threads < 1 || options.threads > most_threads)
    errors.push_back({"threads", std::to_string(options.threads), "1 to 64"});
  if (!errors.empty())
    refuse(errors);
}

void bound_failed(const metrics_endpoint_options& options, int error) {
  if (error == EADDRNOTAVAIL)
    refuse(
      {{"address", '"' + options.address + '"', "an address of this machine"}});
  refuse(
    {{"port", std::to_string(options.port),
      "free on " + options.address + ", or 0 (" + std::strerror(error) + ")"}});
}

// The library compresses only what it knows to be text.
void compress(const httplib::Request& request, httplib::Response& response) {
#ifdef CPPHTTPLIB_ZLIB_SUPPORT
  if (request.get_header_value("Accept-Encoding").find("gzip")
      == std::string::npos)
    return;
  httplib::detail::gzip_compressor compressor;
  std::string result;
  const bool done
    = compressor.compress(response.body.data(), response.body.size(), true,
                          [&](const char* data, std::size_t size) {
                            result.append(data, size);
                            return true;
                          });
  if (!done)
    return;
  response.body = std::move(result);
  response.set_header("Content-Encoding", "gzip");
#else
  static_cast<void>(request);
  static_cast<void>(response);
#endif
}

} // namespace

class metrics_endpoint::server {
public:
  server(collect_function collect, const metrics_endpoint_options& options)
    : scrapes_(std::move(collect)) {
    check(options);
    http_.new_task_queue
      = [n = options.threads] { return new bounded_pool{n}; };
    // Not the default, SO_REUSEPORT, with which two could share a port.
    http_.set_socket_options([](socket_t fd) {
      const int on = 1;
      setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    });
    // A connection that waits for its next request would keep a thread.
    http_.set_keep_alive_max_count(1);
    http_.set_keep_alive_timeout(request_patience / 1s);
    http_.set_read_timeout(request_patience);
    http_.set_write_timeout(response_patience);
    http_.set_pre_routing_handler([this](const auto& request, auto& response) {
      answer(request, response);
      return httplib::Server::HandlerResponse::Handled;
    });
    bind(options);
    thread_ = std::thread{[this] {
      http_.listen_after_bind();
      ended_ = true;
    }};
    // It cannot be told to stop before that.
    while (!http_.is_running() && !ended_)
      std::this_thread::yield();
  }

  std::uint16_t port() const noexcept {
    return port_;
  }

  void stop() {
    std::lock_guard guard{stopping_};
    if (!thread_.joinable())
      return;
    http_.stop();
    thread_.join();
  }

private:
  void bind(const metrics_endpoint_options& options) {
    errno = 0;
    if (options.port != 0) {
      if (!http_.bind_to_port(options.address, options.port, AI_NUMERICHOST))
        bound_failed(options, errno);
      port_ = options.port;
      return;
    }
    const auto got = http_.bind_to_any_port(options.address, AI_NUMERICHOST);
    if (got < 0)
      bound_failed(options, errno);
    port_ = static_cast<std::uint16_t>(got);
  }

  void answer(const httplib::Request& request, httplib::Response& response) {
    if (request.path != "/metrics") {
      refuse_with(404, "metrics are at /metrics\n", response);
      return;
    }
    if (request.method != "GET" && request.method != "HEAD") {
      response.set_header("Allow", "GET, HEAD");
      refuse_with(405, "metrics can only be read\n", response);
      return;
    }
    try {
      const auto format = negotiate(request.get_header_value("Accept"));
      response.set_content(scrapes_.get()->text(format),
                           std::string{content_type(format)});
      response.set_header("Vary", "Accept, Accept-Encoding");
      if (format == text_format::openmetrics)
        compress(request, response);
    } catch (const std::exception& error) {
      refuse_with(500, std::string{error.what()} + '\n', response);
    } catch (...) {
      refuse_with(500, "the numbers could not be collected\n", response);
    }
  }

  static void refuse_with(int status, const std::string& why,
                          httplib::Response& response) {
    response.status = status;
    response.set_content(why, plain_text);
  }

  shared_scrape scrapes_;
  httplib::Server http_;
  std::uint16_t port_ = 0;
  std::atomic<bool> ended_ = false;
  std::mutex stopping_;
  std::thread thread_;
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
