#pragma once

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "switchgear/statem/action.hpp"
#include "switchgear/statem/host.hpp"

namespace switchgear::statem {

/// A timer that runs, a zero timeout included.
template <class T>
struct timer {
  timer_key<T> key;
  timer_ref ref = 0;
  time_point due{};
  bool zero = false;
  typename T::message content{};
};

/// The timers of one machine: at most one of a key, each start with a handle
/// of its own. Zero timeouts are no timers of the host: they stand in a queue
/// until the machine has nothing else to do.
template <class T>
class timer_table {
public:
  /// Sets who measures the time; timers that run are armed there.
  void attach(host<T>* world) {
    host_ = world;
    if (host_)
      for (const auto& t : running_)
        if (!t.zero)
          host_->arm(t.ref, t.due);
  }

  /// In order of their starts.
  const std::vector<timer<T>>& running() const noexcept {
    return running_;
  }

  bool has_zero() const noexcept {
    return !zero_.empty();
  }

  /// Starts, restarts, cancels or updates a timer.
  void carry_out(timeout_action<T>& act, time_point now) {
    using operation = typename timeout_action<T>::operation;
    switch (act.op) {
      case operation::cancel:
        cancel(act.key);
        break;
      case operation::update:
        if (auto i = find(act.key); i != running_.end())
          i->content = std::move(act.content);
        else
          start_zero(act, now);
        break;
      case operation::relative:
        cancel(act.key);
        if (act.after == duration::zero())
          start_zero(act, now);
        else if (act.after != infinity)
          start(act, now + act.after);
        break;
      case operation::absolute:
        cancel(act.key);
        if (act.at == time_point{})
          start_zero(act, now);
        else if (act.at != time_point::max())
          start(act, act.at);
        break;
    }
  }

  void cancel(const timer_key<T>& key) {
    if (auto i = find(key); i != running_.end()) {
      if (!i->zero)
        host_->disarm(i->ref);
      remove(i);
    }
  }

  bool runs(const timer_key<T>& key) const {
    return std::any_of(running_.begin(), running_.end(),
                       [&](const timer<T>& t) { return t.key == key; });
  }

  /// Takes the timer of that handle, as the event that its expiry is; nothing
  /// if it was cancelled or restarted since.
  std::optional<event<T>> take(timer_ref ref) {
    auto i = std::find_if(running_.begin(), running_.end(),
                          [&](const timer<T>& t) { return t.ref == ref; });
    if (i == running_.end())
      return std::nullopt;
    std::optional<event<T>> result{std::in_place};
    result->type = i->key.type;
    result->name = std::move(i->key.name);
    result->content = std::move(i->content);
    remove(i);
    return result;
  }

  /// Takes the oldest zero timeout.
  /// @pre `has_zero()`
  event<T> take_zero() {
    return std::move(*take(zero_.front()));
  }

  void clear() {
    for (const auto& t : running_)
      if (!t.zero && host_)
        host_->disarm(t.ref);
    running_.clear();
    zero_.clear();
  }

  /// Gives unused memory back.
  void shrink() {
    running_.shrink_to_fit();
    zero_.shrink_to_fit();
  }

private:
  using iterator = typename std::vector<timer<T>>::iterator;

  iterator find(const timer_key<T>& key) {
    return std::find_if(running_.begin(), running_.end(),
                        [&](const timer<T>& t) { return t.key == key; });
  }

  void start_zero(timeout_action<T>& act, time_point now) {
    running_.push_back(
      {std::move(act.key), ++last_ref_, now, true, std::move(act.content)});
    zero_.push_back(last_ref_);
  }

  void start(timeout_action<T>& act, time_point due) {
    running_.push_back(
      {std::move(act.key), ++last_ref_, due, false, std::move(act.content)});
    host_->arm(last_ref_, due);
  }

  void remove(iterator i) {
    if (i->zero)
      zero_.erase(std::find(zero_.begin(), zero_.end(), i->ref));
    running_.erase(i);
  }

  host<T>* host_ = nullptr;
  std::vector<timer<T>> running_;
  std::vector<timer_ref> zero_; // oldest first; those timers run, too
  timer_ref last_ref_ = 0;
};

} // namespace switchgear::statem
