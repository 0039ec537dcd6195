#include "switchgear/actor/guard.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <typeinfo>
#include <unordered_map>

#include <caf/disposable.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>
#include <caf/sec.hpp>
#include <caf/typed_message_view.hpp>

#include "switchgear/actor/breaker_actor.hpp"
#include "switchgear/actor/caf.hpp"
#include "switchgear/runtime.hpp"

using namespace std::chrono_literals;

namespace switchgear {

std::vector<config_error> validate(const guard_options& options) {
  const auto limit = options.timeout;
  if (limit == duration::zero() || (limit >= 1ms && limit <= 24h))
    return {};
  return {{"timeout", std::to_string(limit.count()) + " ns",
           "0 (no limit), or 1 ms to 24 h"}};
}

namespace actor {

namespace {

// How long an answer waits for a verdict that does not come.
constexpr auto patience = 1s;

failure as_failure(const caf::error& why) {
  if (why.category() == caf::type_id_v<errc>)
    return to_failure(why);
  return failure::from_error(to_string(why), typeid(why));
}

class guard final : public caf::event_based_actor {
public:
  guard(caf::actor_config& cfg, switchgear::breaker how,
        caf::strong_actor_ptr target, guard_options options)
    : caf::event_based_actor(cfg),
      breaker_(std::move(how)),
      options_(std::move(options)) {
    turn_to(std::move(target));
  }

  const char* name() const override {
    return "switchgear.guard";
  }

  caf::behavior make_behavior() override {
    return any_message([this](caf::message& content) {
      auto& now = *current_mailbox_element();
      if (now.mid.is_request())
        take_request(now, content);
      else
        take_other(now, content);
    });
  }

  void on_exit() override {
    for (auto& [id, each] : waiting_) {
      each.limit.dispose();
      if (!each.judged) {
        cell().give_back(each.of);
        each.answer = down();
      }
      each.to.deliver(std::move(each.answer));
    }
    waiting_.clear();
  }

private:
  struct errand {
    caf::response_promise to;
    cell::call of;
    caf::disposable limit;
    bool judged = false; // else the target has not answered
    caf::message answer;
  };

  static caf::message down() {
    return caf::make_message(caf::make_error(caf::sec::request_receiver_down));
  }

  switchgear::cell& cell() const noexcept {
    return *breaker_.core();
  }

  // -- the target -------------------------------------------------------------

  void turn_to(caf::strong_actor_ptr target) {
    target_ = std::move(target);
    switchgear::actor::watch(
      this, caf::actor_cast<caf::actor>(target_),
      [this](const caf::actor_addr& who, const caf::error&) {
        if (who == caf::actor_cast<caf::actor_addr>(target_))
          target_ = nullptr;
      });
  }

  bool has_target() {
    if (target_ || !options_.successor)
      return target_ != nullptr;
    try {
      if (auto next = options_.successor())
        turn_to(caf::actor_cast<caf::strong_actor_ptr>(next));
    } catch (...) {
      // nop: there is none
    }
    return target_ != nullptr;
  }

  // -- messages ---------------------------------------------------------------

  void take_other(caf::mailbox_element& now, caf::message& content) {
    cell::call of;
    if (!cell().begin(of))
      return;
    if (!has_target()) {
      cell().fail(of, as_failure(make_error(caf::sec::request_receiver_down)),
                  false);
      return;
    }
    target_->enqueue(make_element(now.sender, now.mid, content), context());
    cell().end(of, outcome::ignored, {}, {}, {}, false);
  }

  void take_request(caf::mailbox_element& now, caf::message& content) {
    const auto priority = now.is_high_priority()
                            ? caf::message_priority::high
                            : caf::message_priority::normal;
    errand fresh;
    fresh.to = make_response_promise();
    if (!cell().begin(fresh.of)) {
      fresh.to.deliver(to_error(cell().refusal(fresh.of)));
      return;
    }
    const auto number = ++last_number_;
    auto& entry = waiting_.emplace(number, std::move(fresh)).first->second;
    if (!has_target()) {
      auto response = down();
      judge(number, response);
      return;
    }
    const auto id = ask_anything(
      this, target_, priority, content,
      [this, number](caf::message& response) { judge(number, response); });
    if (options_.timeout > duration::zero())
      entry.limit = run_delayed(options_.timeout, [this, id] {
        // Takes the place of the response.
        ctrl()->enqueue(make_element(nullptr, id.response_id(),
                                     caf::make_message(to_error(failure{
                                       errc::timeout, "no response in time"}))),
                        context());
      });
  }

  void judge(std::uint64_t number, caf::message& response) {
    auto& entry = waiting_.at(number);
    entry.limit.dispose();
    const bool due = report(entry.of, response);
    entry.judged = true;
    entry.answer = std::move(response);
    // An owner that is not there now will judge when it is.
    const auto owner
      = due ? static_cast<actor_cell&>(cell()).owner_until(clock::now())
            : nullptr;
    if (!owner) {
      settle(number);
      return;
    }
    ask_state(owner, number);
  }

  // @returns whether a verdict is due
  bool report(const cell::call& of, const caf::message& response) {
    auto view = caf::make_const_typed_message_view<caf::error>(response);
    if (!view)
      return cell().succeed(of, false);
    const auto& why = caf::get<0>(view);
    if (says_nothing(why))
      return cell().end(of, outcome::ignored, {}, {}, {}, false);
    return cell().fail(of, as_failure(why), false);
  }

  bool says_nothing(const caf::error& why) const {
    if (why == caf::sec::unexpected_message)
      return true; // it was there to say so
    try {
      return options_.is_ignored && options_.is_ignored(why);
    } catch (...) {
      return false;
    }
  }

  // The breaker's actor answers when it has judged all that came before.
  void ask_state(const caf::actor& owner, std::uint64_t number) {
    auto* self = this;
    ask(self, owner, patience, get_state_v)
      .then([this, number](state, mode) { settle(number); },
            [this, number](const caf::error&) { settle(number); });
  }

  void settle(std::uint64_t number) {
    auto entry = waiting_.extract(number);
    entry.mapped().to.deliver(std::move(entry.mapped().answer));
  }

  switchgear::breaker breaker_;
  guard_options options_;
  caf::strong_actor_ptr target_; // null: it has ended
  std::unordered_map<std::uint64_t, errand> waiting_;
  std::uint64_t last_number_ = 0;
};

} // namespace

caf::strong_actor_ptr spawn_guard(switchgear::breaker how,
                                  caf::strong_actor_ptr target,
                                  guard_options options) {
  auto wrong = validate(options);
  if (!target)
    wrong.push_back({"target", "null", "an actor"});
  if (!wrong.empty())
    throw setup_error{errc::invalid_config, "guard: " + explain(wrong)};
  auto& sys = *target->home_system;
  return caf::actor_cast<caf::strong_actor_ptr>(
    sys.spawn<guard>(std::move(how), std::move(target), std::move(options)));
}

} // namespace actor

} // namespace switchgear
