#include "admin_actor.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <string>
#include <utility>

#include <caf/event_based_actor.hpp>
#include <caf/spawn_options.hpp>

#include "../log.hpp"
#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/type_ids.hpp"

namespace switchgear::admin {

namespace {

using namespace std::chrono_literals;

constexpr auto look_interval = 1s;
// How long it waits if it cannot open the desk: no descriptors are left, e.g.
constexpr auto open_again = 1s;
// Looking may take this share of the time of one processor.
constexpr int rest = 20;

class admin_actor final : public caf::event_based_actor {
public:
  admin_actor(caf::actor_config& cfg, std::shared_ptr<desk> what)
    : caf::event_based_actor(cfg),
      desk_(std::move(what)) {
    // nop
  }

  const char* name() const override {
    return "switchgear.admin";
  }

  caf::behavior make_behavior() override {
    // Not called if it is killed.
    actor::handle_exits(this, [this](caf::exit_msg& why) {
      ending_ = desk::ending::orderly;
      quit(std::move(why.reason));
    });
    open();
    look();
    return {
      [](actor::drain) { /* it looks by itself */ },
    };
  }

  void on_exit() override {
    desk_->close(ending_);
  }

private:
  void open() {
    try {
      desk_->open([self = address()](const std::string& why) {
        log::error("admin: serving has ended and begins anew: " + why);
        if (auto strong = caf::actor_cast<caf::actor>(self))
          caf::anon_send_exit(strong, caf::exit_reason::kill);
      });
    } catch (const std::exception& error) {
      log::error("admin: cannot serve, and will try again: "
                 + std::string{error.what()});
      run_delayed(open_again, [this] { open(); });
    }
  }

  void look() {
    const auto begin = clock::now();
    desk_->look();
    const auto took = clock::now() - begin;
    run_delayed(std::max<duration>(look_interval, took * rest),
                [this] { look(); });
  }

  std::shared_ptr<desk> desk_;
  desk::ending ending_ = desk::ending::death;
};

} // namespace

caf::actor spawn_admin(caf::actor_system& sys, std::shared_ptr<desk> what) {
  return sys.spawn<admin_actor, caf::detached>(std::move(what));
}

} // namespace switchgear::admin
