#include "access.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <utility>

#include "../http/listening_socket.hpp"
#include "../log.hpp"
#include "switchgear/runtime.hpp"

namespace switchgear::admin {

namespace {

constexpr auto variable = "SWITCHGEAR_ADMIN_TOKEN";
constexpr auto allowed_token
  = "16 to 255 letters, digits and -._~+/=, of which nobody can guess many";
constexpr std::size_t longest_token = 255;

bool is_token(std::string_view text) {
  return text.size() >= 16 && text.size() <= longest_token
         && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "abcdefghijklmnopqrstuvwxyz"
                                   "0123456789-._~+/=")
              == text.npos;
}

[[noreturn]] void refuse(config_error why) {
  throw setup_error{errc::invalid_config, "admin: " + why.to_string()};
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == text.npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string lower(std::string_view text) {
  std::string result{text};
  for (auto& c : result)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return result;
}

/// The host of `HOST`, `HOST:PORT` or `[HOST]:PORT`, in small letters.
std::string host_of(std::string_view authority) {
  if (authority.starts_with('['))
    return lower(authority.substr(1, authority.find(']') - 1));
  return lower(authority.substr(0, authority.find(':')));
}

refusal forbidden(std::string message) {
  return {403, "forbidden", std::move(message)};
}

} // namespace

refusal refusal_of(const failure& why) {
  if (why == errc::not_found)
    return {404, {}, why.message()};
  return {503, {}, why.to_string()};
}

refusal refusal_of(std::vector<config_error> errors) {
  auto text = explain(errors);
  return {400, "invalid_config", std::move(text), std::move(errors)};
}

bool same_secret(std::string_view x, std::string_view y) noexcept {
  volatile unsigned difference = x.size() == y.size() ? 0 : 1;
  for (std::size_t i = 0; i < longest_token; ++i) {
    const auto a = i < x.size() ? static_cast<unsigned char>(x[i]) : 0U;
    const auto b = i < y.size() ? static_cast<unsigned char>(y[i]) : 0U;
    difference = difference | (a ^ b);
  }
  return difference == 0 && x.size() <= longest_token;
}

void wrong_token_log::note(const std::string& peer) {
  std::lock_guard guard{mutex_};
  const auto now = clock::now();
  if (now < next_) {
    ++untold_;
    return;
  }
  next_ = now + interval;
  const auto others = std::exchange(untold_, 0);
  log::warn("admin: a wrong token came from " + peer
            + (others == 0 ? ""
                           : ", and " + std::to_string(others)
                               + " more before, of which nothing was said"));
}

access::access(const admin_options& options) : hosts_(options.hosts) {
  if (!options.token.empty())
    add_token("operator", options.token, "token");
  if (!options.token_file.empty())
    read_tokens(options.token_file);
  const auto* value = std::getenv(variable);
  if (tokens_.empty() && value && *value != '\0')
    add_token("operator", value, variable);
  if (tokens_.empty() && !http::is_loopback(options.address))
    refuse({"address", '"' + options.address + '"',
            "a loopback address, for there is no token: set token, token_file "
            "or "
              + std::string{variable}});
}

void access::add_token(std::string who, std::string secret,
                       const std::string& field) {
  if (!is_token(secret)) // which is not for logs
    refuse({field, "one of " + std::to_string(secret.size()) + " bytes",
            allowed_token});
  tokens_.push_back({std::move(who), std::move(secret)});
}

void access::read_tokens(const std::string& file) {
  std::ifstream in{file};
  if (!in)
    refuse(
      {"token_file", '"' + file + '"',
       std::string{"a file that can be read ("} + std::strerror(errno) + ")"});
  struct stat info {};
  if (stat(file.c_str(), &info) == 0 && (info.st_mode & (S_IRGRP | S_IROTH)))
    log::warn("admin: others than its owner can read the tokens in " + file);
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    line = trimmed(line);
    if (line.empty() || line.starts_with('#'))
      continue;
    const auto colon = line.find(':');
    auto who = colon == line.npos ? "operator" : trimmed(line.substr(0, colon));
    auto secret = colon == line.npos ? line : trimmed(line.substr(colon + 1));
    const auto field = "token_file, line " + std::to_string(number);
    if (who.empty())
      refuse({field, "a token of nobody", "NAME: TOKEN or TOKEN"});
    add_token(std::move(who), std::move(secret), field);
  }
  if (tokens_.empty())
    refuse({"token_file", '"' + file + '"', "a file with a token in it"});
}

std::optional<refusal> access::check_host(const http::request& asked) const {
  const auto authority = asked.header("Host");
  const auto host = host_of(authority);
  if (authority.empty() || host == "localhost" || http::is_address(host)
      || std::ranges::find(hosts_, host, lower) != hosts_.end())
    return std::nullopt;
  return forbidden("the host name '" + host
                   + "' is not among those that this server goes by; it can be "
                     "added to the option hosts");
}

std::optional<refusal> access::check_origin(const http::request& asked) const {
  const auto site = asked.header("Sec-Fetch-Site");
  if (!site.empty() && site != "same-origin" && site != "none")
    return forbidden("pages of other origins may not change anything "
                     "(Sec-Fetch-Site: "
                     + site + ")");
  const auto origin = asked.header("Origin");
  const auto host = asked.header("Host");
  if (!origin.empty() && origin != "http://" + host
      && origin != "https://" + host)
    return forbidden("pages of other origins may not change anything (Origin: "
                     + origin + ")");
  return std::nullopt;
}

expected<std::string, refusal>
access::authorize(const http::request& asked) const {
  if (auto elsewhere = check_origin(asked))
    return make_unexpected(std::move(*elsewhere));
  if (!writable())
    return make_unexpected(
      refusal{403, "read_only",
              "nothing can be changed, for no token is set: token, token_file "
              "or the environment variable "
                + std::string{variable}});
  const auto header = asked.header("Authorization");
  constexpr std::string_view scheme = "Bearer ";
  if (!header.starts_with(scheme))
    return make_unexpected(
      refusal{401, "unauthorized",
              "changes need a token: Authorization: Bearer TOKEN"});
  const auto given = std::string_view{header}.substr(scheme.size());
  const token* whose = nullptr;
  for (const auto& each : tokens_)
    if (same_secret(given, each.secret))
      whose = &each;
  if (!whose) {
    wrong_tokens_.note(asked.peer);
    return make_unexpected(refusal{401, "unauthorized", "the token is wrong"});
  }
  return whose->who;
}

} // namespace switchgear::admin
