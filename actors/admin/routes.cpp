#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "desk.hpp"
#include "page.hpp"

/// What can be asked for, and who may.
namespace switchgear::admin {

namespace {

// Nothing of other origins runs in the page, whatever a tool's name or error
// text may contain, and no other page can show it.
constexpr auto content_security
  = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' "
    "data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'";

std::string_view code_of(int status) {
  switch (status) {
    case 401:
      return "unauthorized";
    case 403:
      return "forbidden";
    case 404:
      return "not_found";
    case 405:
      return "method_not_allowed";
    case 408:
      return "timeout";
    case 411:
      return "length_required";
    case 413:
      return "payload_too_large";
    case 414:
      return "uri_too_long";
    case 415:
      return "unsupported_media_type";
    case 416:
      return "range_not_satisfiable";
    case 431:
      return "header_too_large";
    case 500:
      return "internal";
    case 503:
      return "unavailable";
    default:
      return "bad_request";
  }
}

/// Whether `asked` is for what `pattern` says; what stands in its place for
/// `{tool}` is put into `name`, decoded. If nothing does, the query's `tool`
/// is: browsers take the names `.` and `..` away from paths.
bool matches(std::string_view pattern, const http::request& asked,
             std::string& name) {
  const std::string_view target = asked.target;
  const auto open = pattern.find('{');
  if (open == pattern.npos)
    return target == pattern;
  const auto close = pattern.find('}');
  const auto before = pattern.substr(0, open);
  const auto after = pattern.substr(close + 1);
  if (!target.starts_with(before) || !target.ends_with(after)
      || target.size() < before.size() + after.size())
    return false;
  const auto part
    = target.substr(open, target.size() - before.size() - after.size());
  if (part.empty()) {
    const auto key = std::string{pattern.substr(open + 1, close - open - 1)};
    const auto found = asked.query.find(key);
    if (found == asked.query.end())
      return false;
    name = found->second;
    return true;
  }
  // As sent: a slash that belongs to the name is `%2F`.
  if (part.find('/') != part.npos)
    return false;
  name = http::percent_decode(part);
  return true;
}

void add_security_headers(http::response& to) {
  to.headers.emplace_back("X-Content-Type-Options", "nosniff");
  to.headers.emplace_back("Referrer-Policy", "no-referrer");
  to.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  to.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  to.headers.emplace_back("Content-Security-Policy", content_security);
  const auto says_how_long = std::ranges::any_of(
    to.headers, [](const auto& each) { return each.first == "Cache-Control"; });
  if (!says_how_long)
    to.headers.emplace_back("Cache-Control", "no-store");
}

} // namespace

struct desk::route {
  std::string_view method;
  std::string_view pattern;
  http::response (desk::*handle)(const call&);
  bool changes = false;
};

const std::vector<desk::route>& desk::routes() {
  constexpr bool changes = true;
  static const std::vector<route> all{
    {"GET", "/health", &desk::get_health},
    {"GET", "/metrics", &desk::get_metrics},
    {"GET", "/api/info", &desk::get_info},
    {"GET", "/api/circuit_breakers", &desk::get_list},
    {"GET", "/api/circuit_breakers/{tool}", &desk::get_one},
    {"GET", "/api/circuit_breakers/{tool}/config", &desk::get_config},
    {"GET", "/api/circuit_breakers/{tool}/diagram", &desk::get_diagram},
    {"GET", "/api/events", &desk::get_events},
    {"GET", "/api/whoami", &desk::get_whoami, changes},
    {"POST", "/api/circuit_breakers/{tool}/reset", &desk::act<&breaker::reset>,
     changes},
    {"POST", "/api/circuit_breakers/{tool}/force_open",
     &desk::act<&breaker::force_open>, changes},
    {"POST", "/api/circuit_breakers/{tool}/isolate",
     &desk::act<&breaker::isolate>, changes},
    {"POST", "/api/circuit_breakers/{tool}/force_closed",
     &desk::act<&breaker::force_closed>, changes},
    {"POST", "/api/circuit_breakers/{tool}/disable",
     &desk::act<&breaker::disable>, changes},
    {"POST", "/api/circuit_breakers/{tool}/metrics_only",
     &desk::act<&breaker::metrics_only>, changes},
    {"POST", "/api/circuit_breakers/{tool}/auto",
     &desk::act<&breaker::automatic>, changes},
    {"PUT", "/api/circuit_breakers/{tool}/config", &desk::put_config, changes},
    {"POST", "/api/reset_all", &desk::reset_all, changes},
    {"POST", "/api/controls/{control}", &desk::run_control, changes},
  };
  return all;
}

http::response desk::say(const json& what, int status) {
  http::response result;
  result.status = status;
  result.body = dump(what) + '\n';
  result.content_type = "application/json; charset=utf-8";
  return result;
}

http::response desk::error(const refusal& why) {
  json body{{"code", why.code.empty() ? code_of(why.status) : why.code},
            {"message", why.message}};
  if (!why.details.empty()) {
    auto& details = body["details"] = json::array();
    for (const auto& each : why.details)
      details.push_back({{"field", each.field},
                         {"value", each.value},
                         {"allowed", each.allowed}});
  }
  auto result = say({{"error", std::move(body)}}, why.status);
  if (why.status == 401)
    result.headers.emplace_back("WWW-Authenticate", "Bearer");
  if (why.status == 503)
    result.headers.emplace_back("Retry-After", "1");
  add_security_headers(result);
  return result;
}

http::response desk::answer(const http::request& asked) {
  // Machines that watch are told by any name.
  if (asked.target != "/health" && asked.target != "/metrics")
    if (auto stranger = access_.check_host(asked))
      return error(*stranger);
  auto result = dispatch(asked);
  if (result.status < 400)
    add_security_headers(result);
  return result;
}

http::response desk::dispatch(const http::request& asked) {
  const auto method = asked.method == "HEAD" ? "GET" : asked.method;
  if (method == "GET")
    if (auto found = find_page(asked))
      return std::move(*found);
  std::string allowed = method != "GET" && find_page(asked) ? "GET" : "";
  for (const auto& each : routes()) {
    call what{asked, {}, {}};
    if (!matches(each.pattern, asked, what.name))
      continue;
    if (each.method != method) {
      allowed += (allowed.empty() ? "" : ", ") + std::string{each.method};
      continue;
    }
    if (each.changes) {
      auto who = access_.authorize(asked);
      if (!who)
        return error(who.error());
      what.who = std::move(*who);
      if (!asked.body.empty()
          && !asked.header("Content-Type").starts_with("application/json"))
        return error({415, {}, "the body must be application/json"});
    }
    return (this->*each.handle)(what);
  }
  if (allowed.empty())
    return error({404, {}, "there is nothing at " + asked.target});
  auto result
    = error({405, {}, asked.target + " can only be asked with " + allowed});
  result.headers.emplace_back("Allow",
                              allowed == "GET" ? "GET, HEAD" : allowed);
  return result;
}

} // namespace switchgear::admin
