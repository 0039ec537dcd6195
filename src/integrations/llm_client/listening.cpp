#include "listening.hpp"

#include <algorithm>

#include "chat.hpp"

namespace switchgear {

namespace {

constexpr duration last_respite = std::chrono::milliseconds{200};

} // namespace

bool listening::take(std::string_view bytes) {
  if (how_ == ending::whole)
    return true; // what is behind the end does not matter
  const bool on
    = events_.feed(bytes, [this](std::string_view e) { return take_event(e); });
  if (!on && how_ == ending::none)
    how_ = ending::nonsense; // an event without an end
  return on;
}

std::optional<time_point> listening::due() {
  if (how_ == ending::whole) {
    // The connection can be used again if the answer ends as well.
    const auto limit = last_ + std::min(options_.idle_timeout, last_respite);
    return clock::now() < limit ? std::optional{limit} : std::nullopt;
  }
  const auto limit = last_
                     + (got_.pieces > 0 ? options_.idle_timeout
                                        : options_.first_token_timeout);
  if (clock::now() < limit)
    return limit;
  how_ = ending::late;
  return std::nullopt;
}

bool listening::take_event(std::string_view data) {
  if (how_ == ending::whole)
    return true;
  if (data == "[DONE]") {
    how_ = ending::whole;
    last_ = clock::now();
    return true;
  }
  auto event = read_chat_event(data);
  if (!event.understood)
    return end(ending::nonsense);
  if (!event.error.empty()) {
    error_ = std::move(event.error);
    return end(ending::error);
  }
  if (!event.finish_reason.empty())
    got_.finish_reason = std::move(event.finish_reason);
  return event.text.empty() || take_text(event.text);
}

bool listening::take_text(std::string_view text) {
  last_ = clock::now();
  if (got_.pieces++ == 0)
    got_.time_to_first_token = last_ - began_;
  const auto room = options_.max_text - got_.text.size();
  if (text.size() > room)
    return end(ending::too_long);
  got_.text += text;
  if (what_.on_text && !what_.on_text(text))
    return end(ending::enough);
  // What the caller does with it is not the provider's time.
  last_ = clock::now();
  return true;
}

} // namespace switchgear
