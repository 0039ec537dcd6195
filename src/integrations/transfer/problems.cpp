#include "transfer/problems.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <ctime>

namespace switchgear::transfer {

http_problem problem_of(CURLcode code) noexcept {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return http_problem::resolve;
    case CURLE_COULDNT_CONNECT:
    case CURLE_INTERFACE_FAILED:
      return http_problem::connect;
    case CURLE_OPERATION_TIMEDOUT:
      return http_problem::timeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CIPHER:
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_SHUTDOWN_FAILED:
      return http_problem::tls;
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
      return http_problem::lost;
    case CURLE_PARTIAL_FILE:
      return http_problem::partial_body;
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
      return http_problem::local;
    default:
      return http_problem::protocol;
  }
}

std::string describe(CURL* easy, CURLcode code) {
  long system_error = 0;
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return "no answer in time";
    case CURLE_COULDNT_CONNECT:
      curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &system_error);
      return system_error == ECONNREFUSED ? "connection refused"
                                          : "no connection";
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      return "connection lost";
    case CURLE_PARTIAL_FILE:
      return "connection lost within the answer";
    default:
      return curl_easy_strerror(code);
  }
}

duration retry_after(const http_headers& in, duration most) {
  using std::chrono::seconds;
  const auto text = find_header(in, "Retry-After");
  if (!text || text->empty())
    return {};
  const auto limit = std::chrono::floor<seconds>(most).count();
  seconds::rep wait = 0;
  if (text->find_first_not_of("0123456789") == text->npos) {
    const auto* end = text->data() + text->size();
    if (std::from_chars(text->data(), end, wait).ec != std::errc{})
      wait = limit; // more than fits into a number
  } else {
    const auto until = curl_getdate(std::string{*text}.c_str(), nullptr);
    if (until < 0)
      return {};
    // The tool's clock need not be ours.
    auto now = std::time(nullptr);
    if (const auto date = find_header(in, "Date")) {
      const auto theirs = curl_getdate(std::string{*date}.c_str(), nullptr);
      now = theirs < 0 ? now : theirs;
    }
    wait = until - now;
  }
  return seconds{std::clamp<seconds::rep>(wait, 0, limit)};
}

} // namespace switchgear::transfer
