#include "controls.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>
#include <memory>
#include <utility>

#include <nlohmann/json.hpp>

#include "../http/message.hpp"
#include "switchgear/detail/utf8.hpp"
#include "switchgear/runtime.hpp"

namespace switchgear::admin {

namespace {

using namespace std::chrono_literals;

// Their objects are not to be gone while one runs.
constexpr auto grace = 24h;

/// Whose control this thread runs.
thread_local const controls* running_here = nullptr;

} // namespace

controls::controls(duration patience)
  : patience_(patience),
    thread_("sg.controls", 1, 1, grace) {
  // nop
}

controls::~controls() = default;

void controls::add(std::vector<admin_control> more) {
  const auto require = [](bool fine, const admin_control& which,
                          const char* field, const char* allowed) {
    if (!fine)
      throw setup_error{
        errc::invalid_config,
        "admin: "
          + config_error{field, '"' + which.id + '"', allowed}.to_string()};
  };
  std::unique_lock guard{list_mutex_};
  for (auto i = more.begin(); i != more.end(); ++i) {
    const auto has_its_id
      = [&](const auto& other) { return other.id == i->id; };
    require(!i->id.empty() && i->id.size() <= 255
              && http::percent_encode(i->id) == i->id,
            *i, "control.id", "1 to 255 letters, digits and -._~");
    require(std::ranges::none_of(all_, has_its_id)
              && std::none_of(more.begin(), i, has_its_id),
            *i, "control.id", "one that no other control has");
    require(static_cast<bool>(i->run), *i, "control", "one that has a run");
  }
  std::move(more.begin(), more.end(), std::back_inserter(all_));
}

bool controls::is_running_here() const noexcept {
  return running_here == this;
}

void controls::clear() {
  std::unique_lock one_at_a_time{mutex_};
  if (!is_running_here())
    changed_.wait(one_at_a_time, [this] { return running_.empty(); });
  std::unique_lock guard{list_mutex_};
  all_.clear();
}

namespace {

/// Whether this is how things are; nothing, if nobody knows.
json active(const admin_control& which) {
  try {
    return which.active ? json(which.active()) : json{};
  } catch (...) {
    // The others are to be seen all the same.
    return {};
  }
}

} // namespace

json controls::list() const {
  auto result = json::array();
  std::shared_lock guard{list_mutex_};
  for (const auto& each : all_)
    result.push_back(
      {{"id", each.id},
       {"tool", each.tool.empty() ? json{} : json(detail::to_utf8(each.tool))},
       {"group", each.group},
       {"label", each.label},
       {"description", each.description},
       {"active", active(each)}});
  return result;
}

std::optional<admin_control> controls::find(std::string_view id) const {
  std::shared_lock guard{list_mutex_};
  const auto i = std::ranges::find(all_, id, &admin_control::id);
  return i == all_.end() ? std::nullopt : std::optional{*i};
}

control_result controls::run(std::string_view id,
                             std::function<void(const control_result&)> ended) {
  using kind = control_result::kind;
  const auto until = clock::now() + patience_;
  // Outlives this call if the control does.
  const auto result = std::make_shared<optional_result>();
  std::unique_lock guard{mutex_};
  const auto wait_for = [&](auto condition) {
    changed_.wait_until(guard, until,
                        [&] { return impatient_ || condition(); });
    return condition();
  };
  if (!wait_for([&] { return running_.empty(); }))
    return {kind::busy, "the control " + running_ + " is still running"};
  auto which = find(id);
  if (!which)
    return {kind::unknown, "there is no control " + std::string{id}};
  auto job = [this, which = std::move(which), ended = std::move(ended),
              result]() mutable {
    auto outcome = call(*which);
    try {
      if (ended)
        ended(outcome);
    } catch (...) {
      // Whoever waits is told all the same.
    }
    which.reset(); // nothing of the program's is left when it is done
    std::lock_guard done{mutex_};
    *result = std::move(outcome);
    running_.clear();
    changed_.notify_all();
  };
  if (!thread_.submit(std::move(job)))
    return {kind::busy, "controls are no longer run"};
  running_ = id;
  if (!wait_for([&] { return result->has_value(); }))
    return {kind::running, "it is still running"};
  return **result;
}

control_result controls::call(const admin_control& which) noexcept {
  using kind = control_result::kind;
  running_here = this;
  control_result result{kind::failed, {}};
  try {
    result = {kind::done, which.run()};
  } catch (const std::exception& thrown) {
    result.text = thrown.what();
  } catch (...) {
    result.text = "something was thrown that is no std::exception";
  }
  running_here = nullptr;
  return result;
}

void controls::stop_waiting() {
  std::lock_guard guard{mutex_};
  impatient_ = true;
  changed_.notify_all();
}

void controls::wait_again() {
  std::lock_guard guard{mutex_};
  impatient_ = false;
}

} // namespace switchgear::admin
