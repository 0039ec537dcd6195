#include <algorithm>

#include "switchgear/integrations/notifications.hpp"
#include "switchgear/runtime.hpp"

namespace switchgear {

notifier::~notifier() = default;

std::string_view to_string(notification_level value) noexcept {
  switch (value) {
    case notification_level::info:
      return "info";
    case notification_level::warning:
      return "warning";
    case notification_level::error:
      return "error";
    case notification_level::critical:
      return "critical";
  }
  return "?";
}

fallback_notifier::fallback_notifier(
  std::vector<std::shared_ptr<notifier>> channels, std::string name)
  : channels_(std::move(channels)),
    name_(std::move(name)) {
  if (channels_.empty()
      || std::count(channels_.begin(), channels_.end(), nullptr))
    throw setup_error{errc::invalid_config,
                      "channels: must be 1 or more, and none of them null"};
}

const std::string& fallback_notifier::name() const noexcept {
  return name_;
}

expected<void, failure> fallback_notifier::send(const notification& what) {
  auto sent = deliver(what);
  if (!sent)
    return make_unexpected(std::move(sent.error()));
  return {};
}

expected<fallback_notifier::delivery, failure>
fallback_notifier::deliver(const notification& what) {
  delivery result;
  for (const auto& each : channels_) {
    auto sent = detail::run([&] { return each->send(what); });
    result.channel = each->name();
    if (sent)
      return result;
    result.failed.emplace_back(each->name(), std::move(sent.error()));
  }
  std::string text = "no channel took it";
  auto wait = result.failed.front().second.retry_after();
  for (const auto& [channel, why] : result.failed) {
    text += "; " + channel + ": " + why.to_string();
    wait = std::min(wait, why.retry_after());
  }
  return make_unexpected(
    failure::retry_later(errc::operation_failed, std::move(text), wait));
}

} // namespace switchgear
