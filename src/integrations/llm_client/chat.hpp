#pragma once

#include <string>
#include <string_view>

#include "switchgear/integrations/llm_client.hpp"

namespace switchgear {

/// The body of a request in JSON. Bytes that are no UTF-8 become U+FFFD.
std::string chat_body(const llm_request& what, const std::string& model);

/// What one event of a stream says.
struct chat_event {
  bool understood = true; // else it is none
  std::string text;
  std::string finish_reason;
  std::string error; // in words; empty: none
};

chat_event read_chat_event(std::string_view data);

/// What an answer that is no stream says of an error; empty if nothing.
std::string read_chat_error(std::string_view body);

} // namespace switchgear
