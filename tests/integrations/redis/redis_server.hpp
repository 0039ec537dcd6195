#pragma once

#include <hiredis/hiredis.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/process.hpp"
#include "support/reserved_port.hpp"
#include "support/temporary_directory.hpp"
#include "switchgear/integrations/redis.hpp"

namespace switchgear::test {

/// A Redis server of the test's own, on a free loopback port that stays the
/// same. It keeps nothing on disk.
class redis_server {
public:
  /// @param settings as the command line takes them
  explicit redis_server(std::vector<std::string> settings = {});

  void start();

  /// Ends it, with no chance to say goodbye.
  void kill();

  void freeze();
  void thaw();

  /// Options for a client, patient ones.
  redis_options options() const;

  /// What a command is answered on a connection of the test's own.
  std::string ask(const std::vector<std::string>& words);

  /// Connections and commands that it has seen since it was started, as it says
  /// itself, but for those of the test's own.
  std::int64_t activity();

private:
  struct release {
    void operator()(redisContext* x) const noexcept {
      redisFree(x);
    }
  };

  temporary_directory files_;
  reserved_port port_;
  std::vector<std::string> settings_;
  std::optional<process> server_;
  std::unique_ptr<redisContext, release> own_;
  std::int64_t own_activity_ = 0;
};

} // namespace switchgear::test
