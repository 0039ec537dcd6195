#pragma once

#include <type_traits>
#include <utility>

#include <caf/scoped_actor.hpp>

#include "support/eventually.hpp"
#include "switchgear/actor/caf.hpp"
#include "switchgear/expected.hpp"

namespace switchgear::test {

/// Sends a request from this thread and waits for the response.
/// @returns the response, or the error
template <class Result, class Handle, class... Ts>
expected<Result, caf::error> request(caf::actor_system& sys,
                                     const Handle& receiver, const Ts&... xs) {
  expected<Result, caf::error> result = make_unexpected(caf::error{});
  const auto fail
    = [&](caf::error& why) { result = make_unexpected(std::move(why)); };
  caf::scoped_actor self{sys};
  auto pending = actor::ask(self, receiver, duration{patience}, xs...);
  if constexpr (std::is_void_v<Result>)
    std::move(pending).receive([&] { result = {}; }, fail);
  else
    std::move(pending).receive([&](Result& got) { result = std::move(got); },
                               fail);
  return result;
}

} // namespace switchgear::test
