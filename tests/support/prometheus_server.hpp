#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "support/process.hpp"
#include "support/reserved_port.hpp"
#include "support/temporary_directory.hpp"

namespace switchgear::test {

using labels = std::map<std::string, std::string>;

/// A Prometheus server that reads one endpoint. It takes five seconds before it
/// begins to.
class prometheus_server {
public:
  /// @param scraped the endpoint's port on 127.0.0.1
  explicit prometheus_server(std::uint16_t scraped);

  /// The result of a query: values by their labels, without those that the
  /// server adds. Empty while it does not answer.
  std::map<labels, double> query(const std::string& what);

  /// What it says of the endpoint, for who wants to know why nothing comes.
  std::string complaints();

private:
  temporary_directory files_;
  reserved_port port_;
  process server_;
};

} // namespace switchgear::test
