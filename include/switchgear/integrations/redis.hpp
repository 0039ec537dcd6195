#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "switchgear/breaker.hpp"
#include "switchgear/breaker/config.hpp"
#include "switchgear/integrations/redis/reply.hpp"

/// Redis behind a breaker, by hiredis. Link with `switchgear::redis`.
namespace switchgear {

struct redis_options {
  /// Address or name of the server. A name is looked up within
  /// `connect_timeout`'s time but without its limit.
  std::string host = "127.0.0.1";
  std::uint16_t port = 6379;

  /// For `auth`; an empty password (the default) means: do not.
  std::string user{};
  std::string password{};

  /// For `select`. 0 to 1,000,000.
  std::uint32_t database = 0;

  /// The most connections that are open at the same time. 1 to 1,000.
  std::size_t connections = 8;

  /// How long a call waits for one of them while all are in use. Then it ends
  /// with `bulkhead_full`, which says nothing about the server. 0 to 1 h.
  duration pool_timeout = std::chrono::milliseconds{500};

  /// How long opening one may take, with all that is said first. 1 ms to 1 h.
  duration connect_timeout = std::chrono::seconds{1};

  /// How long a command may take until its answer is complete. 1 ms to 1 h. A
  /// command that waits (`blpop`) must wait for less.
  duration command_timeout = std::chrono::seconds{1};
};

/// All that is wrong with `options`.
std::vector<config_error> validate(const redis_options& options);

/// Commands for one server, through a breaker and a bounded pool of
/// connections. They run on the caller's thread.
///
/// Failures, which count against the server:
///
/// | what                                              | code               |
/// | ------------------------------------------------- | ------------------ |
/// | no connection; `auth` or `select` refused         | `operation_failed` |
/// | no answer in time                                 | `timeout`          |
/// | connection lost, or an answer that makes no sense | `operation_failed` |
/// | `-LOADING` `-BUSY` `-MASTERDOWN` `-CLUSTERDOWN`   | `operation_failed` |
/// | `-READONLY` `-OOM` `-MISCONF` `-NOREPLICAS`       | `operation_failed` |
/// | `-IOERR` `-NOAUTH`, too many clients              | `operation_failed` |
///
/// Every other error is an answer, a `redis_reply` that `is_error`, and a
/// success for the breaker: `-ERR`, `-WRONGTYPE`, `-NOSCRIPT`, `-NOPERM`...
/// So are `-MOVED` and `-ASK`: this client does not follow them.
///
/// A connection that failed, or that the server has closed while nobody used
/// it, is closed, never used again. So is one after a command that changes what
/// the next ones mean: `multi`, `watch`, `select`, `subscribe`... Use a script
/// where several commands belong together.
///
/// @note Thread-safe. Answers are held in memory as a whole.
class redis_client {
public:
  /// Opens no connection yet.
  /// @throws setup_error if the options are not allowed
  redis_client(switchgear::breaker through, redis_options options = {});

  redis_client(const redis_client&) = delete;
  redis_client& operator=(const redis_client&) = delete;

  /// No call may be under way.
  ~redis_client();

  /// One command: `command({"set", "key", "value"})`. Arguments are any bytes;
  /// one at least.
  /// @returns the server's answer, or a failure as listed above, or the
  ///          breaker's rejection: then nothing was sent to anybody
  expected<redis_reply, failure> command(const std::vector<std::string>& words);

  /// What `get_or` asks when the cache has nothing.
  using loader_function = std::function<expected<std::string, failure>()>;

  /// Cache-aside: the value of `key`, or what `load` returns if there is none,
  /// which is then written to `key`.
  ///
  /// A cache that is down is no reason to fail: then `load` is asked, too, and
  /// nothing is written. Neither is it if `key` holds no string, or while the
  /// breaker is open, which means that no connection is opened at all. Whether
  /// the writing succeeds does not matter to the result.
  ///
  /// Callers that miss at the same time all load.
  ///
  /// @param load runs on this thread, outside the breaker; protect what it
  ///             calls by a breaker of its own
  /// @param expiry of what is written, in whole milliseconds; zero: never;
  ///               below: it has expired already and is not written
  /// @returns a failure only if `load` fails; what it throws is one
  expected<std::string, failure> get_or(const std::string& key,
                                        const loader_function& load,
                                        duration expiry = duration::zero());

  const switchgear::breaker& breaker() const noexcept {
    return breaker_;
  }

private:
  class pool;

  switchgear::breaker breaker_;
  std::unique_ptr<pool> pool_;
};

} // namespace switchgear
