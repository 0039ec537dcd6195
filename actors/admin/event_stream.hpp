#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "../http/message.hpp"
#include "journal.hpp"

namespace switchgear::admin {

/// The journal as server-sent events, for one client.
class event_stream final : public http::event_source {
public:
  /// @param instance what the numbers belong to
  /// @param after the number that the client has read last
  event_stream(std::shared_ptr<const journal> from, std::string instance,
               std::uint64_t after, journal::filter wanted);

  std::string next(time_point now, std::size_t most) override;

private:
  std::string greeting() const;

  const std::shared_ptr<const journal> journal_;
  const std::string instance_;
  std::uint64_t after_;
  const journal::filter wanted_;
  bool greeted_ = false;
  time_point last_word_{};
};

} // namespace switchgear::admin
