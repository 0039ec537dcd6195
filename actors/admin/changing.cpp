#include <chrono>
#include <utility>

#include <nlohmann/json.hpp>

#include "../log.hpp"
#include "desk.hpp"
#include "iso_time.hpp"
#include "switchgear/detail/utf8.hpp"

namespace switchgear::admin {

desk::deed desk::deed_of(const call& what, std::string tool,
                         std::string reason) {
  const auto& asked = what.asked;
  return {what.who, asked.peer,
          asked.target.substr(asked.target.rfind('/') + 1), std::move(tool),
          std::move(reason)};
}

void desk::audit(const deed& what, const std::string& text, bool done) {
  const auto because = what.reason.empty() ? "" : " (" + what.reason + ")";
  const auto subject = what.tool.empty() ? "" : what.tool + ": ";
  log::info("admin: " + what.who + ", from " + what.peer + ": " + subject + text
            + because);
  journal_->add(
    journal::kind::admin, what.tool,
    dump(
      {{"at", iso_time(std::chrono::system_clock::now())},
       {"tool", what.tool.empty() ? json{} : json(detail::to_utf8(what.tool))},
       {"id",
        what.tool.empty() ? json{} : json(http::percent_encode(what.tool))},
       {"who", what.who},
       {"from", what.peer},
       {"what", what.action},
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
  const auto wanted = deed_of(what, what.name, *reason);
  const auto done = ((*found).*Action)();
  audit(wanted,
        done ? wanted.action : wanted.action + ": " + done.error().to_string(),
        done.has_value());
  if (!done)
    return error(refusal_of(done.error()));
  const auto stats = found->stats();
  return say({{"done", wanted.action},
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
  const auto wanted = deed_of(what, what.name, {});
  const auto refuse = [&](refusal why) {
    audit(wanted, "config: refused: " + why.message, false);
    return error(why);
  };
  std::lock_guard guard{config_mutex_};
  const auto before = found->settings();
  if (!before)
    return refuse(refusal_of(before.error()));
  auto settings = *before;
  if (auto errors = read_settings(what.asked.body, settings); !errors.empty())
    return refuse(refusal_of(std::move(errors)));
  if (auto done = found->reconfigure(settings); !done)
    return refuse(refusal_of(done.error()));
  const auto changes = describe_changes(*before, settings);
  audit(wanted, "config: " + (changes.empty() ? "no change" : changes), true);
  return say({{"changes", changes}, {"config", to_json(settings)}});
}

http::response desk::reset_all(const call& what) {
  const auto reason = read_reason(what.asked.body);
  if (!reason)
    return error(refusal_of(std::vector{reason.error()}));
  runtime_.reset_all();
  audit(deed_of(what, {}, *reason), "reset_all", true);
  return say(
    {{"done", "reset_all"}, {"circuit_breakers", runtime_.health().total}});
}

http::response desk::run_control(const call& what) {
  using kind = control_result::kind;
  const auto reason = read_reason(what.asked.body);
  if (!reason)
    return error(refusal_of(std::vector{reason.error()}));
  const auto which = controls_.find(what.name);
  if (!which)
    return error({404, {}, "there is no control " + what.name});
  const auto wanted = deed_of(what, which->tool, *reason);
  const auto note
    = [this, wanted, id = what.name](const control_result& result) {
        audit(wanted, id + ": " + result.text, result.what == kind::done);
      };
  const auto result = controls_.run(what.name, note);
  switch (result.what) {
    case kind::done:
      return say({{"done", result.text}});
    case kind::unknown:
      return error({404, {}, result.text});
    case kind::busy:
      note(result);
      return error({503, {}, result.text});
    case kind::running:
      return say({{"running", true}, {"done", nullptr}, {"text", result.text}},
                 202);
    case kind::failed:
      break;
  }
  return error({500, {}, result.text});
}

} // namespace switchgear::admin
