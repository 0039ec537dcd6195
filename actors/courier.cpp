#include "switchgear/actor/courier.hpp"

#include <atomic>
#include <unordered_map>
#include <utility>

#include <caf/disposable.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>

#include "letterbox.hpp"
#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/errors.hpp"
#include "switchgear/actor/exit.hpp"

namespace switchgear::actor {

namespace {

/// One call under way; shared by the courier and the thread that runs it.
///
/// The permit ends once, by whoever moves `at` to `settled`.
class errand {
public:
  errand(std::shared_ptr<cell> where, cell::call of)
    : where_(std::move(where)),
      of_(of) {
    // nop
  }

  /// @returns false if the caller has been answered: don't begin.
  bool begin() {
    auto expected = stage::queued;
    where_->restart_clock(of_);
    return stage_.compare_exchange_strong(expected, stage::running);
  }

  /// The callable has come to an end.
  void finish(const task_result& result) {
    if (stage_.exchange(stage::settled) == stage::settled)
      where_->tell(input::late_result{
        of_.of, result ? outcome::success : where_->judge(result.error()),
        clock::now() - of_.began});
    else if (result)
      where_->succeed(of_);
    else
      where_->fail(of_, result.error());
  }

  /// The call timeout is over.
  void time_out(duration limit) {
    switch (stage_.exchange(stage::settled)) {
      case stage::queued: // says nothing about the tool
        give_back();
        break;
      case stage::running:
        where_->end(of_, outcome::timeout, limit,
                    "no result within the call timeout", {}, false);
        break;
      case stage::settled:
        break;
    }
  }

  /// It could not be queued.
  void refuse() {
    if (stage_.exchange(stage::settled) != stage::settled)
      give_back();
  }

private:
  enum class stage { queued, running, settled };

  void give_back() {
    where_->give_back(of_);
  }

  std::shared_ptr<cell> where_;
  cell::call of_;
  std::atomic<stage> stage_{stage::queued};
};

/// The result of an errand, once it has one. If there never is one, because
/// the task was empty or its thread broke down, the call is cancelled.
class delivery {
public:
  delivery(std::shared_ptr<errand> what, std::uint64_t id,
           std::shared_ptr<letterbox> to)
    : what_(std::move(what)),
      id_(id),
      to_(std::move(to)) {
    // nop
  }

  delivery(const delivery&) = delete;
  delivery& operator=(const delivery&) = delete;

  ~delivery() {
    if (!done_)
      (*this)(make_unexpected(
        failure{errc::cancelled, "the task ended without a result"}));
  }

  void operator()(task_result result) {
    done_ = true;
    what_->finish(result);
    to_->put({id_, std::move(result)});
  }

private:
  std::shared_ptr<errand> what_;
  std::uint64_t id_;
  std::shared_ptr<letterbox> to_;
  bool done_ = false;
};

class courier final : public caf::event_based_actor {
public:
  courier(caf::actor_config& cfg, std::shared_ptr<executor> workers)
    : caf::event_based_actor(cfg),
      workers_(std::move(workers)),
      results_(std::make_shared<letterbox>(address())) {
    // nop
  }

  const char* name() const override {
    return "switchgear.courier";
  }

  caf::behavior make_behavior() override {
    return {
      [this](call_order& order) { return take(order); },
      [this](call_done& end) {
        auto i = waiting_.find(end.id);
        if (i == waiting_.end())
          return; // has been answered with a timeout
        auto promise = std::move(i->second.promise);
        i->second.limit.dispose();
        waiting_.erase(i);
        if (end.result)
          promise.deliver(std::move(*end.result));
        else
          promise.deliver(to_error(end.result.error()));
      },
    };
  }

  void on_exit() override {
    results_->close();
    for (auto& [id, each] : waiting_) {
      each.limit.dispose();
      each.promise.deliver(to_error(failure{errc::unavailable}));
    }
    waiting_.clear();
  }

private:
  struct customer {
    caf::response_promise promise;
    std::shared_ptr<errand> what;
    caf::disposable limit;
  };

  caf::response_promise take(call_order& order) {
    auto promise = make_response_promise();
    const auto id = ++last_id_;
    auto job = std::make_shared<errand>(order.where, order.of);
    auto run
      = [job, id, what = std::move(order.what), to = results_]() mutable {
          if (!job->begin())
            return;
          auto end = std::make_shared<delivery>(job, id, to);
          what([end](task_result result) { (*end)(std::move(result)); });
        };
    if (!workers_->submit(std::move(run))) {
      job->refuse();
      promise.deliver(to_error(failure{
        errc::bulkhead_full, "the executor's queue has no room for the call"}));
      return promise;
    }
    caf::disposable limit;
    if (order.limit > duration::zero())
      limit = run_delayed(
        order.limit, [this, id, after = order.limit] { expire(id, after); });
    waiting_.emplace(id, customer{promise, std::move(job), std::move(limit)});
    return promise;
  }

  void expire(std::uint64_t id, duration limit) {
    auto i = waiting_.find(id);
    if (i == waiting_.end())
      return;
    auto each = std::move(i->second);
    waiting_.erase(i);
    each.what->time_out(limit);
    each.promise.deliver(
      to_error(failure{errc::timeout, "no result within the call timeout"}));
  }

  std::shared_ptr<executor> workers_;
  std::shared_ptr<letterbox> results_;
  std::unordered_map<std::uint64_t, customer> waiting_;
  std::uint64_t last_id_ = 0;
};

} // namespace

caf::actor spawn_courier(caf::actor_system& sys,
                         std::shared_ptr<executor> workers) {
  return sys.spawn<courier>(std::move(workers));
}

} // namespace switchgear::actor
