#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "switchgear/actor/caf.hpp"
#include "switchgear/actor/task.hpp"
#include "switchgear/breaker/cell.hpp"
#include "switchgear/executor.hpp"

namespace switchgear::actor {

/// An admitted call message that is to be run and answered.
struct errand {
  permit of;
  task what;
  return_address from;
};

/// Has the callables of call messages run by an executor, whose threads answer
/// their callers themselves: no actor stands in between, so that a breaker that
/// is restarted takes no caller down with it. For prompt tasks without a call
/// timeout; others need the courier.
///
/// All functions are thread-safe.
class dispatcher {
public:
  explicit dispatcher(std::shared_ptr<executor> workers);

  /// Answers those who still wait.
  ~dispatcher();

  dispatcher(const dispatcher&) = delete;
  dispatcher& operator=(const dispatcher&) = delete;

  /// Runs calls through the breaker behind `where`. Those for which there is no
  /// room are answered with `bulkhead_full`, and give their permits back.
  void run(const std::shared_ptr<cell>& where, std::vector<errand> calls);

  /// Answers all who wait with `unavailable`. Nobody is answered from now on,
  /// and the actor system may go.
  void close();

private:
  class batch;
  class place;
  struct shared;

  std::shared_ptr<executor> workers_;
  std::shared_ptr<shared> state_;
};

} // namespace switchgear::actor
