#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "switchgear/breaker.hpp"
#include "switchgear/integrations/http.hpp"

namespace switchgear {

enum class notification_level : std::uint8_t { info, warning, error, critical };

/// `info`, `warning`, `error` or `critical`.
std::string_view to_string(notification_level value) noexcept;

/// Something that people should know.
struct notification {
  /// One line.
  std::string title;
  /// More of it; may be empty.
  std::string text{};
  notification_level level = notification_level::info;
  /// The same for all that tell of one thing, so that a receiver can put them
  /// together. May be empty, unless it is resolved.
  std::string key{};
  /// That thing is over.
  bool resolved = false;
  /// Figures and the like, by name.
  std::map<std::string, std::string> details{};
};

/// A way to tell people: a channel.
///
/// Those below each have a breaker of their own, so that a channel that is down
/// costs no time. `send` blocks the caller's thread and is thread-safe.
class notifier {
public:
  virtual ~notifier();

  /// For logs: `slack`, `mail`.
  virtual const std::string& name() const noexcept = 0;

  /// @returns nothing if the channel has taken it; whether anybody reads it is
  ///          another matter. `invalid_config` if the notification is not fit
  ///          for this channel: then nothing was sent, and the breaker not
  ///          asked.
  virtual expected<void, failure> send(const notification& what) = 0;
};

/// Tries one channel after the other, in their order, until one takes it. One
/// that throws has not.
class fallback_notifier : public notifier {
public:
  /// Who took it, and why others before did not.
  struct delivery {
    std::string channel;
    std::vector<std::pair<std::string, failure>> failed;
  };

  /// @throws setup_error if there are no channels, or one of them is null
  explicit fallback_notifier(std::vector<std::shared_ptr<notifier>> channels,
                             std::string name = "fallback");

  const std::string& name() const noexcept override;

  /// As `deliver`.
  expected<void, failure> send(const notification& what) override;

  /// @returns a failure, with what all channels said, if none took it; its
  ///          `retry_after` is that of the channel that is back first
  expected<delivery, failure> deliver(const notification& what);

private:
  std::vector<std::shared_ptr<notifier>> channels_;
  std::string name_;
};

/// Settings that all senders over HTTP have.
struct webhook_options {
  /// Whole, with `http://` or `https://`. A secret, often: never in messages.
  std::string url;
  /// Sent with each request: `Authorization` and the like. Default: none.
  http_headers headers{};
  /// 1 ms to 10 min. Default: 3 s.
  duration connect_timeout = std::chrono::seconds{3};
  /// 1 ms to 24 h. Default: 10 s.
  duration total_timeout = std::chrono::seconds{10};
  /// URL of a proxy; empty: none. Unset (the default): what the environment
  /// says.
  std::optional<std::string> proxy{};
  /// File with the certificates that are trusted, in PEM. Empty (the default):
  /// the system's.
  std::string ca_file{};
};

/// A sender that posts JSON. What an answer means:
///
/// | answer | for the breaker | for the caller |
/// |---|---|---|
/// | 2xx | success | sent |
/// | 408, 429, 5xx; none (see `http_client`) | failure | a failure |
/// | others, 3xx too: not wanted, and yet it works | success | a failure |
///
/// `http_error_of(failure)` gives the answer. Bytes of a notification that are
/// no UTF-8 are sent as U+FFFD.
///
/// The generic one posts
/// `{"title", "text", "level", "key", "resolved", "details": {}}`.
/// @throws setup_error if the options are not valid
std::shared_ptr<notifier> webhook_notifier(breaker through,
                                           const webhook_options& options);

/// In the shape of Slack's incoming webhooks: `text`, and the rest as an
/// attachment with a colour for the level. What would be markup is not.
std::shared_ptr<notifier> slack_notifier(breaker through,
                                         const webhook_options& options);

/// Settings of a `pagerduty_notifier`.
struct pagerduty_options : webhook_options {
  /// The integration's key. A secret.
  std::string routing_key{};
  /// What the events are about: a host, a service. Not empty.
  std::string source{};
};

/// In the shape of PagerDuty's events, version 2: `trigger`, or `resolve` for
/// what is resolved, with the notification's key as `dedup_key`. A title is cut
/// off after 1024 bytes.
/// @param options `url` is that of the events, if it is not
///        `https://events.pagerduty.com/v2/enqueue` (the default)
std::shared_ptr<notifier> pagerduty_notifier(breaker through,
                                             pagerduty_options options);

enum class smtp_tls : std::uint8_t {
  none,     ///< Never.
  optional, ///< If the server offers it.
  required, ///< Or nothing is sent.
};

/// Settings of a `mail_notifier`.
struct mail_options {
  /// `smtp://HOST:PORT`, or `smtps://` for TLS from the beginning.
  std::string url;
  /// `somebody@example.org`: nothing but the address, in ASCII.
  std::string from;
  /// As `from`; 1 to 100 of them.
  std::vector<std::string> to;
  /// If the server wants to know. Default: it does not.
  std::string user{};
  std::string password{};
  /// Of `smtp://`. Unless it is required, the password may travel as it is.
  smtp_tls tls = smtp_tls::required;
  /// 1 ms to 10 min. Default: 5 s.
  duration connect_timeout = std::chrono::seconds{5};
  /// 1 ms to 24 h. Default: 30 s.
  duration total_timeout = std::chrono::seconds{30};
  /// File with the certificates that are trusted, in PEM. Empty (the default):
  /// the system's.
  std::string ca_file{};
};

/// All that is wrong with `options`.
std::vector<config_error> validate(const webhook_options& options);
std::vector<config_error> validate(const pagerduty_options& options);
std::vector<config_error> validate(const mail_options& options);

/// Behind a failure of a mail that the server did not take.
class smtp_error : public std::runtime_error {
public:
  smtp_error(int reply, const std::string& what)
    : std::runtime_error(what),
      reply_(reply) {
    // nop
  }

  /// The server's last reply: 550. 0 if there was none.
  int reply() const noexcept {
    return reply_;
  }

private:
  int reply_;
};

/// What is behind a failure of a `mail_notifier`; null if it is a rejection, or
/// something else. Valid as long as `why` or a copy of it.
const smtp_error* smtp_error_of(const failure& why) noexcept;

/// Sends e-mail by SMTP: plain text, UTF-8; the level, the title and `resolved`
/// are in the subject.
///
/// | what comes of it | for the breaker | for the caller |
/// |---|---|---|
/// | 250 after the message | success | sent |
/// | 4yz to anything: try again later | failure | `operation_failed` |
/// | 5yz to sender, receiver, message, password | success | the same |
/// | 5yz in place of a greeting | failure | the same |
/// | no TLS, no connection, one that is lost | failure | the same |
/// | no end in time | timeout | `timeout` |
///
/// All receivers get it, or none. A title of more than one line is refused, as
/// is what is not UTF-8: nobody can put a header into a mail.
/// @throws setup_error if the options are not valid, as with a bad address
std::shared_ptr<notifier> mail_notifier(breaker through, mail_options options);

} // namespace switchgear
