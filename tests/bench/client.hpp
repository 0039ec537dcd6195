#pragma once

#include <cstdint>
#include <memory>
#include <semaphore>
#include <utility>

#include <benchmark/benchmark.h>
#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>

#include "switchgear/actor/caf.hpp"

namespace switchgear::bench {

/// An actor that sends requests, so many in flight at a time, and the thread
/// that waits until all are answered.
///
/// @tparam Result of one request
/// @tparam Ask sends one: `ask(self)` returns what takes `then`
template <class Result, class Ask>
class client {
public:
  client(caf::actor_system& sys, Ask ask)
    : actor_(sys.spawn<requester>(done_, std::move(ask))) {
    // nop
  }

  client(const client&) = delete;
  client& operator=(const client&) = delete;

  ~client() {
    caf::anon_send_exit(actor_, caf::exit_reason::user_shutdown);
  }

  /// @returns whether all went well.
  bool run(std::uint64_t requests) {
    actor::tell(actor_, requests);
    done_->all.acquire();
    return done_->errors == 0;
  }

private:
  static constexpr std::uint64_t in_flight = 256;

  struct outcome {
    std::binary_semaphore all{0};
    std::uint64_t errors = 0;
  };

  class requester final : public caf::event_based_actor {
  public:
    requester(caf::actor_config& cfg, std::shared_ptr<outcome> result, Ask f)
      : caf::event_based_actor(cfg),
        result_(std::move(result)),
        ask_(std::move(f)) {
      // nop
    }

    caf::behavior make_behavior() override {
      return {
        [this](std::uint64_t requests) {
          unsent_ = unanswered_ = requests;
          for (std::uint64_t i = 0; i < in_flight && unsent_ > 0; ++i)
            send_one();
        },
      };
    }

  private:
    void send_one() {
      --unsent_;
      ask_(this).then([this](const Result&) { answered(); },
                      [this](const caf::error&) {
                        ++result_->errors;
                        answered();
                      });
    }

    void answered() {
      if (unsent_ > 0)
        send_one();
      if (--unanswered_ == 0)
        result_->all.release();
    }

    std::shared_ptr<outcome> result_;
    Ask ask_;
    std::uint64_t unsent_ = 0;
    std::uint64_t unanswered_ = 0;
  };

  std::shared_ptr<outcome> done_ = std::make_shared<outcome>();
  caf::actor actor_;
};

/// All of a benchmark's requests by one client.
template <class Result, class Ask>
void run_requests(caf::actor_system& sys, Ask ask, benchmark::State& s) {
  client<Result, Ask> mine{sys, std::move(ask)};
  while (s.KeepRunningBatch(s.max_iterations))
    if (!mine.run(static_cast<std::uint64_t>(s.max_iterations)))
      s.SkipWithError("a request was answered with an error");
}

} // namespace switchgear::bench
