#pragma once

#include <string>
#include <string_view>

#include "switchgear/integrations/notifications.hpp"

/// Mails as they travel.
namespace switchgear::mail {

/// Whether it is one plain address: no name, no comment, no blank.
bool is_address(std::string_view text) noexcept;

/// Whether it is UTF-8.
bool is_utf8(std::string_view text) noexcept;

/// Headers and body, with the ends of lines that SMTP wants.
std::string compose(const notification& what, const mail_options& options);

} // namespace switchgear::mail
