#include "asking.hpp"

#include <algorithm>
#include <future>
#include <system_error>
#include <thread>
#include <utility>

#include "switchgear/actor/caf.hpp"

namespace switchgear::actor {

namespace {

failure no_answer(const actor_cell& what) {
  return failure{what.over() ? errc::unavailable : errc::restarting};
}

using answer = std::future<breaker_report>;

/// @returns no answer if there is nobody to ask.
answer ask(const actor_cell& what, time_point deadline) {
  auto asked = std::make_shared<std::promise<breaker_report>>();
  auto result = asked->get_future();
  const bool sent
    = what.with_owner_until(deadline, [&](const caf::actor& owner) {
        tell(owner, inquiry{std::move(asked)});
      });
  return sent ? std::move(result) : answer{};
}

expected<breaker_report, failure> await(const actor_cell& what, answer pending,
                                        time_point deadline) {
  while (pending.valid()) {
    if (pending.wait_until(deadline) != std::future_status::ready)
      break;
    try {
      return pending.get();
    } catch (const std::future_error&) {
      pending = ask(what, deadline); // the actor has ended over it
    }
  }
  return make_unexpected(no_answer(what));
}

expected<void, failure> await(const actor_cell& what, judgement& pending,
                              time_point deadline) {
  const auto left = std::max(deadline - clock::now(), duration::zero());
  // The end of the breaker lets all go who wait for it.
  if (pending.wait_for(left) && !what.over())
    return {};
  return make_unexpected(no_answer(what));
}

time_point deadline_from_now() {
  return clock::now() + answer_time;
}

} // namespace

expected<breaker_report, failure> inquire(const actor_cell& what) {
  const auto deadline = deadline_from_now();
  return await(what, ask(what, deadline), deadline);
}

std::vector<breaker_report>
inquire(const std::vector<std::shared_ptr<actor_cell>>& all) {
  const auto deadline = deadline_from_now();
  std::vector<answer> asked;
  asked.reserve(all.size());
  for (const auto& each : all)
    asked.push_back(ask(*each, deadline));
  std::vector<breaker_report> result;
  result.reserve(all.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    if (auto got = await(*all[i], std::move(asked[i]), deadline))
      result.push_back(std::move(*got));
  return result;
}

expected<void, failure> instruct(actor_cell& what,
                                 breaker_types::message content) {
  if (what.over())
    return make_unexpected(no_answer(what));
  const auto deadline = deadline_from_now();
  return await(what, *what.submit(std::move(content)), deadline);
}

void instruct(const std::vector<std::shared_ptr<actor_cell>>& all,
              const breaker_types::message& content) {
  const auto deadline = deadline_from_now();
  std::vector<std::shared_ptr<judgement>> pending;
  pending.reserve(all.size());
  for (const auto& each : all)
    pending.push_back(each->submit(content));
  for (std::size_t i = 0; i < all.size(); ++i)
    static_cast<void>(await(*all[i], *pending[i], deadline));
}

void apart(const std::function<void()>& f) {
  std::packaged_task<void()> job{f};
  auto done = job.get_future();
  try {
    std::thread{std::ref(job)}.join();
  } catch (const std::system_error&) {
    f();
    return;
  }
  done.get();
}

} // namespace switchgear::actor
