#include "controls.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "../http/message.hpp"
#include "switchgear/detail/utf8.hpp"
#include "switchgear/runtime.hpp"

namespace switchgear::admin {

namespace {

/// Whose control this thread runs.
thread_local const controls* running_here = nullptr;

} // namespace

void controls::add(std::vector<admin_control> more) {
  const auto require = [](bool fine, const admin_control& which,
                          const char* field, const char* allowed) {
    if (!fine)
      throw setup_error{
        errc::invalid_config,
        "admin: "
          + config_error{field, '"' + which.id + '"', allowed}.to_string()};
  };
  std::unique_lock guard{mutex_};
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
  std::unique_lock one_at_a_time{running_, std::defer_lock};
  if (!is_running_here())
    one_at_a_time.lock();
  std::unique_lock guard{mutex_};
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
  std::shared_lock guard{mutex_};
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
  std::shared_lock guard{mutex_};
  const auto i = std::ranges::find(all_, id, &admin_control::id);
  return i == all_.end() ? std::nullopt : std::optional{*i};
}

std::optional<std::string> controls::run(std::string_view id) {
  std::lock_guard one_at_a_time{running_};
  const auto which = find(id);
  if (!which)
    return std::nullopt;
  struct mark {
    explicit mark(const controls* who) {
      running_here = who;
    }
    ~mark() {
      running_here = nullptr;
    }
  } const until_it_is_done{this};
  return which->run();
}

} // namespace switchgear::admin
