#pragma once

#include <memory>
#include <string>
#include <utility>

#include "support/threaded_cell.hpp"
#include "switchgear/breaker.hpp"
#include "switchgear/policies.hpp"
#include "switchgear/test_kit/virtual_time.hpp"

namespace switchgear::test {

using test_kit::virtual_time;

/// Time that jumps ahead when somebody waits.
inline std::shared_ptr<virtual_time> jumping_time() {
  return std::make_shared<virtual_time>(virtual_time::pass::by_waiting);
}

/// Time that passes when the test says so.
inline std::shared_ptr<virtual_time> still_time() {
  return std::make_shared<virtual_time>(virtual_time::pass::by_hand);
}

inline failure broken(std::string text = "broken") {
  return {errc::operation_failed, std::move(text)};
}

using answer = expected<int, failure>;

/// Fails so many times, then answers 7. Counts its calls.
class flaky {
public:
  explicit flaky(int failures, failure why = broken())
    : left_(std::make_shared<int>(failures)),
      why_(std::move(why)) {
    // nop
  }

  answer operator()() {
    ++*calls_;
    if (--*left_ >= 0)
      return make_unexpected(why_);
    return 7;
  }

  int calls() const {
    return *calls_;
  }

private:
  std::shared_ptr<int> left_;
  std::shared_ptr<int> calls_ = std::make_shared<int>(0);
  failure why_;
};

/// A breaker in a pipeline, without the actor.
class cell_breaker {
public:
  explicit cell_breaker(config cfg = {}, hooks user = {})
    : cell_(std::make_shared<threaded_cell>(std::move(cfg), std::move(user))) {
    // nop
  }

  template <class F>
  auto call(F&& f) -> expected<detail::success_of_t<F&>, failure> {
    detail::scoped_call current{*cell_};
    if (!current.admitted())
      return make_unexpected(current.refusal());
    auto result = detail::run(f);
    if (result)
      current.succeed();
    else
      current.fail(result.error());
    return result;
  }

  const std::shared_ptr<threaded_cell>& core() const noexcept {
    return cell_;
  }

  state now_in() const {
    return cell_->current_state();
  }

  statistics stats() const {
    statistics result;
    cell_->on_owner(
      [&] { result = cell_->make_statistics(clock::now(), wall_time{}); });
    return result;
  }

private:
  std::shared_ptr<threaded_cell> cell_;
};

} // namespace switchgear::test
