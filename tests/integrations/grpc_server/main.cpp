// A gRPC server that behaves as it is told: grpc_server PORT
//
// It says `listening` on standard output. Each line on standard input is
// answered with one: `status CODE` (0: all is well), `pushback MS`, `busy MS`
// (a breaker of its own turns calls away for that long) and `hang` say how
// calls end from then on; `calls` asks how many came. It ends with its standard
// input.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/server_context.h>

#include "greeter.grpc.pb.h"
#include "switchgear/integrations/grpc_client.hpp"

namespace {

using namespace switchgear::test;

struct manner {
  std::atomic<int> code{0};
  std::atomic<int> pushback{0};
  std::atomic<int> busy{0};
  std::atomic<bool> hang{false};
  std::atomic<std::uint64_t> calls{0};
};

class greeter final : public Greeter::Service {
public:
  explicit greeter(manner& how) : how_(how) {
    // nop
  }

  grpc::Status Unary(grpc::ServerContext* context, const Text* from,
                     Text* to) override {
    to->set_text("hello " + from->text());
    return end(context);
  }

  grpc::Status Upload(grpc::ServerContext* context,
                      grpc::ServerReader<Text>* from, Text* to) override {
    std::string all = "hello";
    for (Text next; from->Read(&next);)
      all += ' ' + next.text();
    to->set_text(all);
    return end(context);
  }

  grpc::Status Download(grpc::ServerContext* context, const Text* from,
                        grpc::ServerWriter<Text>* to) override {
    for (int i = 0; i < 3; ++i) {
      Text next;
      next.set_text("hello " + from->text());
      to->Write(next);
    }
    return end(context);
  }

  grpc::Status Chat(grpc::ServerContext* context,
                    grpc::ServerReaderWriter<Text, Text>* both) override {
    for (Text next; both->Read(&next);) {
      next.set_text("hello " + next.text());
      both->Write(next);
    }
    return end(context);
  }

private:
  grpc::Status end(grpc::ServerContext* context) {
    ++how_.calls;
    while (how_.hang && !context->IsCancelled())
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    if (const int ms = how_.busy)
      return switchgear::grpc_rejection(
        "tables", switchgear::failure::rejected(switchgear::errc::circuit_open,
                                                std::chrono::milliseconds{ms}));
    if (const int ms = how_.pushback)
      context->AddTrailingMetadata("grpc-retry-pushback-ms",
                                   std::to_string(ms));
    const auto code = static_cast<grpc::StatusCode>(how_.code.load());
    return code == grpc::StatusCode::OK ? grpc::Status::OK
                                        : grpc::Status{code, "as told"};
  }

  manner& how_;
};

} // namespace

int main(int argc, char** argv) {
  if (argc != 2)
    return 2;
  manner how;
  greeter service{how};
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(std::string{"127.0.0.1:"} + argv[1],
                           grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  if (!server || port == 0) {
    std::cout << "no port" << std::endl;
    return 1;
  }
  std::cout << "listening" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words{line};
    std::string what;
    int n = 0;
    words >> what >> n;
    if (what == "calls") {
      std::cout << how.calls << std::endl;
      continue;
    }
    how.code = what == "status" ? n : what == "pushback" ? 14 : 0;
    how.pushback = what == "pushback" ? n : 0;
    how.busy = what == "busy" ? n : 0;
    how.hang = what == "hang";
    std::cout << "ok" << std::endl;
  }
  server->Shutdown(std::chrono::system_clock::now());
}
