#include <httplib.h>

#include <google/protobuf/io/gzip_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <thread>

#include "support/otlp_recorder.hpp"

namespace switchgear::test {

namespace {

std::string uncompressed(const std::string& body) {
  namespace io = google::protobuf::io;
  io::ArrayInputStream in{body.data(), static_cast<int>(body.size())};
  io::GzipInputStream gzip{&in};
  std::string result;
  const void* data = nullptr;
  int size = 0;
  while (gzip.Next(&data, &size))
    result.append(static_cast<const char*>(data),
                  static_cast<std::size_t>(size));
  return result;
}

class http_collector : public recording_collector {
public:
  http_collector() {
    start();
  }

  ~http_collector() override {
    stop();
  }

  void start() override {
    recorder_.release(false);
    server_ = std::make_unique<httplib::Server>();
    // A client that keeps its connection would hold up the end.
    server_->set_keep_alive_max_count(1);
    server_->Post(".*", [this](const auto& request, auto& response) {
      serve(request, response);
    });
    if (port_ == 0)
      port_ = server_->bind_to_any_port("127.0.0.1");
    else if (!server_->bind_to_port("127.0.0.1", port_))
      throw std::runtime_error{"the port is taken"};
    thread_ = std::thread{[this] { server_->listen_after_bind(); }};
    while (!server_->is_running())
      std::this_thread::yield();
  }

  void stop() override {
    if (!thread_.joinable())
      return;
    recorder_.release(true);
    server_->stop();
    thread_.join();
    server_.reset();
  }

private:
  void serve(const httplib::Request& request, httplib::Response& response) {
    std::map<std::string, std::string> headers{{":path", request.path}};
    for (const auto& [name, value] : request.headers) {
      std::string lower = name;
      for (auto& each : lower)
        each = static_cast<char>(std::tolower(each));
      headers[lower] = value;
    }
    const auto type = request.get_header_value("Content-Type");
    auto body = request.body;
    // A library built with zlib has unpacked it already.
    if (body.starts_with("\x1f\x8b"))
      body = uncompressed(body);
    const bool is_json = type == "application/json";
    switch (recorder_.receive(std::move(headers), request.path,
                              is_json ? body : json_of(request.path, body))) {
      case mood::fine:
        return answer(request.path, is_json, mood::fine, response);
      case mood::picky:
        return answer(request.path, is_json, mood::picky, response);
      case mood::busy:
        response.status = 429;
        response.set_header("Retry-After", "7");
        return;
      case mood::bad:
        response.status = 400;
        response.set_content("what is this?", "text/plain");
        return;
      default:
        response.status = 503;
    }
  }

  static void answer(const std::string& path, bool is_json, mood value,
                     httplib::Response& response) {
    response.status = 200;
    if (!is_json)
      response.set_content(response_to(path, value), "application/x-protobuf");
    else
      response.set_content(value == mood::picky
                             ? R"({"partialSuccess":{"rejectedLogRecords":"1",)"
                               R"("errorMessage":"not liked"}})"
                             : "{}",
                           "application/json");
  }

  std::unique_ptr<httplib::Server> server_;
  std::thread thread_;
};

} // namespace

std::unique_ptr<otlp_collector> make_http_collector() {
  return std::make_unique<http_collector>();
}

} // namespace switchgear::test
