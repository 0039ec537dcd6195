#pragma once

#include <libpq-fe.h>

#include "switchgear/integrations/postgresql/rows.hpp"

namespace switchgear::pg {

/// The rows of an answer that has some, or none.
pg_rows rows_of(const PGresult& result);

/// What an answer that is an error says.
pg_error error_of(const PGresult& result);

} // namespace switchgear::pg
