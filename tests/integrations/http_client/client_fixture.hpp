#pragma once

#include <gtest/gtest.h>

#include "integrations/support/tool_server.hpp"
#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"
#include "switchgear/integrations/http_client.hpp"

namespace switchgear::test {

/// A client, its breaker, and a server that can be broken.
class http_client_test : public testing::Test {
public:
  static http_client_options quick() {
    http_client_options result;
    result.proxy = ""; // whatever the environment says
    return result;
  }

  http_client client(http_client_options options = quick()) {
    options.base_url = server.url();
    return http_client{tool, std::move(options)};
  }

  statistics stats() {
    return tool.stats().value();
  }

  /// Of a failure of HTTP's; fails the test if it is none.
  static http_problem problem(const expected<http_response, failure>& got) {
    const auto* error = got ? nullptr : http_error_of(got.error());
    if (!error) {
      ADD_FAILURE() << (got ? "an answer" : got.error().to_string());
      return http_problem::local;
    }
    return error->problem();
  }

  runtime rt;
  tool_server server;
  breaker tool = rt.breaker("tool", trips_after(3));
};

} // namespace switchgear::test
