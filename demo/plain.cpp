#include "plain.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <optional>

#include "switchgear/chaos/report.hpp"
#include "text.hpp"

namespace demo {

namespace {

using namespace std::chrono_literals;

// How long a breaker may take to recover until the report is made without it.
constexpr auto recovery_patience = 60s;

// Nobody means a longer one.
constexpr std::size_t max_line = 4096;

/// Lines of standard input, and signals while waiting for them.
class line_reader {
public:
  explicit line_reader(signals& sent) : sent_(sent) {
    // nop
  }

  /// Nothing at the end of the input. A last line need not have an end.
  std::optional<std::string> next() {
    for (;;) {
      const auto end = buffer_.find('\n');
      if (end != buffer_.npos || buffer_.size() > max_line)
        return take(end);
      if (at_end_)
        return buffer_.empty() ? std::nullopt : take(buffer_.npos);
      fill();
    }
  }

private:
  std::optional<std::string> take(std::size_t end) {
    auto result = buffer_.substr(0, end);
    buffer_.erase(0, end == buffer_.npos ? end : end + 1);
    return result;
  }

  void fill() {
    std::array<pollfd, 2> ready{
      {{STDIN_FILENO, POLLIN, 0}, {sent_.fd(), POLLIN, 0}}};
    poll(ready.data(), ready.size(), -1);
    sent_.take();
    if (ready[0].revents == 0)
      return;
    std::array<char, 1024> bytes;
    const auto got = read(STDIN_FILENO, bytes.data(), bytes.size());
    if (got > 0)
      buffer_.append(bytes.data(), static_cast<std::size_t>(got));
    else if (got == 0 || (errno != EINTR && errno != EAGAIN))
      at_end_ = true;
  }

  signals& sent_;
  std::string buffer_;
  bool at_end_ = false;
};

void say(const std::string& line) {
  std::puts(line.c_str());
  std::fflush(stdout);
}

void call(keeper& tools, std::optional<std::size_t> which) {
  const auto names = tools.names();
  for (std::size_t i = 0; i < names.size(); ++i)
    if (!which || *which == i)
      say(names[i] + ": " + tools.call(i).text);
}

/// What there is to see now.
std::shared_ptr<const screen> look(keeper& tools) {
  tools.run([](fleet&) { /* the keeper looks after whatever it does */ });
  return tools.latest();
}

std::string execute(keeper& tools, const command& order) {
  std::string done;
  tools.run([&](fleet& all) { done = all.execute(order); });
  return done;
}

void print_stats(const std::vector<tool_view>& tools) {
  std::printf("%-10s %-9s %-9s %7s %9s %7s %9s %6s %9s\n", "tool", "service",
              "state", "calls", "successes", "failed", "rejected", "trips",
              "restarts");
  for (const auto& [stats, settings, service, port, traffic, chaos, recent] :
       tools) {
    using number = unsigned long long;
    const auto text = [](std::string_view value) { return std::string{value}; };
    std::printf("%-10s %-9s %-9s %7llu %9llu %7llu %9llu %6llu %9llu\n",
                stats.name.c_str(), text(to_string(service)).c_str(),
                text(to_string(stats.state)).c_str(),
                static_cast<number>(stats.total_calls),
                static_cast<number>(stats.total_successes),
                static_cast<number>(stats.total_failures),
                static_cast<number>(stats.total_rejected),
                static_cast<number>(stats.trip_count),
                static_cast<number>(stats.restarts));
    if (stats.state == switchgear::state::open)
      std::printf("  next probe in %s; %s\n", brief(stats.retry_after).c_str(),
                  stats.why.c_str());
  }
  std::fflush(stdout);
}

/// The numbers of those that an order is for.
std::vector<switchgear::statistics>
stats_of(keeper& tools, const std::optional<std::size_t>& which) {
  std::vector<switchgear::statistics> result;
  const auto seen = look(tools);
  for (std::size_t i = 0; i < seen->tools.size(); ++i)
    if (!which || *which == i)
      result.push_back(seen->tools[i].stats);
  return result;
}

/// Has calls made for as long as the order says and until the breakers have
/// recovered, and says how they came through it.
void endure(keeper& tools, const chaos_order& order, signals& sent) {
  const auto before = stats_of(tools, order.tool);
  std::vector<std::size_t> silent; // those to be silent again
  std::string done;
  tools.run([&](fleet& all) {
    done = all.execute(order);
    for (std::size_t i = 0; i < all.names().size(); ++i)
      if ((!order.tool || *order.tool == i) && !all.at(i).steady_traffic()) {
        all.at(i).set_steady_traffic(true);
        silent.push_back(i);
      }
  });
  say(done);
  auto left = std::chrono::milliseconds{order.lasts + recovery_patience};
  const auto recovered = [&] {
    return left <= recovery_patience
           && std::ranges::all_of(stats_of(tools, order.tool), [](auto& each) {
                return each.state == switchgear::state::closed;
              });
  };
  for (constexpr auto step = 100ms; left > 0ms && !recovered(); left -= step)
    sent.wait(step);
  tools.run([&](fleet& all) {
    for (const auto i : silent)
      all.at(i).set_steady_traffic(false);
  });
  const auto after = stats_of(tools, order.tool);
  auto text = switchgear::chaos::report_of(before, after).to_string();
  text.pop_back(); // the last line's end
  say(text);
}

/// Returns whether to go on.
bool serve(keeper& tools, request what) {
  switch (what) {
    case request::none:
      break;
    case request::stats:
      print_stats(look(tools)->tools);
      break;
    case request::events:
      for (const auto& entry : look(tools)->log)
        say(entry.time + "  " + entry.tool + "  " + entry.text);
      break;
    case request::help:
      say(line_mode_help(tools.names()));
      break;
    case request::quit:
      return false;
  }
  return true;
}

} // namespace

void run_plain(keeper& tools, const std::string& dashboard, signals& sent) {
  if (!dashboard.empty())
    say("\nDashboard: " + dashboard);
  say("\nCommands, one a line; try help.");
  line_reader input{sent};
  while (const auto text = input.next()) {
    const auto meaning = parse(*text, tools.names());
    if (const auto* what = std::get_if<request>(&meaning)) {
      if (!serve(tools, *what))
        return;
    } else if (const auto* order = std::get_if<command>(&meaning)) {
      if (order->what == action::call)
        call(tools, order->tool);
      else
        say(execute(tools, *order));
    } else if (const auto* chaos = std::get_if<chaos_order>(&meaning)) {
      endure(tools, *chaos, sent);
    } else {
      say("? " + std::get<misunderstanding>(meaning).text);
    }
  }
}

} // namespace demo
