// A program with an admin server, for tests from outside. It prints the URL and
// does what is said on standard input, a line each, until that ends:
//
//   calls N TOOL       N calls that go well
//   failures N TOOL    N calls that fail
//   traffic PERCENT    a steady stream of calls to all breakers, of which so
//                      many of tool-0 fail; 0 to 100, or off
//   kill               kills the actor that serves
//   kill TOOL          kills a breaker's actor
//   unregister TOOL
//   controls           adds controls: `toggle`, `throws`, `throws-a-number` and
//                      `hang`
//   release            lets `hang` come back, now or later
//   remove_controls
//
// Each is answered with a line: ok, or what went wrong. TOOL is
// percent-encoded.

#include <atomic>
#include <cstdint>
#include <iostream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "http/message.hpp"
#include "switchgear/switchgear.hpp"

namespace {

using namespace std::chrono_literals;
using namespace switchgear;

config rules() {
  config result;
  result.failure_threshold = 3;
  result.success_threshold = 2;
  result.open_timeout = 1s;
  return result;
}

void call(breaker& which, bool well) {
  static_cast<void>(which.call([=] {
    if (!well)
      throw std::runtime_error{"connection <refused>"};
  }));
}

/// Calls all breakers, one after the other, again and again.
class stream_of_calls {
public:
  explicit stream_of_calls(std::vector<breaker> all)
    : all_(std::move(all)),
      thread_([this](std::stop_token stop) { work(stop); }) {
    // nop
  }

  void set_failing(int percent) {
    percent_ = percent;
  }

private:
  void work(std::stop_token stop) {
    for (unsigned n = 0; !stop.stop_requested(); ++n) {
      std::this_thread::sleep_for(5ms);
      const int percent = percent_;
      if (percent < 0)
        continue;
      for (std::size_t i = 0; i < all_.size(); ++i)
        call(all_[i], i != 0 || static_cast<int>(n * 37 % 100) >= percent);
    }
  }

  std::vector<breaker> all_;
  std::atomic<int> percent_ = -1; // off
  std::jthread thread_;
};

class host {
public:
  host(admin_options how, int breakers) : runtime_(options_of(std::move(how))) {
    std::vector<breaker> all;
    for (int i = 0; i < breakers; ++i)
      all.push_back(runtime_.breaker("tool-" + std::to_string(i), rules()));
    stream_.emplace(std::move(all));
    std::cout << runtime_.admin()->url() << std::endl;
  }

  ~host() {
    release();
  }

  std::string obey(const std::string& line) {
    std::istringstream words{line};
    std::string what;
    words >> what;
    if (what == "calls" || what == "failures") {
      int n = 0;
      words >> n;
      auto which = runtime_.breaker(tool(words), rules());
      while (n-- > 0)
        call(which, what == "calls");
    } else if (what == "traffic") {
      std::string percent;
      words >> percent;
      stream_->set_failing(percent == "off" ? -1 : std::stoi(percent));
    } else if (what == "kill") {
      if (const auto name = tool(words); name.empty())
        runtime_.admin()->kill();
      else
        return said(runtime_.kill(name));
    } else if (what == "unregister") {
      return said(runtime_.unregister_breaker(tool(words)));
    } else if (what == "controls") {
      add_controls();
    } else if (what == "release") {
      release();
    } else if (what == "remove_controls") {
      runtime_.admin()->remove_controls();
    } else {
      return "not understood";
    }
    return "ok";
  }

private:
  static runtime_options options_of(admin_options how) {
    runtime_options result;
    result.admin = std::move(how);
    result.telemetry.otlp.emplace(); // whatever the environment says
    return result;
  }

  void add_controls() {
    admin_control toggle;
    toggle.id = "toggle";
    toggle.tool = "tool-0";
    toggle.group = "Service";
    toggle.label = "Switch";
    toggle.description = "Switches something on, or off again.";
    toggle.run = [this] { return (on_ = !on_) ? "It is on." : "It is off."; };
    toggle.active = [this] { return on_.load(); };
    admin_control throws;
    throws.id = "throws";
    throws.label = "Try";
    throws.run = []() -> std::string { throw std::runtime_error{"no <way>"}; };
    auto throws_a_number = throws;
    throws_a_number.id = "throws-a-number";
    throws_a_number.run = []() -> std::string { throw 42; };
    admin_control hang;
    hang.id = "hang";
    hang.label = "Hang";
    hang.description = "Does not come back by itself.";
    hang.run = [this] {
      released_.wait(false);
      return std::string{"It has come back."};
    };
    runtime_.admin()->add({toggle, throws, throws_a_number, hang});
  }

  void release() {
    released_ = true;
    released_.notify_all();
  }

  static std::string tool(std::istream& from) {
    std::string result;
    from >> result;
    return http::percent_decode(result);
  }

  static std::string said(const expected<void, failure>& done) {
    return done ? "ok" : done.error().to_string();
  }

  // Outlive the controls that use them.
  std::atomic<bool> on_ = false;
  std::atomic<bool> released_ = false;
  runtime runtime_;
  std::optional<stream_of_calls> stream_;
};

} // namespace

namespace {

/// The option that stands at `argv[i]`, with its value after it.
bool read_option(char** argv, int i, admin_options& how, int& breakers) {
  const std::string name = argv[i];
  const std::string value = argv[i + 1];
  if (name == "--breakers")
    breakers = std::stoi(value);
  else if (name == "--listen")
    set_listen_address(how, value);
  else if (name == "--token")
    how.token = value;
  else if (name == "--token-file")
    how.token_file = value;
  else if (name == "--host")
    how.hosts.push_back(value);
  else if (name == "--title")
    how.title = value;
  else if (name == "--events")
    how.events = std::stoul(value);
  else if (name == "--threads")
    how.threads = std::stoul(value);
  else if (name == "--control-patience")
    how.control_patience = std::chrono::milliseconds{std::stoi(value)};
  else if (name == "--connections")
    how.connections = std::stoul(value);
  else if (name == "--streams")
    how.streams = std::stoul(value);
  else
    return false;
  return true;
}

} // namespace

int main(int argc, char** argv) {
  admin_options how;
  how.port = 0;
  int breakers = 4;
  try {
    for (int i = 1; i + 1 < argc; i += 2)
      if (!read_option(argv, i, how, breakers))
        return std::cerr << "unknown option " << argv[i] << '\n', 2;
    host all{std::move(how), breakers};
    for (std::string line; std::getline(std::cin, line);)
      std::cout << all.obey(line) << std::endl;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
