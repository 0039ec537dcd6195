#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "switchgear/breaker.hpp"
#include "switchgear/breaker/config.hpp"
#include "switchgear/integrations/postgresql/rows.hpp"

/// PostgreSQL behind a breaker, by libpq. Link with `switchgear::postgresql`.
namespace switchgear {

struct postgresql_options {
  /// Where and as whom, as libpq reads it: `host=db.example dbname=shop` or a
  /// URL. What it leaves out comes from libpq's `PG*` environment variables.
  /// A host given by name is looked up within `connect_timeout`'s time but
  /// without its limit; `hostaddr` avoids that.
  std::string connection;

  /// The most connections that are open at the same time. 1 to 1,000.
  std::size_t connections = 8;

  /// How long a call waits for one of them while all are in use. Then it ends
  /// with `bulkhead_full`, which says nothing about the server. 0 to 1 h.
  duration pool_timeout = std::chrono::seconds{1};

  /// How long opening one may take. 1 ms to 1 h.
  duration connect_timeout = std::chrono::seconds{2};

  /// How long a statement may take; each one, in a transaction. The server is
  /// told, too, and gives up by itself. 1 ms to 24 h.
  duration statement_timeout = std::chrono::seconds{5};

  /// How much longer the server may take to say that it has given up. If it
  /// says nothing the connection is closed. 0 to 1 h.
  duration statement_grace = std::chrono::milliseconds{250};
};

/// All that is wrong with `options`.
std::vector<config_error> validate(const postgresql_options& options);

/// A transaction under way, for the thread that `transaction` calls.
class pg_transaction {
public:
  /// As `postgresql_client::query`. After a failure every further one is the
  /// same failure, and nothing is sent.
  expected<pg_rows, failure> query(const std::string& sql,
                                   const std::vector<pg_param>& params = {});

private:
  friend class postgresql_client;
  class body;

  explicit pg_transaction(body& of) : body_(of) {
    // nop
  }

  body& body_;
};

/// Statements for one server, through a breaker and a bounded pool of
/// connections. They run on the caller's thread.
///
/// Failures, which count against the server, by SQLSTATE:
///
/// | what                                          | code               |
/// | --------------------------------------------- | ------------------ |
/// | no connection, whatever the reason            | `operation_failed` |
/// | no answer in time; class 57: `57014`          | `timeout`          |
/// | connection lost; class 08, `40003`            | `operation_failed` |
/// | class 53 (no memory, space, connection slots) | `operation_failed` |
/// | other 57 (shutting down, starting up)         | `operation_failed` |
/// | class 58, F0, XX (I/O, files, internal)       | `operation_failed` |
/// | `25006` where the server itself is read-only  | `operation_failed` |
///
/// Every other error is an answer, `pg_rows::refusal`, and a success for the
/// breaker: the server is well. So are data, constraints and syntax (22, 23,
/// 42), and locks and conflicts (`55P03`, `40001`, `40P01`): transactions that
/// are in each other's way are for the caller to repeat, and a breaker that
/// opened over them would make an outage of a queue.
///
/// A connection that failed, that was left within a transaction, or that the
/// server has closed while nobody used it is closed, never used again. What a
/// statement changes in its session otherwise (`set`) stays with a connection
/// that others will use: use `set local` in a transaction.
///
/// @note Thread-safe. Results are held in memory as a whole. `copy` is refused.
class postgresql_client {
public:
  /// Opens no connection yet.
  /// @throws setup_error if the options are not allowed
  postgresql_client(switchgear::breaker through, postgresql_options options);

  postgresql_client(const postgresql_client&) = delete;
  postgresql_client& operator=(const postgresql_client&) = delete;

  /// No call may be under way.
  ~postgresql_client();

  /// One statement, in a transaction of its own.
  /// @returns the server's answer, or a failure as listed above, or the
  ///          breaker's rejection: then nothing was sent to anybody
  expected<pg_rows, failure> query(const std::string& sql,
                                   const std::vector<pg_param>& params = {});

  /// What `transaction` calls, at most once, on the caller's thread.
  using body_function
    = std::function<expected<pg_rows, failure>(pg_transaction&)>;

  /// One transaction, which is one call for the breaker. It is committed if
  /// `body` returns an answer that is no refusal, unless a statement of it was
  /// refused and not rolled back to a savepoint; else it is rolled back.
  ///
  /// @param begin how it begins, e.g. `begin isolation level serializable`
  /// @returns what `body` returned, or the refusal, or a failure. What `body`
  ///          throws, or says is a failure although the server was well, is
  ///          returned and does not count against the server. If the connection
  ///          is lost while it is committed nobody knows whether it was.
  expected<pg_rows, failure> transaction(const body_function& body,
                                         const std::string& begin = "begin");

  const switchgear::breaker& breaker() const noexcept {
    return breaker_;
  }

private:
  class pool;

  switchgear::breaker breaker_;
  std::unique_ptr<pool> pool_;
};

} // namespace switchgear
