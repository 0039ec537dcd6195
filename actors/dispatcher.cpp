#include "switchgear/actor/dispatcher.hpp"

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include "switchgear/actor/errors.hpp"

namespace switchgear::actor {

namespace {

// Who runs a call and who closes the dispatcher may want to answer it at the
// same time. Whoever takes it from `waiting` to `answering` does; the other one
// leaves the return address alone.
enum class stage : std::uint8_t { waiting, answering, answered };

caf::message refusal(errc code, std::string text = {}) {
  return caf::make_message(to_error(failure{code, std::move(text)}));
}

} // namespace

/// The batches that somebody waits for; outlives the dispatcher.
struct dispatcher::shared {
  std::mutex mutex;
  batch* first = nullptr;
  bool closed = false;
};

/// Calls through one breaker that were queued together. It ends with the last
/// of them.
class dispatcher::batch {
public:
  batch(std::shared_ptr<shared> all, std::shared_ptr<cell> where,
        std::vector<errand> calls)
    : all_(std::move(all)), where_(std::move(where)), calls_(std::move(calls)) {
    stages_ = std::make_unique<std::atomic<stage>[]>(calls_.size());
    left_.store(calls_.size(), std::memory_order_relaxed);
  }

  std::size_t size() const noexcept {
    return calls_.size();
  }

  /// Lets `close` find it.
  /// @returns false if it is closed already.
  bool enlist() {
    std::lock_guard guard{all_->mutex};
    if (all_->closed)
      return false;
    next_ = all_->first;
    if (next_)
      next_->previous_ = this;
    all_->first = this;
    return true;
  }

  void run(std::size_t i) {
    if (stages_[i].load(std::memory_order_acquire) != stage::waiting)
      return; // has been answered: don't begin
    const auto began = clock::now();
    // What a task holds goes with it, before its caller goes on.
    auto result = std::exchange(calls_[i].what, task{})();
    where_->finish(calls_[i].of, clock::now() - began,
                   result ? nullptr : &result.error());
    answer(i, [&] {
      return result ? std::move(*result)
                    : caf::make_message(to_error(result.error()));
    });
  }

  /// There is no room for it.
  void refuse(std::size_t i) {
    where_->tell(input::report{calls_[i].of, outcome::cancelled, {}, {}});
    answer(i, [] {
      return refusal(errc::bulkhead_full,
                     "the executor's queue has no room for the call");
    });
  }

  /// It has been run, or dropped, or its thread has broken down.
  void leave(std::size_t i) {
    if (stages_[i].load(std::memory_order_acquire) == stage::waiting) {
      where_->tell(input::report{calls_[i].of, outcome::cancelled, {}, {}});
      answer(i, [&] {
        return calls_[i].what
                 ? refusal(errc::unavailable)
                 : refusal(errc::cancelled, "the task ended without a result");
      });
    }
    if (left_.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete this;
  }

  /// With the lock held. When it returns no address is touched any more.
  void close() {
    for (std::size_t i = 0; i < size(); ++i) {
      answer(i, [] { return refusal(errc::unavailable); });
      while (stages_[i].load(std::memory_order_acquire) != stage::answered)
        std::this_thread::yield();
    }
  }

  batch* next() const noexcept {
    return next_;
  }

private:
  ~batch() {
    std::lock_guard guard{all_->mutex};
    if (previous_)
      previous_->next_ = next_;
    else if (all_->first == this)
      all_->first = next_;
    if (next_)
      next_->previous_ = previous_;
  }

  template <class Response>
  void answer(std::size_t i, Response response) {
    auto expected = stage::waiting;
    if (!stages_[i].compare_exchange_strong(expected, stage::answering,
                                            std::memory_order_acq_rel))
      return;
    calls_[i].from.send(response());
    stages_[i].store(stage::answered, std::memory_order_release);
  }

  std::shared_ptr<shared> all_;
  std::shared_ptr<cell> where_;
  std::vector<errand> calls_;
  std::unique_ptr<std::atomic<stage>[]> stages_;
  std::atomic<std::size_t> left_{0};
  batch* next_ = nullptr;
  batch* previous_ = nullptr;
};

/// A call's place in its batch, until it has been run or dropped.
class dispatcher::place {
public:
  place(batch* where, std::size_t i) noexcept : where_(where), i_(i) {
    // nop
  }

  place(place&& other) noexcept
    : where_(std::exchange(other.where_, nullptr)), i_(other.i_) {
    // nop
  }

  place& operator=(place&&) = delete;

  ~place() {
    if (where_)
      where_->leave(i_);
  }

  void operator()() {
    where_->run(i_);
  }

private:
  batch* where_;
  std::size_t i_;
};

dispatcher::dispatcher(std::shared_ptr<executor> workers)
  : workers_(std::move(workers)), state_(std::make_shared<shared>()) {
  // nop
}

dispatcher::~dispatcher() {
  close();
}

void dispatcher::run(const std::shared_ptr<cell>& where,
                     std::vector<errand> calls) {
  if (calls.empty())
    return;
  const auto count = calls.size();
  auto* all = new batch(state_, where, std::move(calls));
  std::vector<executor::job> jobs;
  jobs.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    jobs.emplace_back(place{all, i});
  if (!all->enlist())
    return; // dropped with its jobs
  for (auto i = workers_->submit(jobs); i < count; ++i)
    all->refuse(i);
}

void dispatcher::close() {
  std::lock_guard guard{state_->mutex};
  state_->closed = true;
  for (auto* each = state_->first; each; each = each->next())
    each->close();
}

} // namespace switchgear::actor
