#pragma once

#include <string_view>

#include "switchgear/integrations/redis/reply.hpp"

namespace switchgear::redis {

/// Whether an answer is an error that is the server's failure: it cannot do now
/// what it does at other times.
bool is_failure(const redis_reply& reply) noexcept;

/// Whether a command changes what others on the same connection mean.
/// @param word its name, in any case
bool binds_connection(std::string_view word);

} // namespace switchgear::redis
