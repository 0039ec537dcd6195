#pragma once

#include <string>

#include <caf/type_id.hpp>

#include "switchgear/actor/type_ids.hpp"

namespace switchgear::test {

/// A type of a user's own, as the result of a call.
struct page {
  int status = 0;
  std::string body;

  friend bool operator==(const page&, const page&) = default;
};

template <class Inspector>
bool inspect(Inspector& f, page& x) {
  return f.object(x).fields(f.field("status", x.status),
                            f.field("body", x.body));
}

} // namespace switchgear::test

CAF_BEGIN_TYPE_ID_BLOCK(actor_tests, caf::id_block::switchgear::end)

  CAF_ADD_TYPE_ID(actor_tests, (switchgear::test::page))

CAF_END_TYPE_ID_BLOCK(actor_tests)
