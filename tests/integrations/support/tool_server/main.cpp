// An HTTP server that behaves as it is told: tool_server PORT [TALLY]
//
// TALLY is a file in which it counts, see `server_tally`.
//
// It says `listening` on standard output. Each line on standard input is
// answered with one. These say how requests are answered from then on; fields
// are separated by tabs:
//
//   healthy                    200; the body is the method, the target and the
//                              request's body, in a line each
//   status CODE [HEADER: V]... that status, with these headers, and a body
//   size N                     200 with a body of N bytes
//   drop N                     promises 1000 bytes, and closes after N
//   hang                       not at all, until told otherwise
//   slow MS                    as `healthy`, after that time
//   events [TEXT]...           a stream of server-sent events: each TEXT in one
//                              piece; of these `<hang>` hangs until told
//                              otherwise, `<drop>` closes the connection,
//                              `<slow MS>` waits. `\n` is a line's end.
//
// And these ask: `connections`, `requests`, `last` (the last request as JSON).
// It ends with its standard input.

#include <atomic>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <httplib.h>
#include <nlohmann/json.hpp>

#include "integrations/support/server_tally.hpp"

namespace {

using switchgear::test::server_tally;
using switchgear::test::shared_tally;

using words = std::vector<std::string>;

words split(const std::string& line) {
  words result{""};
  for (char each : line)
    if (each == '\t')
      result.emplace_back();
    else
      result.back() += each;
  // The first two are words of one command.
  if (const auto blank = result[0].find(' '); blank != std::string::npos) {
    result.insert(result.begin() + 1, result[0].substr(blank + 1));
    result[0].resize(blank);
  }
  return result;
}

std::string unescape(std::string text) {
  for (auto at = text.find("\\n"); at != text.npos; at = text.find("\\n", at))
    text.replace(at, 2, "\n");
  return text;
}

/// How it behaves now, and who hangs until that changes.
class behaviour {
public:
  void set(words to) {
    {
      std::lock_guard guard{mutex_};
      words_ = std::move(to);
      ++version_;
    }
    changed_.notify_all();
  }

  words get() {
    std::lock_guard guard{mutex_};
    return words_;
  }

  words wait_for_another() {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [this, old = version_] { return version_ != old; });
    return words_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  words words_{"healthy"};
  int version_ = 0;
};

struct counters {
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> requests{0};
  std::mutex mutex;
  std::string last = "null";
};

/// Sees each connection that is accepted.
class counting_queue : public httplib::ThreadPool {
public:
  counting_queue(std::size_t threads, counters& in)
    : ThreadPool(threads),
      counters_(in) {
    // nop
  }

