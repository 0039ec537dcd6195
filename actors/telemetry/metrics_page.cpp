#include "metrics_page.hpp"

#include <memory>
#include <string>
#include <utility>

#include <httplib.h>

namespace switchgear::telemetry {

namespace {

// cpp-httplib compresses only what it knows to be text.
void compress(const http::request& asked, http::response& into) {
#ifdef CPPHTTPLIB_ZLIB_SUPPORT
  if (asked.header("Accept-Encoding").find("gzip") == std::string::npos)
    return;
  httplib::detail::gzip_compressor compressor;
  std::string result;
  const bool done
    = compressor.compress(into.body.data(), into.body.size(), true,
                          [&](const char* data, std::size_t size) {
                            result.append(data, size);
                            return true;
                          });
  if (!done)
    return;
  into.body = std::move(result);
  into.headers.emplace_back("Content-Encoding", "gzip");
#else
  static_cast<void>(asked);
  static_cast<void>(into);
#endif
}

} // namespace

metrics_page::metrics_page(std::function<snapshot()> collect)
  : scrapes_([collect = std::move(collect)] {
      return std::make_shared<const scrape>(collect());
    }) {
  // nop
}

http::response metrics_page::answer(const http::request& asked) {
  const auto format = negotiate(asked.header("Accept"));
  http::response result;
  result.body = scrapes_.get()->text(format);
  result.content_type = content_type(format);
  result.headers.emplace_back("Vary", "Accept, Accept-Encoding");
  if (format == text_format::openmetrics)
    compress(asked, result);
  return result;
}

} // namespace switchgear::telemetry
