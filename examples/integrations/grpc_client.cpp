// Calls by gRPC through a breaker. The server knows no methods, which is an
// answer like others; then it goes away, and the breaker opens.

#include "switchgear/integrations/grpc_client.hpp"
#include "switchgear/switchgear.hpp"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <iostream>
#include <memory>
#include <string>

namespace {

// What a generated stub does.
grpc::Status call(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  grpc::GenericStub stub{channel};
  auto request = stub.PrepareUnaryCall(&context, "/shop.Orders/List",
                                       grpc::ByteBuffer{}, &queue);
  request->StartCall();
  grpc::ByteBuffer answer;
  grpc::Status status;
  request->Finish(&answer, &status, nullptr);
  void* tag = nullptr;
  bool good = false;
  queue.Next(&tag, &good);
  return status;
}

} // namespace

int main() {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port);
  grpc::CallbackGenericService nothing;
  builder.RegisterCallbackGenericService(&nothing);
  auto server = builder.BuildAndStart();

  switchgear::runtime rt;
  auto orders = rt.breaker("orders", {.failure_threshold = 2});
  auto channel
    = switchgear::make_grpc_channel(orders, "127.0.0.1:" + std::to_string(port),
                                    grpc::InsecureChannelCredentials());
  for (int n = 1; n <= 5; ++n) {
    const auto status = call(channel);
    const auto rejection = switchgear::rejection_of(status);
    std::cout << n << ": status " << status.error_code()
              << (rejection ? ", " + rejection->to_string() : "") << '\n';
    if (n == 1)
      server->Shutdown();
  }
}
