#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "integrations/support/server_tally.hpp"
#include "integrations/support/tool_server.hpp"
#include "support/temporary_directory.hpp"
#include "switchgear/chaos/monkey.hpp"
#include "switchgear/integrations/http_client.hpp"
#include "switchgear/policies.hpp"
#include "switchgear/runtime.hpp"

namespace switchgear::test {

/// How a tool is protected, and what happens to it.
struct protection {
  std::uint64_t seed = 1;
  policy::retry_options retry{};
  policy::rate_limit_options rate_limit{};
  config breaker{};
  policy::timeout_options timeout{};
  policy::bulkhead_options bulkhead{};
  policy::timing_ptr time = policy::real_time();
};

/// All policies, in the order that the README recommends. What is injected
/// happens innermost, so that it comes by all of them as what really happens
/// does.
inline auto around(const protection& how, const std::string& instead,
                   const breaker& tool, const chaos::monkey& monkey) {
  return policy::pipeline{
    policy::fallback{instead}.when(
      [](const failure& why) { return why.is_refusal(); }),
    policy::retry{how.retry, how.time},
    policy::rate_limit{how.rate_limit, how.time},
    tool,
    policy::timeout{how.timeout, nullptr, how.time},
    policy::bulkhead{how.bulkhead, how.time},
    monkey.at("tool"),
  };
}

using all_policies
  = decltype(around({}, {}, std::declval<const breaker&>(), chaos::monkey{}));

/// A service over HTTP in a process of its own, and all that can be put around
/// calls to it.
class protected_tool {
public:
  using answer = expected<std::string, failure>;

  /// What is answered to calls that were refused.
  static constexpr auto instead = "something else";

  explicit protected_tool(const protection& how)
    : tool(rt.breaker("tool", how.breaker)),
      monkey(how.seed, how.time),
      through(around(how, instead, tool, monkey)),
      http_(transport, options(server)) {
    static_cast<void>(transport.disable());
  }

  /// Asks the service for a path.
  answer call(const std::string& path) const {
    // Owns what it uses: with a timeout it may go on after this function.
    return through.call([http = http_, made = made_, path]() -> answer {
      ++*made;
      auto got = http.get(path);
      if (!got)
        return make_unexpected(std::move(got.error()));
      return std::move(got->body);
    });
  }

  /// What the service answers to that.
  static std::string answer_to(const std::string& path) {
    return "GET\n" + path + "\n\n";
  }

  /// Calls that came by all policies and were not hit by chaos.
  std::uint64_t made() const {
    return *made_;
  }

private:
  /// Changes of state by the dozen are no news here.
  static runtime_options quiet() {
    runtime_options result;
    result.telemetry.log = telemetry_options::log_use::never;
    return result;
  }

  static http_client_options options(const tool_server& server) {
    http_client_options result;
    result.base_url = server.url();
    result.proxy = "";
    // Who is given up holds its place until the service lets go of it. So what
    // is under way here and there is the same.
    result.total_timeout = std::chrono::minutes{10};
    return result;
  }

  temporary_directory files_;
  std::shared_ptr<std::atomic<std::uint64_t>> made_
    = std::make_shared<std::atomic<std::uint64_t>>(0);

public:
  shared_tally seen{files_.file("tally")};
  tool_server server{files_.file("tally")};
  runtime rt{quiet()};
  breaker tool;
  /// The client's own breaker only counts: the other one sees what is injected,
  /// and timeouts, too.
  breaker transport = rt.breaker("transport");
  chaos::monkey monkey;
  all_policies through;

private:
  http_client http_;
};

} // namespace switchgear::test
