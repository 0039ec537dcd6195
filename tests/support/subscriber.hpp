#pragma once

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include "support/eventually.hpp"
#include "switchgear/actor/type_ids.hpp"
#include "switchgear/breaker/events.hpp"

namespace switchgear::test {

/// An actor that keeps what breakers tell of. It ends with this object.
class subscriber {
public:
  explicit subscriber(caf::actor_system& sys)
    : system_(sys),
      actor_(sys.spawn([box = box_](caf::event_based_actor*) -> caf::behavior {
        return {
          [box](const std::string& name, const breaker_event& event) {
            std::lock_guard guard{box->mutex};
            box->list.emplace_back(name, event);
          },
        };
      })) {
    // nop
  }

  subscriber(const subscriber&) = delete;
  subscriber& operator=(const subscriber&) = delete;

  ~subscriber() {
    caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
  }

  const caf::actor& handle() const noexcept {
    return actor_;
  }

  /// Ends the actor, and waits until it has.
  void kill() {
    caf::anon_send_exit(actor_, caf::exit_reason::kill);
    caf::scoped_actor self{system_};
    self->wait_for(actor_);
  }

  /// Waits until it has been told so much.
  bool await(std::size_t count) const {
    return eventually([&] { return events().size() >= count; });
  }

  std::vector<breaker_event> events() const {
    std::lock_guard guard{box_->mutex};
    std::vector<breaker_event> result;
    for (const auto& [name, event] : box_->list)
      result.push_back(event);
    return result;
  }

  std::vector<event_kind> kinds() const {
    std::vector<event_kind> result;
    for (const auto& each : events())
      result.push_back(each.kind);
    return result;
  }

  std::vector<std::string> names() const {
    std::lock_guard guard{box_->mutex};
    std::vector<std::string> result;
    for (const auto& [name, event] : box_->list)
      result.push_back(name);
    return result;
  }

  /// How many rejected calls it was told of.
  std::uint64_t rejections() const {
    std::uint64_t result = 0;
    for (const auto& each : events())
      if (each.kind == event_kind::call_rejected)
        result += each.count;
    return result;
  }

  /// Whether it has missed no event, and been told of none twice.
  bool contiguous() const {
    const auto all = events();
    return std::adjacent_find(all.begin(), all.end(),
                              [](const auto& x, const auto& y) {
                                return y.sequence != x.sequence + 1;
                              })
           == all.end();
  }

private:
  struct box {
    std::mutex mutex;
    std::vector<std::pair<std::string, breaker_event>> list;
  };

  caf::actor_system& system_;
  std::shared_ptr<box> box_ = std::make_shared<box>();
  caf::actor actor_;
};

} // namespace switchgear::test