  void enqueue(std::function<void()> job) override {
    ++counters_.connections;
    ThreadPool::enqueue(std::move(job));
  }

private:
  counters& counters_;
};

void note(const httplib::Request& request, counters& in) {
  nlohmann::json told{{"method", request.method},
                      {"target", request.target},
                      {"body", request.body},
                      {"headers", nlohmann::json::object()}};
  for (const auto& [name, value] : request.headers) {
    auto small = name;
    for (auto& c : small)
      c = static_cast<char>(std::tolower(c));
    told["headers"][small] = value;
  }
  std::lock_guard guard{in.mutex};
  in.last = told.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

/// @returns whether the connection is to be kept
bool play_piece(const std::string& piece, httplib::DataSink& sink,
                behaviour& now) {
  if (piece == "<drop>")
    return false;
  if (piece == "<hang>") {
    now.wait_for_another();
    return false;
  }
  if (piece.starts_with("<slow ")) {
    std::this_thread::sleep_for(
      std::chrono::milliseconds{std::stoi(piece.substr(6))});
    return true;
  }
  const auto text = unescape(piece);
  return sink.write(text.data(), text.size());
}

void stream(const words& pieces, httplib::Response& response, behaviour& now) {
  response.set_chunked_content_provider(
    "text/event-stream", [pieces, &now](std::size_t, httplib::DataSink& sink) {
      for (std::size_t i = 1; i < pieces.size(); ++i)
        if (!play_piece(pieces[i], sink, now))
          return false;
      sink.done();
      return true;
    });
}

void drop_after(std::size_t bytes, httplib::Response& response) {
  response.set_content_provider(
    1000, "text/plain",
    [bytes](std::size_t offset, std::size_t, httplib::DataSink& sink) {
      if (offset >= bytes)
        return false;
      const std::string text(bytes - offset, '.');
      return sink.write(text.data(), text.size());
    });
}

void answer(const httplib::Request& request, httplib::Response& response,
            behaviour& now) {
  auto how = now.get();
  while (how[0] == "hang")
    how = now.wait_for_another();
  const int number = how.size() > 1 ? std::atoi(how[1].c_str()) : 0;
  if (how[0] == "events")
    return stream(how, response, now);
  if (how[0] == "drop")
    return drop_after(static_cast<std::size_t>(number), response);
  if (how[0] == "size")
    return response.set_content(
      std::string(static_cast<std::size_t>(number), '.'), "text/plain");
  if (how[0] == "status") {
    response.status = number;
    for (std::size_t i = 2; i < how.size(); ++i)
      if (const auto colon = how[i].find(": "); colon != std::string::npos)
        response.set_header(how[i].substr(0, colon).c_str(),
                            how[i].substr(colon + 2));
    if (number >= 200 && number != 204 && number != 304)
      response.set_content("status " + how[1] + "\n", "text/plain");
    return;
  }
  if (how[0] == "slow")
    std::this_thread::sleep_for(std::chrono::milliseconds{number});
  response.set_content(request.method + "\n" + request.target + "\n"
                         + request.body + "\n",
                       "text/plain");
}

/// A request in the tally, from its arrival to its answer.
class visit {
public:
  visit(server_tally& in, const httplib::Response& response)
    : tally_(in),
      response_(response) {
    ++tally_.requests;
    const auto now = ++tally_.under_way;
    auto most = tally_.most_under_way.load();
    while (most < now
           && !tally_.most_under_way.compare_exchange_weak(most, now))
      continue;
  }

  visit(const visit&) = delete;
  visit& operator=(const visit&) = delete;

  // Before the answer is sent: who has it has ended the visit.
  ~visit() {
    // 200 is what httplib makes of none.
    if (response_.status == -1 || response_.status == 200)
      ++tally_.answers;
    --tally_.under_way;
  }

private:
  server_tally& tally_;
  const httplib::Response& response_;
};

std::string reply(const std::string& line, behaviour& now, counters& seen) {
  if (line == "connections")
    return std::to_string(seen.connections);
  if (line == "requests")
    return std::to_string(seen.requests);
  if (line == "last") {
    std::lock_guard guard{seen.mutex};
    return seen.last;
  }
  auto how = split(line);
  for (const auto* known :
       {"healthy", "status", "size", "drop", "hang", "slow", "events"})
    if (how[0] == known) {
      now.set(std::move(how));
      return "done";
    }
  return "error: unknown: " + line;
}

} // namespace

int main(int argc, char** argv) {
  const int port = argc > 1 ? std::atoi(argv[1]) : 0;
  behaviour now;
  counters seen;
  std::optional<shared_tally> tally;
  if (argc > 2) {
    tally.emplace(argv[2]);
    (*tally)->under_way = 0; // whatever was when another one was killed
  }
  httplib::Server server;
  // One for each connection, and for those that hang.
  server.new_task_queue = [&] { return new counting_queue(32, seen); };
  server.set_keep_alive_max_count(1'000'000);
  server.set_keep_alive_timeout(60);
  server.set_tcp_nodelay(true);
  server.set_socket_options([](socket_t fd) {
    const int on = 1; // a test holds the port with a socket of its own
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  });
  const auto handler = [&](const auto& request, auto& response) {
    std::optional<visit> counted;
    if (tally)
      counted.emplace(*tally->operator->(), response);
    note(request, seen);
    ++seen.requests;
    answer(request, response, now);
  };
  server.Get(".*", handler);
  server.Post(".*", handler);
  server.Put(".*", handler);
  server.Patch(".*", handler);
  server.Delete(".*", handler);
  server.Options(".*", handler);
  if (!server.bind_to_port("127.0.0.1", port)) {
    std::cout << "cannot bind port " << port << std::endl;
    return 1;
  }
  std::thread{[&] { server.listen_after_bind(); }}.detach();
  std::cout << "listening" << std::endl;
  for (std::string line; std::getline(std::cin, line);)
    std::cout << reply(line, now, seen) << std::endl;
  std::_Exit(0);
}
