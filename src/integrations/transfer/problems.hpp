#pragma once

#include <exception>
#include <string>

#include <curl/curl.h>

#include "switchgear/integrations/http.hpp"

namespace switchgear::transfer {

/// What an error of libcurl's comes down to.
http_problem problem_of(CURLcode code) noexcept;

/// In a few words, without names of hosts.
std::string describe(CURL* easy, CURLcode code);

/// For how long an answer asks to be left alone: `Retry-After`, in seconds or
/// as a date, which is compared with the answer's own `Date` if it has one.
/// @returns zero if it does not, and at most `most`
duration retry_after(const http_headers& in, duration most);

/// The failure that tells of `error`.
template <class Error>
failure failure_of(Error error, duration most_retry_after) {
  const auto code = error.problem() == http_problem::timeout
                      ? errc::timeout
                      : errc::operation_failed;
  const auto wait = retry_after(error.response().headers, most_retry_after);
  std::string text = error.what();
  return failure::retry_later(code, std::move(text), wait,
                              std::make_exception_ptr(std::move(error)));
}

} // namespace switchgear::transfer
