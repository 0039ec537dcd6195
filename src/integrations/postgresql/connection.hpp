#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <vector>

#include "switchgear/integrations/postgresql.hpp"

namespace switchgear {

/// A session with the server. Nothing in it waits without a limit.
/// @note For one thread at a time.
class pg_connection {
public:
  static expected<std::unique_ptr<pg_connection>, failure>
  open(const postgresql_options& options);

  /// One statement.
  /// @returns a failure only if the server failed; then this is `broken`
  expected<pg_rows, failure> run(const std::string& sql,
                                 const std::vector<pg_param>& params);

  /// Whether it is open, and the server has said nothing unasked: it would,
  /// before it closes it.
  bool quiet() const;

  /// Whether it is of no use any more.
  bool broken() const {
    return broken_ || PQstatus(raw_.get()) != CONNECTION_OK;
  }

  /// Whether it is as it was when it was opened: in no transaction.
  bool reusable() const {
    return !broken() && PQtransactionStatus(raw_.get()) == PQTRANS_IDLE;
  }

  /// Whether the transaction can only be rolled back.
  bool aborted() const {
    return PQtransactionStatus(raw_.get()) == PQTRANS_INERROR;
  }

private:
  struct finish {
    void operator()(PGconn* x) const noexcept {
      PQfinish(x);
    }
  };

  struct clear {
    void operator()(PGresult* x) const noexcept {
      PQclear(x);
    }
  };

  using result_ptr = std::unique_ptr<PGresult, clear>;

  pg_connection(PGconn* raw, const postgresql_options& options)
    : raw_(raw),
      options_(options) {
    // nop
  }

  expected<void, failure> connect(time_point deadline);
  expected<void, failure> send(const std::string& sql,
                               const std::vector<pg_param>& params,
                               time_point deadline);
  expected<result_ptr, failure> receive(time_point deadline);
  expected<pg_rows, failure> judge(const PGresult& result);
  bool read_only() const;
  failure lost(const std::string& doing) const;

  std::unique_ptr<PGconn, finish> raw_;
  const postgresql_options& options_; // the client's, which outlives this
  bool broken_ = false;
};

} // namespace switchgear
