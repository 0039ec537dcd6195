#include "support/prometheus_server.hpp"

#include <stdexcept>

#include <httplib.h>
#include <nlohmann/json.hpp>

#include "support/eventually.hpp"

namespace switchgear::test {

namespace {

std::string config(std::uint16_t scraped) {
  return "global: {scrape_interval: 500ms, scrape_timeout: 500ms}\n"
         "scrape_configs:\n"
         "- job_name: switchgear\n"
         "  static_configs: [{targets: ['127.0.0.1:"
         + std::to_string(scraped) + "']}]\n";
}

} // namespace

prometheus_server::prometheus_server(std::uint16_t scraped)
  : server_(
    {"prometheus",
     "--config.file=" + files_.write("config.yml", config(scraped)),
     "--storage.tsdb.path=" + files_.file("data"),
     "--web.listen-address=127.0.0.1:" + std::to_string(port_.number())},
    files_.file("log")) {
  // nop
}

std::map<labels, double> prometheus_server::query(const std::string& what) {
  if (!server_.running())
    throw std::runtime_error{"prometheus has ended: " + files_.read("log")};
  httplib::Client client{"127.0.0.1", port_.number()};
  client.set_read_timeout(patience);
  const auto got = client.Get("/api/v1/query", httplib::Params{{"query", what}},
                              httplib::Headers{});
  if (!got || got->status != 200)
    return {};
  std::map<labels, double> result;
  const auto answer = nlohmann::json::parse(got->body);
  for (const auto& each : answer["data"]["result"]) {
    auto names = each["metric"].get<labels>();
    for (auto added : {"instance", "job", "__name__"})
      names.erase(added);
    result[names] = std::stod(each["value"][1].get<std::string>());
  }
  return result;
}

std::string prometheus_server::complaints() {
  httplib::Client client{"127.0.0.1", port_.number()};
  const auto got = client.Get("/api/v1/targets");
  return (got ? got->body : std::string{"no answer"}) + '\n'
         + files_.read("log");
}

} // namespace switchgear::test
