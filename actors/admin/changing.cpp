#include <chrono>
#include <exception>
#include <utility>

#include <nlohmann/json.hpp>

#include "../log.hpp"
#include "desk.hpp"
#include "iso_time.hpp"
#include "one_line.hpp"
#include "switchgear/detail/utf8.hpp"

namespace switchgear::admin {

namespace {

/// What was asked for, by the last part of the path.
std::string action_of(const http::request& asked) {
  return asked.target.substr(asked.target.rfind('/') + 1);
}

} // namespace

void desk::audit(const call& what, std::string_view tool,
                 const std::string& text, const std::string& reason,
                 bool done) {
  const auto because = reason.empty() ? "" : " (" + reason + ")";
  const auto subject = tool.empty() ? "" : std::string{tool} + ": ";
  log::info("admin: "
            + one_line(what.who + ", from " + what.asked.peer + ": " + subject
                       + text + because));
  journal_->add(
    journal::kind::admin, std::string{tool},
    dump({{"at", iso_time(std::chrono::system_clock::now())},
          {"tool", tool.empty() ? json{} : json(detail::to_utf8(tool))},
          {"id", tool.empty() ? json{} : json(http::percent_encode(tool))},
          {"who", what.who},
          {"from", what.asked.peer},
          {"what", action_of(what.asked)},
          {"outcome", done ? "done" : "refused"},
          {"text", text + because}}));
  tell_news();
}

template <expected<void, failure> (breaker::*Action)() const>
http::response desk::act(const call& what) {
  const auto reason = read_reason(what.asked.body);
  if (!reason)
    return error(refusal_of(std::vector{reason.error()}));
  const auto found = runtime_.find(what.name);
  if (!found)
    return error(refusal_of(found.error()));
  const auto name = action_of(what.asked);
  const auto done = ((*found).*Action)();
  audit(what, what.name, done ? name : name + ": " + done.error().to_string(),
        *reason, done.has_value());
  if (!done)
    return error(refusal_of(done.error()));
  const auto stats = found->stats();
  return say({{"done", name},
              {"tool", detail::to_utf8(what.name)},
              {"breaker", stats ? summary_of(*stats) : json{}}});
}

template http::response desk::act<&breaker::reset>(const call&);
template http::response desk::act<&breaker::force_open>(const call&);
template http::response desk::act<&breaker::isolate>(const call&);
template http::response desk::act<&breaker::force_closed>(const call&);
template http::response desk::act<&breaker::disable>(const call&);
template http::response desk::act<&breaker::metrics_only>(const call&);
template http::response desk::act<&breaker::automatic>(const call&);

http::response desk::put_config(const call& what) {
  const auto found = runtime_.find(what.name);
  if (!found)
    return error(refusal_of(found.error()));
  std::lock_guard guard{config_mutex_};
  const auto before = found->settings();
  if (!before)
    return error(refusal_of(before.error()));
  auto settings = *before;
  if (auto errors = read_settings(what.asked.body, settings); !errors.empty())
    return error(refusal_of(std::move(errors)));
  if (auto done = found->reconfigure(settings); !done)
    return error(refusal_of(done.error()));
  const auto changes = describe_changes(*before, settings);
  audit(what, what.name, "config: " + (changes.empty() ? "no change" : changes),
        {}, true);
  return say({{"changes", changes}, {"config", to_json(settings)}});
}

http::response desk::reset_all(const call& what) {
  const auto reason = read_reason(what.asked.body);
  if (!reason)
    return error(refusal_of(std::vector{reason.error()}));
  runtime_.reset_all();
  audit(what, {}, "reset_all", *reason, true);
  return say(
    {{"done", "reset_all"}, {"circuit_breakers", runtime_.health().total}});
}

http::response desk::run_control(const call& what) {
  const auto reason = read_reason(what.asked.body);
  if (!reason)
    return error(refusal_of(std::vector{reason.error()}));
  const auto which = controls_.find(what.name);
  if (!which)
    return error({404, {}, "there is no control " + what.name});
  std::string text;
  int status = 200;
  try {
    auto done = controls_.run(what.name);
    status = done ? 200 : 404;
    text = done ? std::move(*done) : "the control is gone";
  } catch (const std::exception& thrown) {
    status = 500;
    text = thrown.what();
  } catch (...) {
    status = 500;
    text = "something was thrown that is no std::exception";
  }
  audit(what, which->tool, what.name + ": " + text, *reason, status == 200);
  if (status != 200)
    return error({status, {}, text});
  return say({{"done", text}});
}

} // namespace switchgear::admin
