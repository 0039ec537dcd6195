#pragma once

#include "connection.hpp"
#include "switchgear/integrations/detail/connection_pool.hpp"

namespace switchgear {

/// The client's connections.
class postgresql_client::pool {
public:
  using place = detail::connection_pool<pg_connection>::place;

  explicit pool(postgresql_options options)
    : options_(std::move(options)),
      places_(options_.connections) {
    // nop
  }

  /// An open connection, one that is there already if it can be.
  expected<place, failure> enter();

private:
  const postgresql_options options_;
  detail::connection_pool<pg_connection> places_;
};

} // namespace switchgear
