#include "switchgear/integrations/redis/reply.hpp"

namespace switchgear {

std::string_view to_string(redis_reply::kind value) noexcept {
  using kind = redis_reply::kind;
  switch (value) {
    case kind::nil:
      return "nil";
    case kind::status:
      return "status";
    case kind::string:
      return "string";
    case kind::integer:
      return "integer";
    case kind::array:
      return "array";
    case kind::error:
      return "error";
  }
  return "unknown";
}

} // namespace switchgear
