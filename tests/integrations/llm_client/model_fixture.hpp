#pragma once

#include <gtest/gtest.h>

#include "integrations/support/tool_server.hpp"
#include "support/breaker_printing.hpp"
#include "support/breakers.hpp"
#include "switchgear/integrations/llm_client.hpp"

namespace switchgear::test {

/// A model's client, its breaker, and a server that says what it is told.
class llm_client_test : public testing::Test {
public:
  llm_client_options options() {
    llm_client_options result;
    result.url = server.url("/v1/chat/completions");
    result.model = "test-model";
    result.proxy = "";
    return result;
  }

  llm_client client() {
    return llm_client{tool, options()};
  }

  /// An event with a piece of text, as `tool_server` wants to be told.
  static std::string piece(const std::string& text) {
    return R"(	data: {"choices":[{"delta":{"content":")" + text
           + "\"}}]}\\n\\n";
  }

  static std::string finish() {
    return R"(	data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n)"
           "\tdata: [DONE]\\n\\n";
  }

  /// A model that says `Hello world`.
  void says_hello() {
    server.behave("events" + piece("Hello") + piece(" ") + piece("world")
                  + finish());
  }

  statistics stats() {
    return tool.stats().value();
  }

  runtime rt;
  tool_server server;
  breaker tool = rt.breaker("model", trips_after(3));
};

/// What is behind a failure; fails the test if it is nothing of a model's.
inline const llm_error& error_of(const expected<llm_completion, failure>& got) {
  static const llm_error none{http_problem::local, "none", {}, {}};
  const auto* error = got ? nullptr : llm_error_of(got.error());
  if (!error)
    ADD_FAILURE() << (got ? "a completion" : got.error().to_string());
  return error ? *error : none;
}

} // namespace switchgear::test
