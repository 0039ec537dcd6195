#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../http/server.hpp"
#include "../shared_work.hpp"
#include "../telemetry/metrics_page.hpp"
#include "access.hpp"
#include "controls.hpp"
#include "history.hpp"
#include "journal.hpp"
#include "json.hpp"
#include "switchgear/admin.hpp"
#include "switchgear/runtime.hpp"

namespace switchgear::admin {

/// What an admin server knows and does; outlives the actors that serve, one
/// after the other.
/// @note Thread-safe.
class desk {
public:
  /// @throws setup_error if options are not allowed, a token cannot be read, or
  ///         the port is in use
  desk(runtime& of, admin_options options);

  const admin_options& options() const noexcept {
    return options_;
  }

  std::uint16_t port() const noexcept {
    return port_;
  }

  bool writable() const noexcept {
    return access_.writable();
  }

  controls& extras() noexcept {
    return controls_;
  }

  // -- the actor --------------------------------------------------------------

  /// Serves from now on.
  void open(std::function<void(const std::string& why)> fault);

  enum class ending {
    orderly, ///< Who has asked is answered.
    death,   ///< A successor waits, and so do clients: whoever is not answered
             ///< in a moment is left.
  };

  /// Serves no more, until it is opened again.
  void close(ending how);

  /// Nobody will serve any more: gives the port back.
  void retire();

  /// Takes a sample of all breakers. Asks actors.
  void look();

  // -- the sink ---------------------------------------------------------------

  void note(const telemetry::event& what);

  /// Tells those who follow that something has been noted.
  void tell_news();

private:
  using segments = std::vector<std::string>;

  /// One line of the table of what can be asked for.
  struct route;

  /// A request, and what stood for the parts in braces of its route.
  struct call {
    const http::request& asked;
    std::string name;
    /// Who asks, if he may change something.
    std::string who;
  };

  struct list_data {
    std::vector<statistics> breakers;
    std::vector<std::optional<sample>> latest;
  };

  static const std::vector<route>& routes();
  static http::response error(const refusal& why);
  static http::response say(const json& what, int status = 200);

  http::response answer(const http::request& asked);
  http::response dispatch(const http::request& asked);

  // Looking; each answers one route.
  http::response get_info(const call& what);
  http::response get_list(const call& what);
  http::response get_one(const call& what);
  http::response get_config(const call& what);
  http::response get_diagram(const call& what);
  http::response get_health(const call& what);
  http::response get_metrics(const call& what);
  http::response get_events(const call& what);
  http::response get_whoami(const call& what);

  // Changing.
  template <expected<void, failure> (breaker::*Action)() const>
  http::response act(const call& what);
  http::response put_config(const call& what);
  http::response reset_all(const call& what);
  http::response run_control(const call& what);

  /// What somebody wants to change.
  struct deed {
    std::string who;
    std::string peer;
    std::string action;
    std::string tool; ///< Empty: it is about none of them.
    std::string reason;
  };

  static deed deed_of(const call& what, std::string tool, std::string reason);

  /// Notes and logs what somebody has done, or was not let do.
  void audit(const deed& what, const std::string& text, bool done);

  json summary_of(const statistics& of) const;

  runtime& runtime_;
  const admin_options options_;
  const access access_;
  const std::string instance_;
  const time_point started_ = clock::now();
  const std::shared_ptr<journal> journal_;
  history history_;
  telemetry::metrics_page metrics_;
  shared_work<list_data> lists_;
  std::mutex config_mutex_; // reading, changing and writing back is one thing
  std::optional<http::listening_socket> socket_;
  const std::uint16_t port_;

  std::mutex service_mutex_;
  std::unique_ptr<http::server> service_;

  // After all that its jobs use.
  controls controls_;
};

} // namespace switchgear::admin
