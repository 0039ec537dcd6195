#include "answer.hpp"

#include <charconv>
#include <cstring>

namespace switchgear::pg {

namespace {

std::string field(const PGresult& result, int which) {
  const auto* text = PQresultErrorField(&result, which);
  return text ? text : "";
}

} // namespace

pg_rows rows_of(const PGresult& result) {
  const int width = PQnfields(&result);
  std::vector<std::string> columns;
  for (int i = 0; i < width; ++i)
    columns.emplace_back(PQfname(&result, i));
  std::vector<pg_rows::row> rows(static_cast<std::size_t>(PQntuples(&result)));
  for (int i = 0; auto& row : rows) {
    row.resize(columns.size());
    for (int k = 0; k < width; ++k)
      if (!PQgetisnull(&result, i, k))
        row[static_cast<std::size_t>(k)].emplace(
          PQgetvalue(&result, i, k),
          static_cast<std::size_t>(PQgetlength(&result, i, k)));
    ++i;
  }
  // No number in it, as after `begin`, leaves zero. libpq forgot a const.
  std::uint64_t affected = 0;
  const char* text = PQcmdTuples(const_cast<PGresult*>(&result));
  std::from_chars(text, text + std::strlen(text), affected);
  return {std::move(columns), std::move(rows), affected};
}

pg_error error_of(const PGresult& result) {
  return {field(result, PG_DIAG_SQLSTATE),
          field(result, PG_DIAG_MESSAGE_PRIMARY),
          field(result, PG_DIAG_MESSAGE_DETAIL),
          field(result, PG_DIAG_CONSTRAINT_NAME)};
}

} // namespace switchgear::pg
