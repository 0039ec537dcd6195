#include "controls.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace demo {

namespace {

using switchgear::admin_control;

/// A way to bring a service into a condition.
struct choice {
  action what;
  condition result;
  const char* id;
  const char* label;
  const char* description;
};

constexpr std::array<choice, 5> choices{
  {{action::heal, condition::healthy, "healthy", "Healthy",
    "The service is started again, or behaves again."},
   {action::errors, condition::errors, "errors", "HTTP 500",
    "The service answers HTTP 500."},
   {action::hang, condition::hanging, "hang", "Hangs",
    "The service takes calls and never answers."},
   {action::pause, condition::paused, "pause", "Stopped",
    "The service is stopped (SIGSTOP)."},
   {action::kill, condition::dead, "kill", "Killed",
    "The service is killed (SIGKILL): connections are refused."}}};

/// Has it done by the thread that has the services, and waits.
template <class What> // an action, or a fault
auto doing(keeper& tools, What what, std::size_t index) {
  return [&tools, what, index] {
    std::string done;
    tools.run([&](fleet& all) { done = all.execute_for_page(what, index); });
    return done;
  };
}

std::vector<admin_control> controls_of(keeper& tools, const std::string& name,
                                       std::size_t index) {
  std::vector<admin_control> result;
  for (const auto& each : choices)
    result.push_back({.id = name + '.' + each.id,
                      .tool = name,
                      .group = "Service",
                      .label = each.label,
                      .description = each.description,
                      .run = doing(tools, each.what, index),
                      .active = [&tools, index, wanted = each.result] {
                        return tools.latest()->tools.at(index).service
                               == wanted;
                      }});
  result.push_back({.id = name + ".traffic",
                    .tool = name,
                    .group = "Traffic",
                    .label = "Traffic",
                    .description = "Steady calls, on or off.",
                    .run = doing(tools, action::traffic, index),
                    .active = [&tools, index] {
                      return tools.latest()->tools.at(index).traffic;
                    }});
  for (const auto& each : chaos_bindings())
    result.push_back({.id = name + ".chaos_" + std::string{each.word},
                      .tool = name,
                      .group = "Chaos",
                      .label = std::string{each.label},
                      .description = "For " + std::to_string(chaos_time.count())
                                     + " s " + std::string{each.help} + ".",
                      .run = doing(tools, each.what, index),
                      .active = [&tools, index, wanted = each.what] {
                        const auto now
                          = tools.latest(); // or it would be gone in between
                        const auto& chaos = now->tools.at(index).chaos;
                        return std::ranges::find(chaos, wanted) != chaos.end();
                      }});
  return result;
}

} // namespace

page_controls::page_controls(switchgear::admin_server& page, keeper& tools)
  : page_(page),
    tools_(tools) {
  const auto names = tools.names();
  std::vector<admin_control> all;
  for (std::size_t i = 0; i < names.size(); ++i)
    for (auto& each : controls_of(tools, names[i], i))
      all.push_back(std::move(each));
  page_.add(std::move(all));
}

page_controls::~page_controls() {
  // First, for the server waits for one that runs.
  tools_.close();
  page_.remove_controls();
}

} // namespace demo
