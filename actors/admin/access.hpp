#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../http/message.hpp"
#include "switchgear/admin.hpp"
#include "switchgear/expected.hpp"
#include "switchgear/failure.hpp"
#include "switchgear/time.hpp"

namespace switchgear::admin {

/// Why a request is refused: what stands in the error that is answered.
struct refusal {
  int status = 400;
  std::string code;
  std::string message;
  std::vector<config_error> details{};
};

/// What a breaker, or the lack of one, has answered.
refusal refusal_of(const failure& why);

/// What is wrong with a body.
refusal refusal_of(std::vector<config_error> errors);

/// Logs wrong tokens, one at a time: those who try many are not to fill it.
/// @note Thread-safe.
class wrong_token_log {
public:
  /// Between two lines. Those in between are counted.
  static constexpr duration interval = std::chrono::seconds{10};

  void note(const std::string& peer);

private:
  std::mutex mutex_;
  time_point next_{};
  std::uint64_t untold_ = 0;
};

/// Who may do what.
class access {
public:
  /// Reads tokens: of the options, of their file, or else of the environment.
  /// @throws setup_error if one cannot be read or is not allowed, or if others
  ///         could reach an address and there is none
  explicit access(const admin_options& options);

  /// Whether anybody may change anything.
  bool writable() const noexcept {
    return !tokens_.empty();
  }

  /// A page elsewhere can have a name of its own lead to this machine. Its
  /// requests bear that name.
  std::optional<refusal> check_host(const http::request& asked) const;

  /// Who is allowed to change something, by the token that the request brings.
  expected<std::string, refusal> authorize(const http::request& asked) const;

private:
  struct token {
    std::string who;
    std::string secret;
  };

  void add_token(std::string who, std::string secret, const std::string& field);
  void read_tokens(const std::string& file);
  std::optional<refusal> check_origin(const http::request& asked) const;

  std::vector<token> tokens_;
  std::vector<std::string> hosts_;
  mutable wrong_token_log wrong_tokens_;
};

/// Whether two texts are the same; takes as long if they differ early as if
/// they differ late.
bool same_secret(std::string_view x, std::string_view y) noexcept;

} // namespace switchgear::admin
