#pragma once

#include <memory>
#include <string>

#include "options.hpp"
#include "switchgear/admin.hpp"

namespace demo {

/// The admin server and what opens its page, or nothing.
struct dashboard {
  std::unique_ptr<switchgear::admin_server> server;
  /// With the token in its fragment, which browsers keep to themselves, if it
  /// was made here: who gave another one knows it.
  std::string url;
};

/// Serves the dashboard if it shall be served.
/// @throws usage_error if that cannot be
dashboard open_dashboard(const options& chosen, switchgear::runtime& system);

} // namespace demo
