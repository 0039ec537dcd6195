#pragma once

#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <utility>

namespace switchgear {

/// Does a piece of work once for all who ask for it at the same time.
/// @note Thread-safe.
template <class Result>
class shared_work {
public:
  using result_type = std::shared_ptr<const Result>;

  explicit shared_work(std::function<result_type()> work)
    : work_(std::move(work)) {
    // nop
  }

  /// Throws what the work has thrown.
  result_type get() {
    std::promise<result_type> mine;
    if (auto theirs = join(mine); theirs.valid())
      return theirs.get();
    result_type result;
    std::exception_ptr error;
    try {
      result = work_();
    } catch (...) {
      error = std::current_exception();
    }
    {
      // From here on who asks wants a newer result.
      std::lock_guard guard{mutex_};
      under_way_ = {};
    }
    if (error) {
      mine.set_exception(error);
      std::rethrow_exception(error);
    }
    mine.set_value(result);
    return result;
  }

private:
  using future_type = std::shared_future<result_type>;

  // What is being done; invalid if it is the caller who has to.
  future_type join(std::promise<result_type>& mine) {
    std::lock_guard guard{mutex_};
    if (!under_way_.valid()) {
      under_way_ = mine.get_future().share();
      return {};
    }
    return under_way_;
  }

  std::function<result_type()> work_;
  std::mutex mutex_;
  future_type under_way_;
};

} // namespace switchgear
