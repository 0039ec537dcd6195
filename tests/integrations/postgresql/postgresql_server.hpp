#pragma once

#include <libpq-fe.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "support/process.hpp"
#include "support/reserved_port.hpp"
#include "support/temporary_directory.hpp"
#include "switchgear/integrations/postgresql.hpp"

namespace switchgear::test {

/// A PostgreSQL server of the test's own, on a free loopback port that stays
/// the same. It refuses to run as root: then it runs as somebody else.
class postgresql_server {
public:
  /// Makes a database cluster and starts it.
  /// @param settings as `postgres -c` takes them
  explicit postgresql_server(std::vector<std::string> settings = {});

  ~postgresql_server();

  void start();

  /// Ends all of its processes, with no chance to say goodbye.
  void kill();

  /// Stops all of its processes where they are.
  void freeze();
  void thaw();

  /// Sends a signal to the main process.
  void signal(int number);

  /// How to connect.
  std::string where() const;

  /// Options for a client that notices soon what is wrong.
  postgresql_options options() const;

  /// The first value of a statement's answer, by a connection of its own, which
  /// is not counted.
  std::string ask(const std::string& sql);

  /// Connections and statements that it has seen so far, as its log says, but
  /// for those of `ask`.
  std::size_t activity();

private:
  using connection_ptr = std::unique_ptr<PGconn, void (*)(PGconn*)>;

  connection_ptr connect() const;
  std::vector<int> processes() const;

  temporary_directory files_;
  reserved_port port_;
  std::vector<std::string> settings_;
  std::optional<process> server_;
  std::size_t starts_ = 0;
  std::size_t own_activity_ = 0; // attempts while it was starting
};

} // namespace switchgear::test
