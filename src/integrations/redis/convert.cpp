#include "convert.hpp"

namespace switchgear::redis {

redis_reply to_reply(const redisReply& raw) {
  using kind = redis_reply::kind;
  const auto with_text = [&](kind type) {
    return redis_reply{.type = type, .text = std::string(raw.str, raw.len)};
  };
  switch (raw.type) {
    case REDIS_REPLY_STATUS:
      return with_text(kind::status);
    case REDIS_REPLY_ERROR:
      return with_text(kind::error);
    case REDIS_REPLY_STRING:
      return with_text(kind::string);
    case REDIS_REPLY_INTEGER:
      return {.type = kind::integer, .integer = raw.integer};
    case REDIS_REPLY_ARRAY: {
      redis_reply result{.type = kind::array};
      for (std::size_t i = 0; i < raw.elements; ++i)
        result.elements.push_back(to_reply(*raw.element[i]));
      return result;
    }
    default:
      return {};
  }
}

} // namespace switchgear::redis
