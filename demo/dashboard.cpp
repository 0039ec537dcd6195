#include "dashboard.hpp"

#include <cstdlib>
#include <random>

#include "switchgear/runtime.hpp"

namespace demo {

namespace {

using switchgear::admin_options;
using switchgear::admin_server;
using switchgear::setup_error;

/// 128 bits.
std::string random_token() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::random_device device;
  std::uniform_int_distribution<std::size_t> any{0, digits.size() - 1};
  std::string result;
  for (int i = 0; i < 32; ++i)
    result += digits[any(device)];
  return result;
}

bool has_token(const admin_options& how) {
  const auto* value = std::getenv("SWITCHGEAR_ADMIN_TOKEN");
  return !how.token_file.empty() || (value != nullptr && *value != '\0');
}

/// Whether nobody else can reach it.
bool is_private(const std::string& address) {
  return address.starts_with("127.") || address == "::1";
}

std::unique_ptr<admin_server> serve(switchgear::runtime& system,
                                    admin_options how, bool anywhere) {
  if (anywhere)
    try {
      return std::make_unique<admin_server>(system, how);
    } catch (const setup_error&) {
      how.port = 0; // the usual one is taken, or this fails as well
    }
  return std::make_unique<admin_server>(system, std::move(how));
}

} // namespace

dashboard open_dashboard(const options& chosen, switchgear::runtime& system) {
  dashboard result;
  if (!chosen.wants_admin())
    return result;
  auto how = chosen.admin_place.value_or(admin_options{});
  how.title = "switchgear demo";
  how.token_file = chosen.admin_token_file;
  // One that all who can read this terminal's output know is not for networks.
  if (!has_token(how) && is_private(how.address))
    how.token = random_token();
  try {
    result.server = serve(system, how, !chosen.admin_place);
  } catch (const setup_error& error) {
    throw usage_error{error.what()};
  }
  result.url = result.server->url();
  if (!how.token.empty())
    result.url += "#token=" + how.token;
  return result;
}

} // namespace demo
