#include "tool.hpp"

#include <stdexcept>

#include "http_client.hpp"
#include "text.hpp"

namespace demo {

namespace {

// As many as a very wide terminal shows.
constexpr std::size_t max_recent = 300;

/// What was done, if it was.
std::string
said(std::string done,
     const switchgear::expected<void, switchgear::failure>& result) {
  if (!result)
    throw std::runtime_error{result.error().to_string()};
  return done;
}

} // namespace

tool::tool(switchgear::runtime& system, tool_plan plan)
  : system_(system),
    plan_(std::move(plan)),
    service_(plan_.latency),
    breaker_(system.breaker(plan_.name, plan_.settings)),
    traffic_([this] { call(); }, plan_.pace) {
  last_.name = plan_.name;
}

tool::~tool() {
  // Calls that hang end with their service, so nobody has to wait for them.
  service_.bring_into(condition::dead);
  monkey_.calm();
}

call_report tool::call() {
  const auto start = std::chrono::steady_clock::now();
  const auto number = next_number_++ % 1'000'000;
  const auto url = service_.url() + "/times-ten/" + std::to_string(number);
  // What is injected is inside, so that the breaker sees it.
  const auto result = breaker_.call(
    monkey_.wrap(plan_.name, [&] { return http_get(url, plan_.timeout); }));
  const auto took = brief(std::chrono::steady_clock::now() - start);
  call_report report;
  if (result) {
    report.text = "ok " + *result + " (" + took + ")";
  } else if (result.error().is_rejection()) {
    report.how = fate::rejected;
    report.text = "rejected: " + std::string{to_string(result.error().code())}
                  + ", next probe in " + brief(result.error().retry_after());
  } else {
    report.how = fate::failure;
    report.text = "failed: " + result.error().message() + " (" + took + ")";
  }
  std::lock_guard guard{mutex_};
  if (recent_.size() == max_recent)
    recent_.pop_front();
  recent_.push_back(report.how);
  return report;
}

std::string tool::apply(action what) {
  switch (what) {
    case action::call:
      traffic_.once();
      return "one call";
    case action::traffic:
      traffic_.set_steady(!traffic_.steady());
      return steady_traffic() ? "steady traffic" : "no more traffic";
    case action::errors:
      return break_service(condition::errors);
    case action::hang:
      return break_service(condition::hanging);
    case action::pause:
      return break_service(condition::paused);
    case action::kill:
      return break_service(condition::dead);
    case action::heal:
      service_.bring_into(condition::healthy);
      return "service is healthy";
    case action::isolate:
      return said("breaker is held open", breaker_.isolate());
    case action::force_open:
      return said("breaker is forced open", breaker_.force_open());
    case action::reset:
      return said("breaker is reset", breaker_.reset());
    case action::automatic:
      return said("breaker goes by its rules", breaker_.automatic());
    case action::crash:
      return said("breaker's actor is killed", system_.kill(plan_.name));
  }
  return {};
}

tool::injected& tool::last_of(switchgear::chaos::fault what) {
  const auto all = chaos_bindings();
  return injected_.at(static_cast<std::size_t>(&binding_of(what) - all.data()));
}

std::string tool::inject(switchgear::chaos::fault what,
                         std::chrono::seconds lasts) {
  using switchgear::chaos::fault;
  const auto word = std::string{binding_of(what).word};
  auto& last = last_of(what);
  monkey_.end(last.number); // or there would be twice as many
  last = {};
  if (lasts <= std::chrono::seconds::zero())
    return "no more chaos: " + word;
  switchgear::chaos::injection how{.lasts = lasts};
  how.latency = plan_.timeout / 2;
  how.hang_limit = plan_.timeout;
  how.rate = what == fault::error ? 0.6 : what == fault::hang ? 0.5 : 1.0;
  last
    = {monkey_.inject(what, std::move(how)), switchgear::clock::now() + lasts};
  return "chaos: " + word + " for " + std::to_string(lasts.count()) + " s";
}

std::string tool::break_service(condition how) {
  service_.bring_into(how);
  switch (how) {
    case condition::errors:
      return "service answers HTTP 500";
    case condition::hanging:
      return "service hangs";
    case condition::paused:
      return "service is stopped";
    default:
      return "service is killed";
  }
}

tool_view tool::view() {
  tool_view result;
  // While its actor cannot answer what it said last has to do.
  if (auto stats = breaker_.stats())
    last_ = std::move(*stats);
  result.stats = last_;
  result.settings = plan_.settings;
  result.service = service_.current();
  result.port = service_.port();
  result.traffic = traffic_.steady();
  for (const auto& entry : chaos_bindings())
    if (switchgear::clock::now() < last_of(entry.what).until)
      result.chaos.push_back(entry.what);
  std::lock_guard guard{mutex_};
  result.recent.assign(recent_.begin(), recent_.end());
  return result;
}

} // namespace demo
