#pragma once

#include <optional>
#include <string_view>

#include "event_stream.hpp"
#include "switchgear/integrations/llm_client.hpp"

namespace switchgear {

/// One answer as it comes in.
class listening {
public:
  listening(const llm_request& what, const llm_client_options& options)
    : what_(what),
      options_(options) {
    // nop
  }

  /// Takes bytes of the stream.
  /// @returns false: no more is wanted, for one of the reasons below
  bool take(std::string_view bytes);

  /// When the next piece of text must have come.
  /// @returns none if that is over
  std::optional<time_point> due();

  enum class ending {
    none,     ///< It may go on.
    whole,    ///< All has come.
    error,    ///< The provider says so; `text` has its words.
    nonsense, ///< What came is not what was agreed on.
    too_long, ///< More than the caller allows.
    late,     ///< Nothing came in time.
    enough,   ///< `on_text` said so.
  };

  ending how() const noexcept {
    return how_;
  }

  /// Of an error, in words.
  const std::string& error() const noexcept {
    return error_;
  }

  llm_completion& got() noexcept {
    return got_;
  }

  /// To the first piece of text, or until now.
  duration responded_in() const {
    return got_.pieces > 0 ? got_.time_to_first_token : clock::now() - began_;
  }

  /// Whether a stream that ends now is whole.
  bool is_whole() const noexcept {
    return how_ == ending::whole || !got_.finish_reason.empty();
  }

private:
  bool take_event(std::string_view data);
  bool take_text(std::string_view text);

  bool end(ending how) noexcept {
    how_ = how;
    return false;
  }

  const llm_request& what_;
  const llm_client_options& options_;
  const time_point began_ = clock::now();
  time_point last_ = began_;
  event_stream events_;
  llm_completion got_;
  ending how_ = ending::none;
  std::string error_;
};

} // namespace switchgear
