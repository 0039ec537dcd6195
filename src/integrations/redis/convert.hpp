#pragma once

#include <hiredis/hiredis.h>

#include "switchgear/integrations/redis/reply.hpp"

namespace switchgear::redis {

/// The library's reply as one of ours.
redis_reply to_reply(const redisReply& raw);

} // namespace switchgear::redis
