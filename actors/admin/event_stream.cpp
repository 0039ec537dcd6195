#include "event_stream.hpp"

#include <chrono>
#include <utility>

#include "iso_time.hpp"

namespace switchgear::admin {

namespace {

using namespace std::chrono_literals;

// Proxies and browsers take a silent connection for a dead one.
constexpr auto longest_silence = 15s;

std::string_view name_of(journal::kind value) {
  switch (value) {
    case journal::kind::change:
      return "change";
    case journal::kind::call:
      return "call";
    case journal::kind::admin:
      return "admin";
  }
  return "?";
}

} // namespace

event_stream::event_stream(std::shared_ptr<const journal> from,
                           std::string instance, std::uint64_t after,
                           journal::filter wanted)
  : journal_(std::move(from)),
    instance_(std::move(instance)),
    after_(after),
    wanted_(std::move(wanted)) {
  // nop
}

std::string event_stream::greeting() const {
  return "retry: 1000\nevent: hello\ndata: {\"instance\":\"" + instance_
         + "\",\"now\":\"" + iso_time(std::chrono::system_clock::now())
         + "\",\"after\":" + std::to_string(after_)
         + ",\"last\":" + std::to_string(journal_->last()) + "}\n\n";
}

std::string event_stream::next(time_point now, std::size_t most) {
  std::string result;
  if (!std::exchange(greeted_, true))
    result = greeting();
  std::string events;
  const auto got = journal_->read(after_, wanted_, [&](const auto& each) {
    if (events.size() >= most)
      return false;
    events.append("id: ").append(instance_).append("-");
    events.append(std::to_string(each.number));
    events.append("\nevent: ").append(name_of(each.kind));
    events.append("\ndata: ").append(each.json).append("\n\n");
    return true;
  });
  if (got.missed != 0)
    result += "event: missed\ndata: {\"count\":"
              + (got.missed ? std::to_string(*got.missed) : "null") + "}\n\n";
  after_ = got.next;
  result += events;
  if (result.empty() && now - last_word_ >= longest_silence)
    result = ": keep-alive\n\n";
  if (!result.empty())
    last_word_ = now;
  return result;
}

} // namespace switchgear::admin
