#include "switchgear/actor/pipeline_actor.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <unordered_map>

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>

#include "letterbox.hpp"
#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/errors.hpp"
#include "switchgear/actor/type_ids.hpp"

namespace switchgear::actor {

namespace {

// A task's result that comes later, on any thread.
class awaited_result {
public:
  void set(task_result result) {
    {
      std::lock_guard guard{mutex_};
      result_ = std::move(result);
    }
    changed_.notify_all();
  }

  std::optional<task_result> wait(const std::stop_token& stop) {
    std::unique_lock guard{mutex_};
    changed_.wait(guard, stop, [this] { return result_.has_value(); });
    return std::move(result_);
  }

private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::optional<task_result> result_;
};

/// One call on its way to a worker. What is dropped there is answered, too.
class errand {
public:
  errand(std::uint64_t id, std::shared_ptr<letterbox> to)
    : id_(id),
      to_(std::move(to)) {
    // nop
  }

  errand(errand&& other) noexcept = default;
  errand& operator=(errand&&) = delete;

  ~errand() {
    if (to_)
      deliver(make_unexpected(failure{errc::unavailable}));
  }

  void deliver(task_result result) {
    std::exchange(to_, nullptr)->put({id_, std::move(result)});
  }

private:
  std::uint64_t id_;
  std::shared_ptr<letterbox> to_;
};

class pipeline_actor final : public caf::event_based_actor {
public:
  pipeline_actor(caf::actor_config& cfg, std::shared_ptr<executor> workers,
                 task_runner run)
    : caf::event_based_actor(cfg),
      workers_(std::move(workers)),
      run_(std::make_shared<const task_runner>(std::move(run))),
      results_(std::make_shared<letterbox>(address())) {
    // nop
  }

  const char* name() const override {
    return "switchgear.pipeline";
  }

  caf::behavior make_behavior() override {
    return {
      [this](call, task& what) { return take(std::move(what)); },
      [this](call_done& end) {
        auto i = waiting_.find(end.id);
        if (i == waiting_.end())
          return; // has been refused
        auto promise = std::move(i->second);
        waiting_.erase(i);
        if (end.result)
          promise.deliver(std::move(*end.result));
        else
          promise.deliver(to_error(end.result.error()));
      },
      [this](stop) { quit(); },
    };
  }

  void on_exit() override {
    results_->close();
    stop_.request_stop();
    for (auto& [id, promise] : waiting_)
      promise.deliver(to_error(failure{errc::unavailable}));
    waiting_.clear();
  }

private:
  caf::response_promise take(task what) {
    auto promise = make_response_promise();
    const auto id = ++last_id_;
    auto job = [end = errand{id, results_}, run = run_, what = std::move(what),
                ctx = policy::context{stop_.get_token()}]() mutable {
      end.deliver((*run)(std::exchange(what, task{}), ctx));
    };
    if (workers_->submit(std::move(job)))
      waiting_.emplace(id, promise);
    else
      promise.deliver(to_error(failure{
        errc::bulkhead_full, "the executor's queue has no room for the call"}));
    return promise;
  }

  std::shared_ptr<executor> workers_;
  std::shared_ptr<const task_runner> run_;
  std::shared_ptr<letterbox> results_;
  std::stop_source stop_;
  std::unordered_map<std::uint64_t, caf::response_promise> waiting_;
  std::uint64_t last_id_ = 0;
};

} // namespace

task_result run_to_end(task& what, const std::stop_token& stop) {
  if (what.is_prompt())
    return what();
  auto result = std::make_shared<awaited_result>();
  what([result](task_result got) { result->set(std::move(got)); });
  if (auto got = result->wait(stop))
    return std::move(*got);
  return make_unexpected(failure{errc::cancelled, "told to stop"});
}

caf::actor spawn_task_runner(const runtime& rt, task_runner run) {
  auto result = rt.system().spawn<pipeline_actor>(rt.workers(), std::move(run));
  rt.end_with(result);
  return result;
}

} // namespace switchgear::actor
