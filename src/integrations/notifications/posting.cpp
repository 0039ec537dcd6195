#include <functional>

#include "payloads.hpp"
#include "switchgear/integrations/http_client.hpp"
#include "transfer/checker.hpp"
#include "transfer/problems.hpp"

namespace switchgear {

namespace {

constexpr auto pagerduty_url = "https://events.pagerduty.com/v2/enqueue";

http_client_options client_options(const webhook_options& from) {
  http_client_options result;
  result.headers = from.headers;
  result.headers.push_back({"Content-Type", "application/json"});
  result.connect_timeout = from.connect_timeout;
  result.total_timeout = from.total_timeout;
  result.proxy = from.proxy;
  result.ca_file = from.ca_file;
  result.max_body = std::size_t{64} * 1024; // nobody answers at length
  return result;
}

/// Posts to one place what `body` makes of a notification.
class posting : public notifier {
public:
  using writer = std::function<std::string(const notification&)>;

  posting(breaker through, std::string name, const webhook_options& options,
          writer body)
    : client_(std::move(through), client_options(options)),
      name_(std::move(name)),
      url_(options.url),
      body_(std::move(body)) {
    // nop
  }

  const std::string& name() const noexcept override {
    return name_;
  }

  expected<void, failure> send(const notification& what) override {
    if (what.title.empty())
      return make_unexpected(
        failure{errc::invalid_config, "title = : must not be empty"});
    if (what.resolved && what.key.empty())
      return make_unexpected(
        failure{errc::invalid_config,
                "key = : must be set where something is resolved"});
    auto answer = client_.post(url_, body_(what));
    if (!answer)
      return make_unexpected(std::move(answer.error()));
    if (answer->status / 100 == 2)
      return {};
    const auto text = "HTTP " + std::to_string(answer->status);
    return make_unexpected(transfer::failure_of(
      http_error{http_problem::status, text, std::move(*answer)}, {}));
  }

private:
  http_client client_;
  std::string name_;
  std::string url_;
  writer body_;
};

void check(const webhook_options& options, transfer::checker& c) {
  // Secrets, both: not shown.
  c.require(transfer::is_url(options.url, "http,https,"), "url", "...",
            "a URL that begins with http:// or https://");
  auto rest = client_options(options);
  rest.max_body = 0;
  for (auto& each : validate(rest))
    c.errors.push_back(std::move(each));
}

} // namespace

std::vector<config_error> validate(const webhook_options& options) {
  transfer::checker c;
  check(options, c);
  return std::move(c.errors);
}

std::vector<config_error> validate(const pagerduty_options& options) {
  transfer::checker c;
  auto general = options;
  if (general.url.empty())
    general.url = pagerduty_url;
  check(general, c);
  c.require(!options.routing_key.empty(), "routing_key", "", "set");
  c.require(!options.source.empty(), "source", "", "set");
  return std::move(c.errors);
}

std::shared_ptr<notifier> webhook_notifier(breaker through,
                                           const webhook_options& options) {
  return std::make_shared<posting>(std::move(through), "webhook",
                                   detail::checked(options), payloads::webhook);
}

std::shared_ptr<notifier> slack_notifier(breaker through,
                                         const webhook_options& options) {
  return std::make_shared<posting>(std::move(through), "slack",
                                   detail::checked(options), payloads::slack);
}

std::shared_ptr<notifier> pagerduty_notifier(breaker through,
                                             pagerduty_options options) {
  options = detail::checked(std::move(options));
  if (options.url.empty())
    options.url = pagerduty_url;
  return std::make_shared<posting>(std::move(through), "pagerduty", options,
                                   [options](const notification& n) {
                                     return payloads::pagerduty(n, options);
                                   });
}

} // namespace switchgear
