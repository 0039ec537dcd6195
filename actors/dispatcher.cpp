#include "switchgear/actor/dispatcher.hpp"

#include <span>
#include <thread>
#include <utility>

#include "switchgear/actor/errors.hpp"
#include "switchgear/breaker/call_tracer.hpp"

namespace switchgear::actor {

namespace {

// Batches that are kept for the next calls: more than are under way as a rule.
constexpr std::size_t most_spare = 16;

caf::message refusal(errc code, std::string text = {}) {
  return caf::make_message(to_error(failure{code, std::move(text)}));
}

} // namespace

/// Outlives the dispatcher, as long as calls are under way.
struct dispatcher::shared {
  std::mutex mutex;
  batch* first = nullptr; // of those that somebody waits for
  std::vector<std::unique_ptr<batch>> spare;
  bool closed = false;
};

// -- a batch ------------------------------------------------------------------

/// Lets `close` find it.
/// @returns false if it is closed already.
bool dispatcher::batch::enlist() {
  std::lock_guard guard{all_->mutex};
  if (all_->closed)
    return false;
  listed_ = true;
  previous_ = nullptr;
  next_ = all_->first;
  if (next_)
    next_->previous_ = this;
  all_->first = this;
  return true;
}

/// With the lock held.
void dispatcher::batch::delist() {
  if (!std::exchange(listed_, false))
    return;
  (previous_ ? previous_->next_ : all_->first) = next_;
  if (next_)
    next_->previous_ = previous_;
}

template <class Response>
void dispatcher::batch::answer(errand& each, Response response) {
  auto expected = stage::waiting;
  if (!each.at.compare_exchange_strong(expected, stage::answering,
                                       std::memory_order_acq_rel))
    return;
  each.from.send(response());
  each.at.store(stage::answered, std::memory_order_release);
}

void dispatcher::batch::run(errand& each) {
  if (each.at.load(std::memory_order_acquire) != stage::waiting)
    return; // has been answered: don't begin
  where_->restart_clock(each.of);
  call_trace trace;
  trace.begin(where_->name());
  // What a task holds goes with it, before its caller goes on.
  auto result = std::exchange(each.what, task{})();
  trace.end(result ? nullptr : &result.error());
  if (result)
    where_->succeed(each.of);
  else
    where_->fail(each.of, result.error());
  answer(each, [&] {
    return result ? std::move(*result)
                  : caf::make_message(to_error(result.error()));
  });
}

/// There is no room for it.
void dispatcher::batch::refuse(errand& each) {
  where_->give_back(each.of);
  answer(each, [] {
    return refusal(errc::bulkhead_full,
                   "the executor's queue has no room for the call");
  });
}

/// It has been run, or dropped, or its thread has broken down.
void dispatcher::batch::leave(errand& each) {
  if (each.at.load(std::memory_order_acquire) == stage::waiting) {
    where_->give_back(each.of);
    answer(each, [&] {
      return each.what
               ? refusal(errc::unavailable)
               : refusal(errc::cancelled, "the task ended without a result");
    });
  }
  each.what = task{};
  if (left_.fetch_sub(1, std::memory_order_acq_rel) == 1)
    recycle{}(this);
}

/// With the lock held. When it returns no address is touched any more.
void dispatcher::batch::close() {
  for (auto& each : std::span{calls_.data(), size_}) {
    answer(each, [] { return refusal(errc::unavailable); });
    while (each.at.load(std::memory_order_acquire) != stage::answered)
      std::this_thread::yield();
  }
}

void dispatcher::recycle::operator()(batch* what) const noexcept {
  std::unique_ptr<batch> old{what};
  // These go without the lock, and all of them last: it may be the last one.
  const auto where = std::move(old->where_);
  const auto all = old->all_;
  std::lock_guard guard{all->mutex};
  old->delist();
  old->all_ = nullptr; // a spare one must not keep what it is kept in
  old->size_ = 0;
  if (all->spare.size() < most_spare && !all->closed)
    all->spare.push_back(std::move(old));
}

/// A call's place in its batch, until it has been run or dropped.
class dispatcher::place {
public:
  place(batch& where, batch::errand& what) noexcept
    : where_(&where),
      what_(&what) {
    // nop
  }

  place(place&& other) noexcept
    : where_(std::exchange(other.where_, nullptr)),
      what_(other.what_) {
    // nop
  }

  place& operator=(place&&) = delete;

  ~place() {
    if (where_)
      where_->leave(*what_);
  }

  void operator()() {
    where_->run(*what_);
  }

private:
  batch* where_;
  batch::errand* what_;
};

// -- the dispatcher -----------------------------------------------------------

dispatcher::dispatcher(std::shared_ptr<executor> workers)
  : workers_(std::move(workers)),
    state_(std::make_shared<shared>()) {
  state_->spare.reserve(most_spare);
}

dispatcher::~dispatcher() {
  close();
}

auto dispatcher::collect(std::shared_ptr<cell> where) -> batch_ptr {
  std::unique_ptr<batch> result;
  {
    std::lock_guard guard{state_->mutex};
    if (!state_->spare.empty()) {
      result = std::move(state_->spare.back());
      state_->spare.pop_back();
    }
  }
  if (!result)
    result = std::make_unique<batch>();
  result->all_ = state_;
  result->where_ = std::move(where);
  return batch_ptr{result.release()};
}

void dispatcher::run(batch_ptr calls) {
  const auto count = calls->size();
  if (count == 0)
    return;
  // From here on it belongs to its calls.
  auto& all = *calls.release();
  all.left_.store(count, std::memory_order_relaxed);
  std::array<executor::job, batch::capacity> jobs;
  for (std::size_t i = 0; i < count; ++i)
    jobs[i] = place{all, all.calls_[i]};
  if (!all.enlist())
    return; // they are dropped, and answered
  for (auto i = workers_->submit(std::span{jobs.data(), count}); i < count; ++i)
    all.refuse(all.calls_[i]);
}

void dispatcher::close() {
  std::lock_guard guard{state_->mutex};
  state_->closed = true;
  state_->spare.clear();
  for (auto* each = state_->first; each; each = each->next_)
    each->close();
}

} // namespace switchgear::actor
