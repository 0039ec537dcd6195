#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "switchgear/chaos/injection.hpp"
#include "switchgear/policy/context.hpp"
#include "switchgear/policy/timing.hpp"

namespace switchgear::chaos {

/// What a call throws that crashes on purpose.
class crashed : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// What has happened to a tool's calls.
struct tool_counts {
  std::uint64_t calls = 0;
  std::uint64_t delayed = 0;
  std::uint64_t failed = 0;
  std::uint64_t hung = 0;
  std::uint64_t crashed = 0;

  friend bool operator==(const tool_counts&, const tool_counts&) = default;
};

/// Lets faults happen to the calls of tools, which are known by name:
///
///     chaos::monkey monkey{42};
///     auto query = monkey.wrap("database", [] { return real_query(); });
///     monkey.inject(chaos::fault::error, {.lasts = 10s, .rate = 0.3});
///
/// What happens to the n-th call of a tool depends on the seed, the tool, n and
/// the injections alone, not on other threads: a run can be repeated. Of
/// several injections each is tried, in the order in which they were made.
///
/// Calls that are delayed or hang can be told to stop, end with the injection,
/// and cost no time in a virtual one.
///
/// Copies share everything. Thread-safe.
class monkey {
public:
  explicit monkey(std::uint64_t seed = 1,
                  policy::timing_ptr time = policy::real_time());

  /// Begins one.
  /// @returns its number, for `end`
  /// @throws setup_error if it is not valid
  std::uint64_t inject(fault what, injection how = {}) const;

  /// Ends one, or does nothing if it is over. Who hangs in it comes back.
  void end(std::uint64_t number) const;

  /// Ends all.
  void calm() const;

  /// How many are under way.
  std::size_t active() const;

  /// By tool, those that were called.
  std::map<std::string, tool_counts> stats() const;

  /// A call of that tool begins: waits, if it is delayed or hangs.
  /// @returns the failure that it comes to, if it does not go on
  /// @throws crashed
  std::optional<failure> before(const std::string& tool,
                                const policy::context& ctx = {}) const;

  /// `f`, as a tool of that name. It may be called with a `std::stop_token` or
  /// a `policy::context`, whether `f` takes one or not.
  template <class F>
  auto wrap(std::string tool, F f) const;

  /// A place in a pipeline; put it innermost.
  class site;
  site at(std::string tool) const;

private:
  struct shared;
  std::shared_ptr<shared> state_;
};

/// What a monkey does to one tool, as a policy.
class monkey::site {
public:
  static constexpr policy::kind what = policy::kind::chaos;
  static constexpr bool detaches = false;

  site(monkey by, std::string tool)
    : by_(std::move(by)),
      tool_(std::move(tool)) {
    // nop
  }

  template <class Next>
  auto run(const policy::context& ctx, const Next& next) const
    -> policy::detail::answer_of<Next> {
    auto happened = happens(ctx);
    if (happened)
      return make_unexpected(std::move(*happened));
    return next(ctx);
  }

private:
  /// A crash as a failure, since policies do not throw.
  std::optional<failure> happens(const policy::context& ctx) const;

  monkey by_;
  std::string tool_;
};

/// A monkey for the whole process, seeded with 1 and in real time.
const monkey& default_monkey();

/// Begins an injection by the default monkey; see `monkey::inject`.
inline std::uint64_t inject(fault what, injection how = {}) {
  return default_monkey().inject(what, std::move(how));
}

// -- implementation -----------------------------------------------------------

namespace detail {

template <class F>
struct wrapped {
  monkey by;
  std::string tool;
  F f;

  auto operator()(const policy::context& ctx = {})
    -> policy::detail::result_of<F> {
    if (auto happened = by.before(tool, ctx))
      return make_unexpected(std::move(*happened));
    return policy::detail::attempt(f, ctx);
  }
};

} // namespace detail

template <class F>
auto monkey::wrap(std::string tool, F f) const {
  return detail::wrapped<F>{*this, std::move(tool), std::move(f)};
}

} // namespace switchgear::chaos
