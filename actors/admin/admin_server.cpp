#include <mutex>
#include <stdexcept>
#include <utility>

#include <caf/exit_reason.hpp>
#include <caf/scoped_actor.hpp>

#include "../asking.hpp"
#include "../log.hpp"
#include "admin_actor.hpp"
#include "admin_sink.hpp"
#include "desk.hpp"
#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/supervisor.hpp"
#include "switchgear/admin.hpp"
#include "switchgear/runtime.hpp"

namespace switchgear {

namespace {

using namespace std::chrono_literals;

constexpr auto actor_id = "admin";

} // namespace

class admin_server::impl {
public:
  impl(runtime& of, admin_options options)
    : runtime_(of),
      desk_(std::make_shared<admin::desk>(of, std::move(options))),
      sink_("admin."
            + http::to_string(desk_->options().address, desk_->port())) {
    // All but successes, which nobody reads one by one.
    if (auto added
        = runtime_.telemetry().add(sink_, admin::make_admin_sink(desk_));
        !added)
      throw setup_error{added.error().code(), added.error().message()};
    try {
      actor::apart([this] { start(); });
    } catch (...) {
      desk_->retire();
      static_cast<void>(runtime_.telemetry().remove(sink_));
      throw;
    }
    log::info("admin: serving at " + url()
              + (desk_->writable() ? "" : ", for reading only"));
  }

  ~impl() {
    stop();
  }

  admin::desk& desk() const noexcept {
    return *desk_;
  }

  std::string url() const {
    return "http://" + http::to_string(desk_->options().address, desk_->port())
           + '/';
  }

  void kill() {
    std::lock_guard guard{mutex_};
    if (auto who = caf::actor_cast<caf::actor>(serving_))
      caf::anon_send_exit(who, caf::exit_reason::kill);
  }

  void stop() {
    if (desk_->extras().is_running_here())
      throw std::logic_error{
        "an admin server cannot be stopped by one of its own controls, for it "
        "waits for them"};
    caf::actor supervisor;
    {
      std::lock_guard guard{mutex_};
      supervisor = std::exchange(supervisor_, nullptr);
    }
    if (!supervisor)
      return;
    actor::apart([&] {
      caf::scoped_actor self{runtime_.system(), true};
      self->send_exit(supervisor, caf::exit_reason::user_shutdown);
      self->wait_for(supervisor);
      supervisor = nullptr;
    });
    desk_->retire(); // others may keep the desk for some time
    static_cast<void>(runtime_.telemetry().remove(sink_));
    desk_->extras().clear();
  }

private:
  void start() {
    actor::child_spec spec;
    spec.id = actor_id;
    spec.start = [this, &sys = runtime_.system()] {
      auto who = admin::spawn_admin(sys, desk_);
      std::lock_guard guard{mutex_};
      serving_ = caf::actor_cast<caf::actor_addr>(who);
      return who;
    };
    // However often it dies, somebody wants to look.
    auto started = actor::start_supervisor(
      runtime_.system(), {.intensity = 1'000'000, .period = 1s},
      {std::move(spec)});
    if (!started)
      throw setup_error{errc::unavailable, to_string(started.error())};
    std::lock_guard guard{mutex_};
    supervisor_ = std::move(*started);
  }

  runtime& runtime_;
  const std::shared_ptr<admin::desk> desk_;
  const std::string sink_;
  std::mutex mutex_;
  caf::actor supervisor_;
  caf::actor_addr serving_;
};

admin_server::admin_server(runtime& of, admin_options options)
  : impl_(std::make_unique<impl>(of, std::move(options))) {
  // nop
}

admin_server::~admin_server() = default;

std::uint16_t admin_server::port() const noexcept {
  return impl_->desk().port();
}

std::string admin_server::url() const {
  return impl_->url();
}

bool admin_server::writable() const noexcept {
  return impl_->desk().writable();
}

void admin_server::add(std::vector<admin_control> controls) {
  impl_->desk().extras().add(std::move(controls));
}

void admin_server::remove_controls() {
  impl_->desk().extras().clear();
}

void admin_server::kill() {
  impl_->kill();
}

void admin_server::stop() {
  impl_->stop();
}

} // namespace switchgear
