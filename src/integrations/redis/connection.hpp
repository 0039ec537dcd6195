#pragma once

#include <hiredis/hiredis.h>

#include <memory>
#include <string>
#include <vector>

#include "switchgear/integrations/redis.hpp"

namespace switchgear {

/// A connection to the server. hiredis opens it and knows the protocol; reading
/// and writing is done here, with one deadline for a whole answer and without
/// SIGPIPE.
/// @note For one thread at a time.
class redis_connection {
public:
  using words = std::vector<std::string>;

  static expected<std::unique_ptr<redis_connection>, failure>
  open(const redis_options& options);

  /// One command.
  /// @returns a failure only if the server failed; then this is of no use any
  ///          more
  expected<redis_reply, failure> run(const words& command);

  /// Whether it is open, and the server has said nothing unasked.
  bool quiet() const;

private:
  struct release {
    void operator()(redisContext* x) const noexcept {
      redisFree(x);
    }
  };

  redis_connection(redisContext* raw, const redis_options& options)
    : raw_(raw),
      options_(options) {
    // nop
  }

  expected<void, failure> connect(time_point deadline);
  expected<void, failure> introduce(time_point deadline);
  expected<redis_reply, failure> exchange(const words& command,
                                          time_point deadline);
  expected<void, failure> send(const words& command, time_point deadline);
  expected<redis_reply, failure> receive(time_point deadline);

  std::unique_ptr<redisContext, release> raw_;
  const redis_options& options_; // the client's, which outlives this
};

} // namespace switchgear
