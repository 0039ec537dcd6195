#include "fleet.hpp"

#include <algorithm>

namespace demo {

namespace {

using namespace std::chrono_literals;

switchgear::config rules(std::uint32_t failures, std::uint32_t successes,
                         std::chrono::seconds open_timeout) {
  switchgear::config result;
  result.failure_threshold = failures;
  result.success_threshold = successes;
  result.open_timeout = open_timeout;
  result.rejected_in_total = true;
  return result;
}

// Short open times: somebody is watching.
std::vector<tool_plan> plans() {
  return {{"database", rules(3, 2, 5s), 4ms, 400ms, 100ms},
          {"payments", rules(3, 3, 8s), 30ms, 400ms, 180ms},
          {"search", rules(5, 2, 4s), 12ms, 300ms, 80ms},
          {"llm", rules(2, 1, 10s), 180ms, 900ms, 400ms}};
}

} // namespace

fleet::fleet(switchgear::runtime& system) {
  for (auto& plan : plans())
    tools_.push_back(std::make_unique<tool>(system, std::move(plan)));
}

std::vector<std::string> fleet::names() const {
  std::vector<std::string> result;
  for (const auto& each : tools_)
    result.push_back(each->name());
  return result;
}

std::string fleet::execute(const command& what) {
  if (what.tool)
    return execute(what.what, *tools_.at(*what.tool));
  std::string result;
  for (const auto& each : tools_)
    result += (result.empty() ? "" : "\n") + execute(what.what, *each);
  return result;
}

std::string fleet::execute(const chaos_order& what) {
  std::string result;
  for (std::size_t i = 0; i < tools_.size(); ++i)
    if (!what.tool || *what.tool == i)
      result += (result.empty() ? "" : "\n") + tools_[i]->name() + ": "
                + inject(what.what, what.lasts, *tools_[i], "you");
  return result;
}

std::string fleet::execute(action what, tool& on) {
  try {
    return on.name() + ": " + carry_out(what, on, "you");
  } catch (const std::exception& error) {
    return on.name() + ": " + error.what();
  }
}

std::string fleet::execute_for_page(action what, std::size_t tool) {
  auto& on = *tools_.at(tool);
  auto done = carry_out(what, on, "page");
  if (breaks_service(what) && !on.steady_traffic())
    done += ", " + carry_out(action::traffic, on, "page");
  return done;
}

std::string fleet::execute_for_page(switchgear::chaos::fault what,
                                    std::size_t tool) {
  auto& on = *tools_.at(tool);
  const auto chaos = on.view().chaos;
  if (std::ranges::find(chaos, what) != chaos.end())
    return inject(what, {}, on, "page");
  auto done = inject(what, chaos_time, on, "page");
  if (!on.steady_traffic())
    done += ", " + carry_out(action::traffic, on, "page");
  return done;
}

std::string fleet::inject(switchgear::chaos::fault what,
                          std::chrono::seconds lasts, tool& on,
                          const std::string& who) {
  auto done = on.inject(what, lasts);
  journal_.note(std::chrono::system_clock::now(), on.name(), who + ": " + done,
                news::neutral);
  return done;
}

std::string fleet::carry_out(action what, tool& on, const std::string& who) {
  // The strip shows calls.
  const auto note = [&](const std::string& text, news kind) {
    if (what != action::call)
      journal_.note(std::chrono::system_clock::now(), on.name(),
                    who + ": " + text, kind);
  };
  try {
    auto done = on.apply(what);
    note(done, news::neutral);
    return done;
  } catch (const std::exception& error) {
    note(error.what(), news::bad);
    throw;
  }
}

void fleet::toggle_all_traffic() {
  const bool on = std::ranges::any_of(
    look(), [](const tool_view& seen) { return !seen.traffic; });
  for (const auto& each : tools_)
    each->set_steady_traffic(on);
}

std::vector<tool_view> fleet::look() {
  std::vector<tool_view> result;
  for (const auto& each : tools_) {
    result.push_back(each->view());
    journal_.observe(result.back().stats);
  }
  return result;
}

} // namespace demo
