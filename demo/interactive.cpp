#include "interactive.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>

#include "keys.hpp"
#include "terminal.hpp"
#include "view.hpp"

namespace demo {

namespace {

constexpr auto frame = std::chrono::milliseconds{100};

/// Leaves time to read what is on the screen, for it is about to go.
void wait_for_enter(signals& sent) {
  using clock = std::chrono::steady_clock;
  const auto end = clock::now() + std::chrono::seconds{6};
  std::fputs("\nThe live view comes in a few seconds; Enter: now ", stdout);
  std::fflush(stdout);
  for (;;) {
    const auto left
      = std::chrono::ceil<std::chrono::milliseconds>(end - clock::now());
    if (left.count() <= 0)
      return;
    std::array<pollfd, 2> ready{
      {{STDIN_FILENO, POLLIN, 0}, {sent.fd(), POLLIN, 0}}};
    poll(ready.data(), ready.size(), static_cast<int>(left.count()));
    sent.take();
    if (ready[0].revents != 0) // taking the terminal discards the line
      return;
  }
}

/// What the keyboard has changed about the screen, and what it asks for.
class session {
public:
  session(keeper& tools, const std::string& dashboard, terminal& display)
    : tools_(tools),
      dashboard_(dashboard),
      display_(display) {
    // nop
  }

  void draw() {
    auto now = *tools_.latest();
    tool_count_ = now.tools.size();
    now.selected = selected_;
    now.help = help_;
    now.dashboard = dashboard_;
    display_.draw(render(now, look_));
  }

  void resize() {
    look_ = look_of_terminal();
    display_.clear();
  }

  /// Returns whether the session goes on.
  bool handle(const key_press& key) {
    using meaning = key_press::meaning;
    if (key.kind == meaning::interrupt)
      throw interrupted{SIGINT};
    if (key.kind == meaning::quit)
      return false;
    if (help_) {
      help_ = false;
      return true;
    }
    switch (key.kind) {
      case meaning::act:
        tools_.post([what = command{key.what, selected_}](fleet& all) {
          all.execute(what);
        });
        break;
      case meaning::traffic_all:
        tools_.post([](fleet& all) { all.toggle_all_traffic(); });
        break;
      case meaning::up:
        selected_ = (selected_ + tool_count_ - 1) % tool_count_;
        break;
      case meaning::down:
        selected_ = (selected_ + 1) % tool_count_;
        break;
      case meaning::pick:
        if (key.index < tool_count_)
          selected_ = key.index;
        break;
      case meaning::help:
        help_ = true;
        break;
      case meaning::redraw:
        resize();
        break;
      case meaning::suspend:
        display_.suspend();
        resize();
        break;
      default:
        break;
    }
    return true;
  }

  bool handle(const std::vector<key_press>& keys) {
    for (const auto& key : keys)
      if (!handle(key))
        return false;
    return true;
  }

private:
  keeper& tools_;
  const std::string& dashboard_;
  terminal& display_;
  look look_ = look_of_terminal();
  std::size_t tool_count_ = 1;
  std::size_t selected_ = 0;
  bool help_ = false;
};

} // namespace

void run_interactive(keeper& tools, const std::string& dashboard,
                     signals& sent) {
  if (!dashboard.empty())
    std::printf("\nDashboard: %s\n", dashboard.c_str());
  wait_for_enter(sent);
  terminal display;
  session current{tools, dashboard, display};
  key_decoder decoder;
  for (;;) {
    current.draw();
    std::array<pollfd, 2> ready{
      {{STDIN_FILENO, POLLIN, 0}, {sent.fd(), POLLIN, 0}}};
    poll(ready.data(), ready.size(), static_cast<int>(frame.count()));
    if (sent.take())
      current.resize();
    if ((ready[0].revents & (POLLHUP | POLLERR)) != 0)
      throw interrupted{SIGHUP};
    const auto keys = display.read_keys();
    if (!current.handle(keys.empty() ? decoder.idle() : decoder.feed(keys)))
      return;
  }
}

} // namespace demo
