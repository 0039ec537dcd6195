#pragma once

#include <string>
#include <vector>

#include "switchgear/breaker/config.hpp"
#include "switchgear/failure.hpp"

/// What protected routes say; nothing here knows the server.
namespace switchgear::http_server {

/// What is wrong with that setting, if anything.
std::vector<config_error> check(duration least_retry_after);

/// @throws setup_error if anything is wrong
void refuse(const std::vector<config_error>& wrong);

/// For a header: whole seconds, rounded up, `least` at least.
std::string retry_after(const failure& why, duration least);

/// Why a request was turned away, as `application/problem+json`. Says nothing
/// of what the breaker protects.
std::string problem(const failure& why);

/// The failure of a handler that has answered so.
/// @param retry_after the header, in seconds; what is none says nothing
failure bad_status(int status, const std::string& retry_after);

} // namespace switchgear::http_server
