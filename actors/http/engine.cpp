#include "engine.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include <httplib.h>

namespace switchgear::http {

namespace {

/// What cpp-httplib takes for a connection: a text to read, one to write.
class memory_stream final : public httplib::Stream {
public:
  explicit memory_stream(std::string_view input) : input_(input) {
    // nop
  }

  bool is_readable() const override {
    return true;
  }

  bool is_writable() const override {
    return true;
  }

  ssize_t read(char* into, size_t size) override {
    const auto n = std::min(size, input_.size());
    std::copy_n(input_.data(), n, into);
    input_.remove_prefix(n);
    return static_cast<ssize_t>(n);
  }

  ssize_t write(const char* from, size_t size) override {
    output.append(from, size);
    return static_cast<ssize_t>(size);
  }

  void get_remote_ip_and_port(std::string&, int&) const override {
    // nop
  }

  void get_local_ip_and_port(std::string&, int&) const override {
    // nop
  }

  socket_t socket() const override {
    return 0; // has no limit to exceed
  }

  std::string output;

private:
  std::string_view input_;
};

/// What is on its way through cpp-httplib, which takes nothing of ours along.
struct exchange {
  std::string peer;
  std::string body;
  /// Instead of asking the handler.
  const response* decided = nullptr;
  std::shared_ptr<event_source> events;
};

thread_local exchange* current = nullptr;

/// Brotli as cpp-httplib does it takes a minute for what gzip does in a tenth
/// of a second.
void leave_gzip_only(httplib::Headers& headers) {
  const std::string name = "Accept-Encoding";
  const auto [first, last] = headers.equal_range(name);
  const bool gzip = std::any_of(first, last, [](const auto& each) {
    return each.second.find("gzip") != std::string::npos;
  });
  headers.erase(first, last);
  if (gzip)
    headers.emplace(name, "gzip");
}

request understood(const httplib::Request& from, exchange& what) {
  request result;
  result.method = from.method;
  result.target = from.target.substr(0, from.target.find('?'));
  result.query = from.params;
  result.body = std::move(what.body);
  result.peer = what.peer;
  result.header
    = [&from](const char* name) { return from.get_header_value(name); };
  return result;
}

} // namespace

class engine::server : public httplib::Server {
public:
  server(handler handle, error_handler refuse)
    : handle_(std::move(handle)),
      refuse_(std::move(refuse)) {
    set_pre_routing_handler([this](const auto& asked, auto& into) {
      // Else cpp-httplib promises them.
      if (asked.method == "HEAD")
        into.set_header("Accept-Ranges", "none");
      write(current->decided ? *current->decided : decide(asked), into);
      return HandlerResponse::Handled;
    });
    // What cpp-httplib refuses by itself has no body.
    set_error_handler(HandlerWithResponse{[this](const auto&, auto& into) {
      if (into.body.empty())
        write(refuse_(into.status, "this is no HTTP request that could be "
                                   "understood"),
              into);
      return HandlerResponse::Handled;
    }});
  }

  answer run(std::string_view head, exchange& what) {
    memory_stream stream{head};
    current = &what;
    bool closed = false;
    process_request(stream, true, closed, [](httplib::Request& asked) {
      // Parts of an answer are of no use to anybody, and many of them cost.
      asked.ranges.clear();
      // The body is here already.
      asked.headers.erase("Expect");
      leave_gzip_only(asked.headers);
    });
    current = nullptr;
    return {std::move(stream.output), std::move(what.events)};
  }

  response refusal(int status, const std::string& why) const {
    return refuse_(status, why);
  }

private:
  response decide(const httplib::Request& asked) const {
    try {
      return handle_(understood(asked, *current));
    } catch (const std::exception& error) {
      return refuse_(500, error.what());
    } catch (...) {
      return refuse_(500, "something was thrown that is no std::exception");
    }
  }

  static void write(const response& from, httplib::Response& into) {
    into.status = from.status;
    for (const auto& [name, value] : from.headers)
      into.set_header(name, value);
    if (!from.events) {
      into.set_content(from.body, from.content_type);
      return;
    }
    // A head without a length; what follows is not cpp-httplib's.
    current->events = from.events;
    into.set_content_provider(from.content_type,
                              [](std::size_t, httplib::DataSink& sink) {
                                sink.done();
                                return true;
                              });
  }

  const handler handle_;
  const error_handler refuse_;
};

engine::engine(handler handle, error_handler refuse)
  : server_(std::make_unique<server>(std::move(handle), std::move(refuse))) {
  // nop
}

engine::~engine() = default;

answer engine::run(std::string_view head, std::string body,
                   const std::string& peer) const {
  exchange what;
  what.peer = peer;
  what.body = std::move(body);
  return server_->run(head, what);
}

answer engine::refuse(int status, const std::string& why) const {
  const auto decided = server_->refusal(status, why);
  exchange what;
  what.decided = &decided;
  return server_->run("GET / HTTP/1.1\r\n\r\n", what);
}

} // namespace switchgear::http
