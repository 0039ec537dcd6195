/// A guard before a target that is not to be relied on: whatever happens, each
/// request is answered once, and counted once.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "support/breaker_printing.hpp"
#include "support/guarded_actor.hpp"

using namespace std::chrono_literals;

namespace switchgear::test {

namespace {

/// How often each request, by its number, was answered, and with what.
struct ledger {
  explicit ledger(std::size_t requests) : answers(requests) {
    // nop
  }

  std::vector<std::atomic<int>> answers;
  std::atomic<std::uint64_t> values{0};
  std::atomic<std::uint64_t> failures{0};
  std::atomic<std::uint64_t> timeouts{0};
  std::atomic<std::uint64_t> rejections{0};
  std::atomic<std::uint64_t> ends{0}; // of target or guard
  std::atomic<std::uint64_t> others{0};

  std::uint64_t all() const {
    return values + failures + timeouts + rejections + ends + others;
  }

  void note(std::size_t number, const caf::error& why) {
    ++answers[number];
    if (why == errc::circuit_open || why == errc::too_many_probes)
      ++rejections;
    else if (why == errc::timeout)
      ++timeouts;
    else if (why == caf::sec::runtime_error)
      ++failures;
    else if (why == caf::sec::request_receiver_down
             || why == caf::sec::broken_promise)
      ++ends;
    else
      ++others;
  }
};

/// Fails one request in four, and answers one in sixteen late or never.
caf::behavior flaky(caf::event_based_actor* self, std::uint32_t seed) {
  auto random = std::make_shared<std::minstd_rand>(seed);
  auto lost = std::make_shared<std::vector<caf::response_promise>>();
  return {[=](int n) -> caf::result<int> {
    const auto luck = (*random)() % 64;
    if (luck < 16)
      return caf::make_error(caf::sec::runtime_error, "bad luck");
    if (luck == 16) {
      lost->push_back(self->make_response_promise());
      return caf::delegated<int>{};
    }
    if (luck < 20) {
      deliver_later(self, std::chrono::milliseconds{luck - 16}, n);
      return caf::delegated<int>{};
    }
    return n;
  }};
}

/// Sends requests `from` to `to`, `width` at a time.
void send_next(caf::event_based_actor* self, const caf::actor& guarded,
               std::shared_ptr<std::size_t> next, std::size_t to,
               ledger* book) {
  if (*next >= to)
    return;
  const auto number = (*next)++;
  const auto n = static_cast<int>(number);
  actor::ask(self, guarded, caf::infinite, n)
    .then(
      [=](int got) {
        ++book->answers[number];
        ++(got == n ? book->values : book->others);
        send_next(self, guarded, next, to, book);
      },
      [=](const caf::error& why) {
        book->note(number, why);
        send_next(self, guarded, next, to, book);
      });
}

void client(caf::event_based_actor* self, caf::actor guarded, std::size_t from,
            std::size_t to, ledger* book) {
  auto next = std::make_shared<std::size_t>(from);
  for (int width = 0; width < 8; ++width)
    send_next(self, guarded, next, to, book);
}

class guard_stress : public testing::Test {
public:
  static constexpr std::size_t clients = 8;
  static constexpr std::size_t each = 2500;
  static constexpr std::size_t requests = clients * each;

  static config settings() {
    auto cfg = trips_after(6);
    cfg.open_timeout = 1ms;
    cfg.half_open_max_calls = 3;
    cfg.success_threshold = 2;
    cfg.probe_lease = 1h;
    return cfg;
  }

  void run(const caf::actor& guarded) {
    for (std::size_t i = 0; i < clients; ++i)
      rt.system().spawn(client, guarded, i * each, (i + 1) * each, &book);
  }

  void expect_one_answer_each() {
    ASSERT_TRUE(eventually([&] { return book.all() >= requests; }))
      << book.all();
    EXPECT_EQ(book.all(), requests);
    EXPECT_TRUE(std::all_of(book.answers.begin(), book.answers.end(),
                            [](const auto& times) { return times == 1; }));
    EXPECT_EQ(book.others, 0u);
  }

  ledger book{requests};
  runtime rt;
  breaker db = rt.breaker("db", settings());
};

TEST_F(guard_stress, answers_and_counts_each_request_once) {
  auto target = rt.system().spawn(flaky, 7u);
  run(guard(db, target, {.timeout = 20ms}));
  expect_one_answer_each();
  const auto s = db.stats().value();
  EXPECT_EQ(s.total_successes, book.values);
  EXPECT_EQ(s.total_failures - s.total_timeouts, book.failures);
  EXPECT_EQ(s.total_timeouts, book.timeouts);
  EXPECT_EQ(s.total_rejected, book.rejections);
  EXPECT_EQ(s.total_ignored + s.total_cancelled, 0u);
  EXPECT_GT(book.timeouts, 0u);
  EXPECT_GT(s.trip_count, 0u);
  caf::anon_send_exit(target, caf::exit_reason::user_shutdown);
}

TEST_F(guard_stress, also_while_targets_come_and_go) {
  std::array<caf::actor, 200> targets;
  for (std::uint32_t i = 0; auto& target : targets)
    target = rt.system().spawn(flaky, ++i);
  auto alive = std::make_shared<std::atomic<std::size_t>>(1);
  auto guarded
    = guard(db, targets[0], {.timeout = 20ms, .successor = [&targets, alive] {
                               return targets[alive->load()];
                             }});
  run(guarded);
  for (std::size_t i = 0; i + 1 < targets.size() && book.all() < requests;
       ++i) {
    const auto before = book.all();
    caf::anon_send_exit(targets[i], caf::exit_reason::kill);
    *alive = i + 1;
    eventually([&] { return book.all() >= before + 50; }, 100ms);
  }
  expect_one_answer_each();
  const auto s = db.stats().value();
  EXPECT_EQ(s.total_successes, book.values);
  EXPECT_EQ(s.total_failures, book.failures + book.timeouts + book.ends);
  EXPECT_EQ(s.total_rejected, book.rejections);
  for (auto& target : targets)
    caf::anon_send_exit(target, caf::exit_reason::user_shutdown);
}

TEST_F(guard_stress, also_when_the_guard_is_killed) {
  auto target = rt.system().spawn(flaky, 9u);
  auto guarded = guard(db, target);
  run(guarded);
  // Early: what is lost is waited for until then.
  ASSERT_TRUE(eventually([&] { return book.all() > requests / 40; }));
  caf::anon_send_exit(guarded, caf::exit_reason::kill);
  expect_one_answer_each();
  const auto s = db.stats().value();
  EXPECT_EQ(s.total_successes, book.values);
  EXPECT_EQ(s.total_failures, book.failures);
  EXPECT_EQ(s.total_rejected, book.rejections);
  EXPECT_EQ(s.probes_out, 0u);
  caf::anon_send_exit(target, caf::exit_reason::user_shutdown);
}

} // namespace

} // namespace switchgear::test
