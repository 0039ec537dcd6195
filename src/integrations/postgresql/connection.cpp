#include "connection.hpp"

#include <chrono>
#include <string_view>

#include "answer.hpp"
#include "classify.hpp"
#include "switchgear/integrations/detail/wait_for.hpp"

namespace switchgear {

namespace {

using std::chrono::ceil;
using std::chrono::milliseconds;

std::string first_line(const char* text) {
  const std::string_view all{text};
  return std::string{all.substr(0, all.find('\n'))};
}

std::string in_ms(duration time) {
  return std::to_string(ceil<milliseconds>(time).count()) + " ms";
}

} // namespace

expected<std::unique_ptr<pg_connection>, failure>
pg_connection::open(const postgresql_options& options) {
  const auto deadline = clock::now() + options.connect_timeout;
  std::unique_ptr<pg_connection> self{
    new pg_connection(PQconnectStart(options.connection.c_str()), options)};
  if (auto done = self->connect(deadline); !done)
    return make_unexpected(std::move(done.error()));
  const auto limit = ceil<milliseconds>(options.statement_timeout).count();
  auto told
    = self
        ->send("set statement_timeout = " + std::to_string(limit), {}, deadline)
        .and_then([&] { return self->receive(deadline); });
  if (!told)
    return make_unexpected(
      told.error() == errc::timeout ? told.error().with_message(
        "no connection within " + in_ms(options.connect_timeout))
                                    : told.error());
  if (auto set = self->judge(**told); !set)
    return make_unexpected(std::move(set.error()));
  else if (set->refusal())
    return make_unexpected(
      failure{errc::operation_failed,
              "cannot connect: " + set->refusal()->to_string()});
  return self;
}

expected<void, failure> pg_connection::connect(time_point deadline) {
  auto* raw = raw_.get();
  if (!raw)
    throw std::bad_alloc{};
  // With the SQLSTATE of a server that does not want to talk.
  PQsetErrorVerbosity(raw, PQERRORS_VERBOSE);
  // Notices would go to standard error.
  PQsetNoticeReceiver(
    raw, [](void*, const PGresult*) {}, nullptr);
  auto next = PQstatus(raw) == CONNECTION_BAD ? PGRES_POLLING_FAILED
                                              : PGRES_POLLING_WRITING;
  while (next != PGRES_POLLING_OK) {
    if (next == PGRES_POLLING_FAILED)
      return make_unexpected(lost("cannot connect"));
    const short wanted = next == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    // The socket may be another one each time.
    if (!detail::wait_for(PQsocket(raw), wanted, deadline))
      return make_unexpected(
        failure{errc::timeout,
                "no connection within " + in_ms(options_.connect_timeout)});
    next = PQconnectPoll(raw);
  }
  if (PQsetnonblocking(raw, 1) != 0)
    return make_unexpected(lost("cannot connect"));
  return {};
}

expected<pg_rows, failure>
pg_connection::run(const std::string& sql,
                   const std::vector<pg_param>& params) {
  const auto deadline
    = clock::now() + options_.statement_timeout + options_.statement_grace;
  auto answer = send(sql, params, deadline)
                  .and_then([&] { return receive(deadline); })
                  .and_then([&](result_ptr&& got) { return judge(*got); });
  broken_ = broken_ || !answer;
  return answer;
}

expected<void, failure> pg_connection::send(const std::string& sql,
                                            const std::vector<pg_param>& params,
                                            time_point deadline) {
  std::vector<const char*> values;
  for (const auto& each : params)
    values.push_back(each.text() ? each.text()->c_str() : nullptr);
  auto* raw = raw_.get();
  if (!PQsendQueryParams(raw, sql.c_str(), static_cast<int>(values.size()),
                         nullptr, values.data(), nullptr, nullptr, 0))
    return make_unexpected(lost("cannot send"));
  detail::piecewise_deadline limit{deadline};
  for (;;) {
    const int left = PQflush(raw);
    if (left < 0)
      return make_unexpected(lost("cannot send"));
    if (left == 0)
      return {};
    // A server that has much to say reads no further before it has said it.
    if (!limit.await(PQsocket(raw), POLLIN | POLLOUT))
      return make_unexpected(
        failure{errc::timeout, "the server takes no statement"});
    if (detail::has_news(PQsocket(raw)) && !PQconsumeInput(raw))
      return make_unexpected(lost("connection lost"));
  }
}

expected<pg_connection::result_ptr, failure>
pg_connection::receive(time_point deadline) {
  auto* raw = raw_.get();
  detail::piecewise_deadline limit{deadline};
  result_ptr first;
  for (;;) {
    while (PQisBusy(raw)) {
      if (!limit.await(PQsocket(raw), POLLIN))
        return make_unexpected(failure{
          errc::timeout,
          "no answer within "
            + in_ms(options_.statement_timeout + options_.statement_grace)});
      // An error may come after what the server still had to say.
      if (!PQconsumeInput(raw) && PQisBusy(raw))
        return make_unexpected(lost("connection lost"));
    }
    result_ptr next{PQgetResult(raw)};
    if (!next)
      break;
    const auto kind = PQresultStatus(next.get());
    if (!first)
      first = std::move(next);
    // What would follow is data, and for a copy in the server waits for ours.
    if (kind == PGRES_COPY_IN || kind == PGRES_COPY_OUT
        || kind == PGRES_COPY_BOTH) {
      broken_ = true;
      break;
    }
  }
  if (!first)
    return make_unexpected(lost("connection lost"));
  return first;
}

expected<pg_rows, failure> pg_connection::judge(const PGresult& result) {
  switch (PQresultStatus(&result)) {
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
    case PGRES_EMPTY_QUERY:
      return pg::rows_of(result);
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH:
      return pg_rows{pg_error{"0A000", "copy is not supported here", {}, {}}};
    default:
      break;
  }
  auto why = pg::error_of(result);
  const auto code = pg::failure_of(why.sqlstate, read_only());
  if (!code)
    return pg_rows{std::move(why)};
  if (why.sqlstate.empty())
    return make_unexpected(lost("connection lost"));
  return make_unexpected(failure{*code, why.to_string()});
}

bool pg_connection::quiet() const {
  return !broken() && !detail::has_news(PQsocket(raw_.get()));
}

bool pg_connection::read_only() const {
  // Servers report both, and changes of them.
  for (auto name : {"in_hot_standby", "default_transaction_read_only"}) {
    const auto* value = PQparameterStatus(raw_.get(), name);
    if (value && std::string_view{value} == "on")
      return true;
  }
  return false;
}

failure pg_connection::lost(const std::string& doing) const {
  return {errc::operation_failed,
          doing + ": " + first_line(PQerrorMessage(raw_.get()))};
}

} // namespace switchgear
