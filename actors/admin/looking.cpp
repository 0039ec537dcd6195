#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <map>
#include <utility>

#include <nlohmann/json.hpp>

#include "desk.hpp"
#include "event_stream.hpp"
#include "iso_time.hpp"
#include "list_query.hpp"
#include "switchgear/breaker/machine.hpp"
#include "switchgear/detail/utf8.hpp"
#include "switchgear/statem/diagram.hpp"

namespace switchgear::admin {

namespace {

using namespace std::chrono_literals;

constexpr auto poll_interval = 1s;
constexpr std::uint64_t events_for_newcomers = 200;

double ms(duration value) {
  return std::chrono::duration<double, std::milli>{value}.count();
}

std::string parameter(const http::request& asked, const std::string& name) {
  const auto i = asked.query.find(name);
  return i == asked.query.end() ? std::string{} : i->second;
}

json sinks(const std::vector<telemetry::sink_health>& all) {
  auto result = json::array();
  for (const auto& each : all)
    result.push_back({{"name", detail::to_utf8(each.name)},
                      {"offered", each.offered},
                      {"delivered", each.delivered},
                      {"failed", each.failed},
                      {"dropped", each.dropped},
                      {"queued", each.queued},
                      {"restarts", each.restarts},
                      {"last_error", each.last_error}});
  return result;
}

} // namespace

http::response desk::get_info(const call&) {
  http::server::load load;
  {
    std::lock_guard guard{service_mutex_};
    if (service_)
      load = service_->current_load();
  }
  return say({{"version", SWITCHGEAR_VERSION},
              {"instance", instance_},
              {"title", detail::to_utf8(options_.title)},
              {"now", iso_time(std::chrono::system_clock::now())},
              {"uptime_ms", ms(clock::now() - started_)},
              {"writable", writable()},
              {"poll_ms", ms(poll_interval)},
              {"history_ms", ms(options_.history)},
              {"connections", load.connections},
              {"streams", load.streams},
              {"controls", controls_.list()},
              {"sinks", sinks(runtime_.telemetry().health())}});
}

http::response desk::get_list(const call& what) {
  const auto query = read_list_query(what.asked.query);
  if (!query)
    return error({400, {}, explain(query.error()), query.error()});
  const auto all = lists_.get();
  auto chosen = choose(*query, all->breakers, all->latest);
  const auto total = chosen.size();
  const auto first = std::min(query->offset, total);
  const auto last = std::min(first + query->limit, total);
  auto list = json::array();
  for (auto i = first; i < last; ++i)
    list.push_back(summary(all->breakers[chosen[i]], all->latest[chosen[i]]));
  auto result = say(list);
  result.headers.emplace_back("X-Total-Count", std::to_string(total));
  if (auto links = links_of(*query, total); !links.empty())
    result.headers.emplace_back("Link", std::move(links));
  return result;
}

json desk::summary_of(const statistics& of) const {
  return summary(of, history_.latest({&of, 1}).front());
}

http::response desk::get_one(const call& what) {
  const auto found = runtime_.find(what.name);
  if (!found)
    return error(refusal_of(found.error()));
  const auto stats = found->stats();
  if (!stats)
    return error(refusal_of(stats.error()));
  const auto settings = found->settings();
  if (!settings)
    return error(refusal_of(settings.error()));
  auto result = details(*stats, history_.latest({&*stats, 1}).front(),
                        history_.past_of(what.name));
  result["config"] = to_json(*settings);
  return say(result);
}

http::response desk::get_config(const call& what) {
  const auto settings = runtime_.find(what.name).and_then(
    [](const breaker& found) { return found.settings(); });
  if (!settings)
    return error(refusal_of(settings.error()));
  return say(form_of(*settings));
}

http::response desk::get_diagram(const call& what) {
  const auto found = runtime_.find(what.name);
  if (!found)
    return error(refusal_of(found.error()));
  http::response result;
  result.body = statem::to_mermaid(statem::list_machine<breaker_machine>(),
                                   to_string(found->state()));
  result.content_type = "text/vnd.mermaid; charset=utf-8";
  return result;
}

http::response desk::get_health(const call&) {
  const auto all = runtime_.health();
  return say(to_json(all), all.healthy() ? 200 : 503);
}

http::response desk::get_metrics(const call& what) {
  return metrics_.answer(what.asked);
}

http::response desk::get_events(const call& what) {
  journal::filter wanted;
  std::vector<config_error> errors;
  for (const auto& [name, value] : what.asked.query)
    if (name == "tool")
      wanted.tool = value;
    else if (name == "kinds" && (value == "changes" || value == "all"))
      wanted.calls = value == "all";
    else if (name == "kinds")
      errors.push_back({name, value, "changes or all"});
    else if (name != "last_event_id")
      errors.push_back({name, value, "one of tool, kinds, last_event_id"});
  if (!errors.empty())
    return error({400, {}, explain(errors), std::move(errors)});
  auto last = what.asked.header("Last-Event-ID");
  if (last.empty())
    last = parameter(what.asked, "last_event_id");
  // Numbers of another run of the program mean nothing here.
  std::uint64_t after = journal_->before_last(events_for_newcomers, wanted);
  if (const auto prefix = instance_ + '-'; last.starts_with(prefix))
    std::from_chars(last.data() + prefix.size(), last.data() + last.size(),
                    after);
  http::response result;
  result.content_type = "text/event-stream; charset=utf-8";
  if (what.asked.method != "HEAD")
    result.events = std::make_shared<event_stream>(journal_, instance_, after,
                                                   std::move(wanted));
  return result;
}

http::response desk::get_whoami(const call& what) {
  return say({{"who", what.who}});
}

} // namespace switchgear::admin
