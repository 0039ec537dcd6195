#include "pool.hpp"
#include "switchgear/integrations/detail/option_checker.hpp"
#include "transaction.hpp"

namespace switchgear {

expected<postgresql_client::pool::place, failure>
postgresql_client::pool::enter() {
  auto at = places_.enter(options_.pool_timeout);
  if (!at)
    return make_unexpected(
      failure{errc::bulkhead_full, "all " + std::to_string(options_.connections)
                                     + " connections are in use"});
  if (!at->connection) {
    auto opened = pg_connection::open(options_);
    if (!opened)
      return make_unexpected(std::move(opened.error()));
    at->connection = std::move(*opened);
  }
  return std::move(*at);
}

postgresql_client::postgresql_client(switchgear::breaker through,
                                     postgresql_options options)
  : breaker_(std::move(through)),
    pool_(std::make_unique<pool>(detail::checked(std::move(options)))) {
  // nop
}

postgresql_client::~postgresql_client() = default;

expected<pg_rows, failure>
postgresql_client::query(const std::string& sql,
                         const std::vector<pg_param>& params) {
  if (auto bad = unspeakable_in(sql, params))
    return pg_rows{std::move(*bad)};
  return breaker_.call([&]() -> expected<pg_rows, failure> {
    auto at = pool_->enter();
    if (!at)
      return make_unexpected(std::move(at.error()));
    auto answer = at->connection->run(sql, params);
    if (at->connection->reusable())
      at->keep();
    return answer;
  });
}

expected<pg_rows, failure>
postgresql_client::transaction(const body_function& body,
                               const std::string& begin) {
  // What is the body's own, and says nothing about the server.
  std::optional<failure> own;
  auto result = breaker_.call([&]() -> expected<pg_rows, failure> {
    auto at = pool_->enter();
    if (!at)
      return make_unexpected(std::move(at.error()));
    auto answer = at->connection->run(begin, {});
    if (answer && answer->ok()) {
      pg_transaction::body state{*at->connection};
      pg_transaction handle{state};
      const auto wanted = switchgear::detail::run([&] { return body(handle); });
      answer = state.end(wanted);
      if (answer && !wanted)
        own = wanted.error();
    }
    if (at->connection->reusable())
      at->keep();
    return answer;
  });
  if (own)
    return make_unexpected(std::move(*own));
  return result;
}

} // namespace switchgear
