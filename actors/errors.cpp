#include "switchgear/actor/errors.hpp"

#include <caf/exit_reason.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>

#include "switchgear/actor/type_ids.hpp"

namespace switchgear::actor {

caf::error to_error(const failure& why) {
  return caf::make_error(why.code(), why.message(), why.retry_after());
}

failure to_failure(const caf::error& why) {
  if (why.category() == caf::type_id_v<errc>) {
    const auto code = static_cast<errc>(why.code());
    const auto context = why.context();
    if (!context.match_elements<std::string, duration>())
      return failure{code};
    return failure::retry_later(code, context.get_as<std::string>(0),
                                context.get_as<duration>(1));
  }
  if (why == caf::sec::request_timeout)
    return failure{errc::timeout, "no answer in time"};
  return failure{errc::unavailable, to_string(why)};
}

} // namespace switchgear::actor
