#pragma once

#include <ucontext.h>

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace switchgear::test {

/// Runs tasks again and again, each time with another interleaving of their
/// steps, until all have been tried. A step begins where a task calls `step`,
/// or uses a `stepped` atomic; it ends where the next one begins.
///
///     interleavings all;
///     while (all.next()) {
///       stepped<int> x{0};
///       all.run({[&] { x.fetch_add(1); }, [&] { x.fetch_add(1); }});
///       EXPECT_EQ(x.load(), 2);
///     }
///
/// Interleavings that differ only in the order of steps that have nothing to do
/// with each other count as one (Godefroid's sleep sets). So each step must
/// name the one thing that it touches and others do, too.
///
/// Tasks run on one thread, each on a stack of its own, so memory order is not
/// explored: all is sequentially consistent.
class interleavings {
public:
  using task = std::function<void()>;

  interleavings() = default;
  interleavings(const interleavings&) = delete;
  interleavings& operator=(const interleavings&) = delete;

  /// Chooses the next interleaving.
  /// @returns false if there is none.
  bool next() {
    if (count_ > 0) {
      while (!choices_.empty() && !choices_.back().advance())
        choices_.pop_back();
      if (choices_.empty())
        return false;
    }
    ++count_;
    depth_ = 0;
    return true;
  }

  /// Runs the tasks in the order chosen.
  void run(std::vector<task> tasks) {
    current_ = this;
    fibres_.resize(tasks.size());
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      if (!fibres_[i])
        fibres_[i] = std::make_unique<fibre>();
      fibres_[i]->start(std::move(tasks[i]), &home_);
      resume(i); // up to its first step
    }
    std::uint32_t asleep = 0;
    while (const auto ready = ready_tasks()) {
      if (depth_ == choices_.size())
        choices_.push_back(choice{ready, asleep});
      const auto& chosen = choices_[depth_++];
      const auto done = fibres_[chosen.taken]->next;
      // Who was passed over stays so while nothing that matters to him happens.
      asleep = 0;
      for (std::size_t i = 0; i < fibres_.size(); ++i)
        if ((chosen.asleep >> i & 1) && !conflict(fibres_[i]->next, done))
          asleep |= 1u << i;
      resume(chosen.taken);
    }
    current_ = nullptr;
  }

  /// Interleavings so far.
  std::size_t count() const noexcept {
    return count_;
  }

  /// Begins a step of the task that runs; outside of tasks it does nothing.
  /// @param what it touches
  static void step(const void* what, bool writes = true) {
    if (!current_)
      return;
    auto& self = *current_->fibres_[current_->running_];
    self.next = {what, writes};
    swapcontext(&self.context, &current_->home_);
  }

private:
  struct access {
    const void* what = nullptr;
    bool writes = false;
  };

  static bool conflict(const access& x, const access& y) {
    return x.what == y.what && (x.writes || y.writes);
  }

  struct fibre {
    ucontext_t context{};
    task body;
    access next;
    bool done = false;
    std::array<char, 64 * 1024> stack;

    void start(task what, ucontext_t* home) {
      body = std::move(what);
      done = false;
      getcontext(&context);
      context.uc_stack.ss_sp = stack.data();
      context.uc_stack.ss_size = stack.size();
      context.uc_link = home;
      makecontext(&context, &fibre::enter, 0);
    }

    static void enter() {
      auto& self = *current_->fibres_[current_->running_];
      self.body();
      self.done = true;
    }
  };

  /// Which task went on at one point, and which need not be tried there.
  struct choice {
    std::uint32_t ready;
    std::uint32_t asleep;
    std::size_t taken = 0;

    choice(std::uint32_t all, std::uint32_t sleeping)
      : ready(all),
        asleep(sleeping) {
      if (!(ready & ~asleep))
        asleep = 0, ready = all & -all; // been here: just get to the end
      take();
    }

    bool advance() {
      asleep |= 1u << taken;
      return (ready & ~asleep) != 0 && (take(), true);
    }

    void take() {
      taken = static_cast<std::size_t>(std::countr_zero(ready & ~asleep));
    }
  };

  std::uint32_t ready_tasks() const {
    std::uint32_t result = 0;
    for (std::size_t i = 0; i < fibres_.size(); ++i)
      result |= fibres_[i]->done ? 0 : 1u << i;
    return result;
  }

  void resume(std::size_t which) {
    running_ = which;
    swapcontext(&home_, &fibres_[which]->context);
  }

  static inline interleavings* current_ = nullptr;

  std::vector<choice> choices_;
  std::size_t depth_ = 0;
  std::size_t count_ = 0;
  std::vector<std::unique_ptr<fibre>> fibres_;
  std::size_t running_ = 0;
  ucontext_t home_{};
};

/// An atomic each of whose operations begins a step.
template <class T>
class stepped {
public:
  stepped(T value) : value_(value) { // NOLINT: as std::atomic
    // nop
  }

  T load(std::memory_order = std::memory_order_seq_cst) const {
    interleavings::step(this, false);
    return value_;
  }

  void store(T value, std::memory_order = std::memory_order_seq_cst) {
    interleavings::step(this);
    value_ = value;
  }

  T exchange(T value, std::memory_order = std::memory_order_seq_cst) {
    interleavings::step(this);
    return std::exchange(value_, value);
  }

  T fetch_add(T by, std::memory_order = std::memory_order_seq_cst) {
    interleavings::step(this);
    return std::exchange(value_, value_ + by);
  }

  bool compare_exchange_weak(T& expected, T desired, std::memory_order,
                             std::memory_order) {
    interleavings::step(this);
    if (value_ != expected) {
      expected = value_;
      return false;
    }
    value_ = desired;
    return true;
  }

private:
  T value_;
};

} // namespace switchgear::test
