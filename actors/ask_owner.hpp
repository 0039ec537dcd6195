#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <caf/scoped_actor.hpp>
#include <caf/sec.hpp>

#include "switchgear/actor/breaker_actor.hpp"
#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/errors.hpp"

namespace switchgear::actor {

/// How long a thread waits for a breaker's answer.
inline constexpr auto answer_time = std::chrono::seconds{5};

/// Sends a request to the breaker's actor and waits for its answer. If the
/// actor dies over it, its successor is asked: only requests that can be made
/// twice may be made here.
template <class Result, class... Ts>
expected<Result, failure> ask_owner(actor_cell& what, const Ts&... xs) {
  const auto deadline = clock::now() + answer_time;
  expected<Result, failure> result
    = make_unexpected(failure{errc::unavailable});
  for (;;) {
    // Made while there is an owner: the actor system waits for scoped actors.
    std::optional<caf::scoped_actor> self;
    caf::actor who;
    what.with_owner_until(deadline, [&](const caf::actor& owner) {
      self.emplace(what.system());
      who = owner;
    });
    if (!who)
      return make_unexpected(
        failure{what.over() ? errc::unavailable : errc::restarting});
    const auto left = std::max(deadline - clock::now(), duration::zero());
    bool died = false;
    const auto lost = [&](caf::error& why) {
      // Errors that are not ours come from CAF: too late, or nobody there.
      died = why.category() != caf::type_id_v<errc>
             && why != caf::sec::request_timeout;
      result = make_unexpected(to_failure(why));
    };
    if constexpr (std::is_void_v<Result>)
      ask(*self, who, left, xs...).receive([&] { result = {}; }, lost);
    else
      ask(*self, who, left, xs...)
        .receive([&](Result& got) { result = std::move(got); }, lost);
    if (!died)
      return result;
    if (clock::now() >= deadline)
      return make_unexpected(failure{errc::restarting});
    what.owner_gone(who);
  }
}

/// Asks many at once. Those that do not answer are asked again, one by one;
/// who then still does not is left out.
template <class Result, class... Ts>
auto ask_owners(const std::vector<std::shared_ptr<actor_cell>>& all,
                const Ts&... xs) {
  using results = std::vector<
    std::conditional_t<std::is_void_v<Result>, std::monostate, Result>>;
  results got;
  if (all.empty())
    return got;
  got.reserve(all.size());
  caf::scoped_actor self{all.front()->system(), true};
  using handle
    = decltype(ask(self, caf::actor{}, duration{answer_time}, xs...));
  std::vector<std::pair<std::shared_ptr<actor_cell>, std::optional<handle>>>
    asked;
  asked.reserve(all.size());
  for (const auto& each : all) {
    auto who = each->owner();
    asked.emplace_back(each, std::nullopt);
    if (who)
      asked.back().second.emplace(
        ask(self, who, duration{answer_time}, xs...));
  }
  const auto keep = [&](auto&&... value) {
    got.emplace_back(std::forward<decltype(value)>(value)...);
  };
  for (auto& [each, pending] : asked) {
    bool lost = !pending;
    const auto fail = [&](const caf::error&) { lost = true; };
    if constexpr (std::is_void_v<Result>) {
      if (pending)
        pending->receive([&] { keep(); }, fail);
      if (lost && ask_owner<void>(*each, xs...))
        keep();
    } else {
      if (pending)
        pending->receive([&](Result& value) { keep(std::move(value)); }, fail);
      if (lost)
        if (auto value = ask_owner<Result>(*each, xs...))
          keep(std::move(*value));
    }
  }
  return got;
}

} // namespace switchgear::actor
