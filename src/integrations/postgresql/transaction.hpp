#pragma once

#include <optional>
#include <string>
#include <vector>

#include "connection.hpp"

namespace switchgear {

/// What no server is asked for: a statement or parameter with a zero byte in
/// it, which libpq would take for its end, or more parameters than can travel.
std::optional<pg_error> unspeakable_in(const std::string& sql,
                                       const std::vector<pg_param>& params);

/// What happened in a transaction so far.
class pg_transaction::body {
public:
  explicit body(pg_connection& on) : on_(on) {
    // nop
  }

  expected<pg_rows, failure> query(const std::string& sql,
                                   const std::vector<pg_param>& params);

  /// Commits if all went well and `wanted` is an answer, else rolls back.
  /// @returns a failure only if it is the server's
  expected<pg_rows, failure> end(const expected<pg_rows, failure>& wanted);

private:
  pg_connection& on_;
  std::optional<failure> failed_;
  std::optional<pg_error> refused_; // last
};

} // namespace switchgear
