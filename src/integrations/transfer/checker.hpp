#pragma once

#include <string>
#include <utility>

#include "switchgear/integrations/detail/option_checker.hpp"
#include "transfer/http.hpp"

namespace switchgear::transfer {

/// Gathers what is wrong with the options of an integration on libcurl.
class checker : public detail::option_checker {
public:
  void headers(const std::string& field, const http_headers& value) {
    for (const auto& each : value)
      require(is_header(each), field, each.name,
              "names without blanks, and values in one line");
  }
};

} // namespace switchgear::transfer
