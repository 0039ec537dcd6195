#include "http_client.hpp"

#include <cerrno>
#include <memory>
#include <stdexcept>

#include <curl/curl.h>

namespace demo {

namespace {

// Answers of the demo's services have a few bytes.
constexpr std::size_t max_body = 64 * 1024;

std::size_t append(char* data, std::size_t, std::size_t size, void* target) {
  auto& body = *static_cast<std::string*>(target);
  if (body.size() + size > max_body)
    return 0; // ends the transfer with an error
  body.append(data, size);
  return size;
}

/// libcurl's own words name hosts and milliseconds at length; these fit into a
/// line of a table.
std::string describe(CURL* curl, CURLcode code,
                     std::chrono::milliseconds timeout) {
  long system_error = 0;
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return "no answer within " + std::to_string(timeout.count()) + " ms";
    case CURLE_COULDNT_CONNECT:
      curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &system_error);
      return system_error == ECONNREFUSED ? "connection refused"
                                          : "no connection";
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE:
      return "connection lost";
    default:
      return curl_easy_strerror(code);
  }
}

} // namespace

http_library::http_library() {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    throw std::runtime_error{"libcurl does not start"};
}

http_library::~http_library() {
  curl_global_cleanup();
}

switchgear::expected<std::string, std::string>
http_get(const std::string& url, std::chrono::milliseconds timeout) {
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle{curl_easy_init(),
                                                             curl_easy_cleanup};
  if (!handle)
    return switchgear::make_unexpected(std::string{"no handle left"});
  auto* curl = handle.get();
  std::string body;
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  // Timeouts by SIGALRM would hit any thread.
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
                   static_cast<long>(timeout.count()));
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
  if (auto code = curl_easy_perform(curl); code != CURLE_OK)
    return switchgear::make_unexpected(describe(curl, code, timeout));
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  if (status >= 400)
    return switchgear::make_unexpected("HTTP " + std::to_string(status));
  while (!body.empty() && body.back() == '\n')
    body.pop_back();
  return body;
}

} // namespace demo
