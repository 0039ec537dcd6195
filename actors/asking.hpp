#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "switchgear/actor/breaker_actor.hpp"
#include "switchgear/actor/inquiry.hpp"

/// How threads that are no actors talk to breakers.
///
/// Not with CAF's `scoped_actor`: a thread that once had one keeps CAF 0.18's
/// logger alive, and no actor system ends before its logger. A thread that has
/// asked for statistics must not keep a runtime from shutting down.
namespace switchgear::actor {

/// How long a thread waits for a breaker's answer.
inline constexpr auto answer_time = std::chrono::seconds{5};

/// Asks the breaker's actor; should it end over it, its successor.
expected<breaker_report, failure> inquire(const actor_cell& what);

/// Asks all at once. Those that do not answer are left out.
std::vector<breaker_report>
inquire(const std::vector<std::shared_ptr<actor_cell>>& all);

/// Tells the breaker's machine something and waits until it has been handled.
expected<void, failure> instruct(actor_cell& what,
                                 breaker_types::message content);

/// Tells all of them at once.
void instruct(const std::vector<std::shared_ptr<actor_cell>>& all,
              const breaker_types::message& content);

/// Runs `f`, which may throw, on a thread of its own and waits for it: what
/// CAF leaves in that thread ends with it. On this thread if there is no other
/// to be had.
void apart(const std::function<void()>& f);

} // namespace switchgear::actor
