#include <stdexcept>

#include "classify.hpp"
#include "connection.hpp"
#include "switchgear/integrations/detail/connection_pool.hpp"
#include "switchgear/integrations/detail/option_checker.hpp"

namespace switchgear {

/// The client's connections.
class redis_client::pool {
public:
  explicit pool(redis_options options)
    : options_(std::move(options)),
      places_(options_.connections) {
    // nop
  }

  expected<redis_reply, failure> run(const std::vector<std::string>& words) {
    auto at = places_.enter(options_.pool_timeout);
    if (!at)
      return make_unexpected(failure{
        errc::bulkhead_full, "all " + std::to_string(options_.connections)
                               + " connections are in use"});
    if (!at->connection) {
      auto opened = redis_connection::open(options_);
      if (!opened)
        return make_unexpected(std::move(opened.error()));
      at->connection = std::move(*opened);
    }
    auto answer = at->connection->run(words);
    if (answer && !redis::binds_connection(words.front()))
      at->keep();
    return answer;
  }

private:
  const redis_options options_;
  detail::connection_pool<redis_connection> places_;
};

redis_client::redis_client(switchgear::breaker through, redis_options options)
  : breaker_(std::move(through)),
    pool_(std::make_unique<pool>(detail::checked(std::move(options)))) {
  // nop
}

redis_client::~redis_client() = default;

expected<redis_reply, failure>
redis_client::command(const std::vector<std::string>& words) {
  // A mistake of the caller's, which no server is to blame for.
  if (words.empty())
    return redis_reply{.type = redis_reply::kind::error,
                       .text = "ERR a command has one word at least"};
  return breaker_.call([&] { return pool_->run(words); });
}

expected<std::string, failure> redis_client::get_or(const std::string& key,
                                                    const loader_function& load,
                                                    duration expiry) {
  auto cached = command({"GET", key});
  if (cached && cached->type == redis_reply::kind::string)
    return std::move(cached->text);
  auto loaded = switchgear::detail::run(load);
  // Meanwhile the breaker may have opened, or the probe that asked for the
  // value may have been the last one that is out: then this is rejected.
  if (loaded && cached && cached->is_nil() && expiry >= duration::zero()) {
    std::vector<std::string> words{"SET", key, *loaded};
    const auto ms
      = std::chrono::ceil<std::chrono::milliseconds>(expiry).count();
    if (ms > 0)
      words.insert(words.end(), {"PX", std::to_string(ms)});
    (void)command(words);
  }
  return loaded;
}

} // namespace switchgear
