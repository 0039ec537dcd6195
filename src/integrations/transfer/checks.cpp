#include <memory>

#include <curl/curl.h>

#include "transfer/http.hpp"
#include "transfer/text.hpp"

namespace switchgear::transfer {

namespace {

bool is_letter(char c) noexcept {
  return lower(c) >= 'a' && lower(c) <= 'z';
}

bool is_token(std::string_view text) noexcept {
  const auto fine = [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9')
           || std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), fine);
}

} // namespace

bool is_header(const http_header& what) noexcept {
  return is_token(what.name) && !has_control(what.value);
}

bool is_url(std::string_view text, std::string_view schemes) {
  if (text.find_first_of(" \t") != text.npos || has_control(text))
    return false;
  std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url{curl_url(),
                                                          curl_url_cleanup};
  char* scheme = nullptr;
  if (!url
      || curl_url_set(url.get(), CURLUPART_URL, std::string{text}.c_str(),
                      CURLU_NON_SUPPORT_SCHEME)
           != CURLUE_OK
      || curl_url_get(url.get(), CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK)
    return false;
  std::string name{scheme};
  curl_free(scheme);
  std::transform(name.begin(), name.end(), name.begin(), lower);
  return schemes.find(name + ',') != schemes.npos;
}

std::string shown(std::string_view url) {
  const auto colon = url.find("://");
  const auto host = colon == url.npos ? 0 : colon + 3;
  // In one that is not valid it may go on where the path should begin.
  const auto at = url.rfind('@');
  if (at == url.npos || at < host)
    return std::string{url};
  return std::string{url.substr(0, host)} + "..." + std::string{url.substr(at)};
}

std::string explain(const http_request& what) {
  if (what.method.empty()
      || !std::all_of(what.method.begin(), what.method.end(), is_letter))
    return "method = " + what.method + ": must be letters only";
  if (!is_url(what.url, "http,https,"))
    return "url = " + shown(what.url)
           + ": must be a URL that begins with http:// or https://";
  for (const auto& each : what.headers)
    if (!is_header(each))
      return "headers = " + each.name
             + ": must be names without blanks, and values in one line";
  const bool bare = what.method == "GET" || what.method == "HEAD";
  if (bare && !what.body.empty())
    return "body = " + std::to_string(what.body.size())
           + " bytes: must be empty with GET and HEAD";
  return {};
}

} // namespace switchgear::transfer
