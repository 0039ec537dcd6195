#include "page.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

namespace switchgear::admin {

namespace {

constexpr std::array<std::pair<std::string_view, const char*>, 5> types{{
  {".html", "text/html; charset=utf-8"},
  {".js", "text/javascript; charset=utf-8"},
  {".css", "text/css; charset=utf-8"},
  {".svg", "image/svg+xml"},
  {".json", "application/json; charset=utf-8"},
}};

const char* type_of(std::string_view name) {
  for (const auto& [ending, type] : types)
    if (name.ends_with(ending))
      return type;
  return "application/octet-stream";
}

/// Tells one build's file from another's (FNV-1a).
std::string tag_of(std::string_view content) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const auto c : content)
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  std::array<char, 24> text;
  std::snprintf(text.data(), text.size(), "\"%016llx\"",
                static_cast<unsigned long long>(hash));
  return text.data();
}

std::string_view name_of(std::string_view target) {
  constexpr std::string_view assets = "/assets/";
  if (target == "/")
    return "index.html";
  if (target == "/favicon.ico")
    return "icon.svg";
  if (target == "/api/openapi.json")
    return "openapi.json";
  if (target.starts_with(assets))
    return target.substr(assets.size());
  return {};
}

} // namespace

std::optional<http::response> find_page(const http::request& asked) {
  const auto name = name_of(asked.target);
  const auto files = page_files();
  const auto file = std::ranges::find(files, name, &page_file::name);
  if (file == files.end())
    return std::nullopt;
  http::response result;
  auto tag = tag_of(file->content);
  if (asked.header("If-None-Match") == tag)
    result.status = 304;
  else
    result.body = file->content;
  result.content_type = type_of(name);
  // Asked for each time, sent once.
  result.headers.emplace_back("Cache-Control", "no-cache");
  result.headers.emplace_back("ETag", std::move(tag));
  return result;
}

} // namespace switchgear::admin
