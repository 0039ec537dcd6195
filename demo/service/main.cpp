// The small HTTP service that the demo's calls go to, and that it breaks.
//
//   demo_service [PORT [LATENCY_MS]]
//
// GET /times-ten/N answers 10 * N after about LATENCY_MS. Standard output says
// `listening PORT` once connections are taken, or `failed REASON`. Standard
// input takes one word a line, which is repeated on standard output when it is
// in force: `healthy`, `errors` (answers 500) or `hang` (takes connections and
// never answers). The service ends with its standard input, and with the
// process that started it.

#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <mutex>
#include <random>
#include <string>
#include <thread>

#include <httplib.h>

namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

enum class behaviour { healthy, errors, hang };

/// How the service behaves now. A hung request waits here for better times.
class behaviour_switch {
public:
  void set(behaviour value) {
    {
      std::lock_guard guard{mutex_};
      value_ = value;
    }
    changed_.notify_all();
  }

  behaviour get_unless_hung() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this] { return value_ != behaviour::hang; });
    return value_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  behaviour value_ = behaviour::healthy;
};

/// Around the typical latency, with now and then a slow one: nobody believes a
/// constant.
microseconds some_latency(milliseconds typical) {
  thread_local std::minstd_rand generator{std::random_device{}()};
  std::lognormal_distribution<double> factor{0.0, 0.4};
  auto usual
    = static_cast<double>(duration_cast<microseconds>(typical).count());
  auto drawn = usual * std::min(factor(generator), 4.0);
  return microseconds{static_cast<microseconds::rep>(drawn)};
}

void reply_to_parent(const std::string& line) {
  std::cout << line << std::endl;
}

void serve_commands(behaviour_switch& current) {
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "healthy")
      current.set(behaviour::healthy);
    else if (line == "errors")
      current.set(behaviour::errors);
    else if (line == "hang")
      current.set(behaviour::hang);
    else
      line = "failed unknown command: " + line;
    reply_to_parent(line);
  }
}

} // namespace

int main(int argc, char** argv) {
  // A stopped process does not see its input end; this signal finds it.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::signal(SIGPIPE, SIG_IGN);
  const int wanted_port = argc > 1 ? std::atoi(argv[1]) : 0;
  const milliseconds latency{argc > 2 ? std::atoi(argv[2]) : 0};

  // The program ends by _Exit below, while requests may still hang on these.
  behaviour_switch current;
  httplib::Server server;
  server.new_task_queue = [] { return new httplib::ThreadPool(16); };
  // Not the default, SO_REUSEPORT, which lets two services share a port. The
  // demo holds the port with a socket of its own, so this is needed.
  server.set_socket_options([](socket_t fd) {
    const int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  });
  server.Get(R"(/times-ten/(\d{1,9}))", [&](const httplib::Request& request,
                                            httplib::Response& response) {
    std::this_thread::sleep_for(some_latency(latency));
    if (current.get_unless_hung() == behaviour::errors) {
      response.status = 500;
      response.set_content("simulated failure\n", "text/plain");
      return;
    }
    auto n = std::stoll(request.matches[1]);
    response.set_content(std::to_string(10 * n) + "\n", "text/plain");
  });

  const std::string host = "127.0.0.1";
  int port = wanted_port;
  if (wanted_port == 0)
    port = server.bind_to_any_port(host);
  else if (!server.bind_to_port(host, wanted_port))
    port = -1;
  if (port < 0) {
    reply_to_parent("failed cannot bind " + host + ":"
                    + std::to_string(wanted_port) + ": "
                    + std::strerror(errno));
    return 1;
  }
  std::thread{[&server] { server.listen_after_bind(); }}.detach();
  reply_to_parent("listening " + std::to_string(port));
  serve_commands(current);
  std::_Exit(0);
}
