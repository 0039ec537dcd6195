#include <string>
#include <utility>

#include "switchgear/policy/context.hpp"
#include "switchgear/policy/fallback.hpp"

namespace switchgear::policy::detail {

failure cancelled_by(failure why) {
  if (why == errc::cancelled)
    return why;
  return {errc::cancelled, "told to stop: " + why.to_string(), why.cause()};
}

failure with_note(const failure& original, const failure& of_fallback) {
  return original.with_message(original.message()
                               + (original.message().empty() ? "" : "; ")
                               + "fallback: " + of_fallback.to_string());
}

} // namespace switchgear::policy::detail
