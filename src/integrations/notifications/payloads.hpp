#pragma once

#include <string>

#include "switchgear/integrations/notifications.hpp"

/// What is posted, in JSON. Bytes that are no UTF-8 become U+FFFD.
namespace switchgear::payloads {

std::string webhook(const notification& what);
std::string slack(const notification& what);
std::string pagerduty(const notification& what,
                      const pagerduty_options& options);

} // namespace switchgear::payloads
