#include "switchgear/integrations/postgresql.hpp"

#include <libpq-fe.h>

#include <memory>

#include "switchgear/integrations/detail/option_checker.hpp"

namespace switchgear {

namespace {

/// What libpq has against a connection string; empty if nothing. What it quotes
/// is left out: it may be a password, or have one in it.
std::string complaint_about(const std::string& connection) {
  char* message = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parsed{
    PQconninfoParse(connection.c_str(), &message), PQconninfoFree};
  const std::unique_ptr<char, decltype(&PQfreemem)> owned{message, PQfreemem};
  if (parsed)
    return {};
  std::string text = owned ? owned.get() : "out of memory";
  text.erase(text.find_last_not_of('\n') + 1);
  if (const auto first = text.find('"'); first != text.npos)
    text.replace(first, text.rfind('"') + 1 - first, "...");
  return text;
}

} // namespace

std::vector<config_error> validate(const postgresql_options& options) {
  using namespace std::chrono_literals;
  detail::option_checker c;
  // The value is not repeated: there may be a password in it.
  if (const auto bad = complaint_about(options.connection); !bad.empty())
    c.require(false, "connection", "(hidden)",
              "what libpq understands; it says: " + bad);
  c.number<std::size_t>("connections", options.connections, 1, 1000);
  c.time("pool_timeout", options.pool_timeout, 0ms, 1h, "0 to 1 h");
  c.time("connect_timeout", options.connect_timeout, 1ms, 1h, "1 ms to 1 h");
  c.time("statement_timeout", options.statement_timeout, 1ms, 24h,
         "1 ms to 24 h");
  c.time("statement_grace", options.statement_grace, 0ms, 1h, "0 to 1 h");
  return std::move(c.errors);
}

} // namespace switchgear
