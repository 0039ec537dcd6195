#pragma once

/// Policies around calls, and pipelines of them: retry, rate limit, bulkhead,
/// timeout, fallback, hedge, and the breakers of `switchgear.hpp`.
///
///     using namespace switchgear;
///     policy::pipeline p{policy::retry{{.max_attempts = 3}}, db,
///                        policy::timeout{2s}};
///     auto rows = p.call([](std::stop_token stop) { return query(stop); });
///
/// With C++20's coroutines see `switchgear/policy/coroutine.hpp`; as messages
/// to an actor, `switchgear/actor/pipeline_actor.hpp`.

#include "switchgear/policy/budget.hpp"
#include "switchgear/policy/bulkhead.hpp"
#include "switchgear/policy/fallback.hpp"
#include "switchgear/policy/hedge.hpp"
#include "switchgear/policy/order.hpp"
#include "switchgear/policy/pipeline.hpp"
#include "switchgear/policy/rate_limit.hpp"
#include "switchgear/policy/retry.hpp"
#include "switchgear/policy/timeout.hpp"
#include "switchgear/policy/timing.hpp"
