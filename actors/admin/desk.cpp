#include "desk.hpp"

#include <array>
#include <chrono>
#include <random>
#include <utility>

#include <nlohmann/json.hpp>

namespace switchgear::admin {

namespace {

const admin_options& checked(const admin_options& options) {
  if (const auto errors = validate(options); !errors.empty())
    throw setup_error{errc::invalid_config, "admin: " + explain(errors)};
  return options;
}

http::listening_socket listen_at(const admin_options& options) {
  try {
    return {options.address, options.port};
  } catch (const http::bind_error& error) {
    throw setup_error{errc::invalid_config,
                      std::string{"admin: "} + error.what()};
  }
}

/// Tells this run of the program from all others.
std::string random_name() {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::random_device device;
  std::uniform_int_distribution<std::size_t> any{0, letters.size() - 1};
  std::string result;
  for (int i = 0; i < 8; ++i)
    result += letters[any(device)];
  return result;
}

constexpr auto patience_at_the_end = std::chrono::seconds{5};
constexpr auto patience_at_death = std::chrono::milliseconds{20};

/// Those who watch over the program must not wait for those who browse, and
/// none of them for a control. How healthy all are is known without asking any.
http::lane lane_of(std::string_view target) {
  const auto path = target.substr(0, target.find('?'));
  if (path == "/health")
    return http::lane::at_once;
  if (path == "/metrics")
    return http::lane::watch;
  if (path.starts_with("/api/controls/"))
    return http::lane::slow;
  return http::lane::common;
}

} // namespace

desk::desk(runtime& of, admin_options options)
  : runtime_(of),
    options_(checked(options)),
    access_(options_),
    instance_(random_name()),
    journal_(std::make_shared<journal>(options_.events)),
    history_(
      static_cast<std::size_t>(options_.history / std::chrono::seconds{1}),
      started_, std::chrono::system_clock::now()),
    metrics_([this] { return runtime_.telemetry().collect(); }),
    lists_([this] {
      auto result = std::make_shared<list_data>();
      result->breakers = runtime_.all_stats();
      result->latest = history_.latest(result->breakers);
      return result;
    }),
    socket_(listen_at(options_)),
    port_(socket_->port()),
    controls_(options_.control_patience) {
  // nop
}

void desk::open(std::function<void(const std::string& why)> fault) {
  http::server_options how;
  how.name = "sg.admin";
  how.threads = options_.threads;
  how.connections = options_.connections;
  how.streams = options_.streams;
  how.lane_of = lane_of;
  controls_.wait_again();
  std::lock_guard guard{service_mutex_};
  service_ = std::make_unique<http::server>(
    *socket_, std::move(how),
    [this](const http::request& asked) { return answer(asked); },
    [](int status, const std::string& why) {
      return error({status, {}, why});
    },
    std::move(fault));
}

void desk::close(ending how) {
  std::unique_ptr<http::server> last;
  {
    std::lock_guard guard{service_mutex_};
    last = std::move(service_);
  }
  if (how == ending::death)
    controls_.stop_waiting();
  // Without the lock, which requests that are being answered may want.
  if (last)
    last->stop(how == ending::death ? patience_at_death : patience_at_the_end);
}

void desk::retire() {
  std::lock_guard guard{service_mutex_};
  socket_.reset();
}

void desk::look() {
  // When it began: what is made meanwhile and not among them is new next time.
  const auto now = clock::now();
  const auto at = std::chrono::system_clock::now();
  history_.look(runtime_.all_stats(), now, at);
}

void desk::note(const telemetry::event& what) {
  if (what.kind == event_kind::call_failed
      || what.kind == event_kind::call_ignored)
    history_.note(what);
  journal_->add(is_call(what.kind) ? journal::kind::call
                                   : journal::kind::change,
                what.breaker, dump(to_json(what)));
}

void desk::tell_news() {
  std::lock_guard guard{service_mutex_};
  if (service_)
    service_->wake_streams();
}

} // namespace switchgear::admin
