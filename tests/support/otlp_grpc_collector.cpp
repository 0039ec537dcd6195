#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <thread>

#include "support/otlp_recorder.hpp"

namespace switchgear::test {

namespace {

std::string text_of(const grpc::ByteBuffer& bytes) {
  std::vector<grpc::Slice> slices;
  std::string result;
  if (bytes.Dump(&slices).ok())
    for (const auto& each : slices)
      result.append(reinterpret_cast<const char*>(each.begin()), each.size());
  return result;
}

/// Any method of any service: the collectors' have one each.
class service : public grpc::CallbackGenericService {
public:
  explicit service(otlp_recorder& to) : to_(to) {
    // nop
  }

  ~service() override {
    for (auto& each : threads_)
      each.join();
  }

private:
  class call : public grpc::ServerGenericBidiReactor {
  public:
    call(service& owner, grpc::GenericCallbackServerContext& context)
      : owner_(owner),
        method_(context.method()) {
      for (const auto& [name, value] : context.client_metadata())
        headers_[{name.data(), name.size()}] = {value.data(), value.size()};
      StartRead(&request_);
    }

    void OnReadDone(bool fine) override {
      if (!fine)
        return Finish({grpc::StatusCode::INTERNAL, "no request"});
      // A slow one must not hold a thread of gRPC.
      std::lock_guard guard{owner_.mutex_};
      owner_.threads_.emplace_back([this] { answer(); });
    }

    void OnDone() override {
      delete this;
    }

  private:
    void answer() {
      const auto said = owner_.to_.receive(headers_, method_,
                                           json_of(method_, text_of(request_)));
      switch (said) {
        case mood::fine:
        case mood::picky: {
          const grpc::Slice slice{response_to(method_, said)};
          response_ = grpc::ByteBuffer{&slice, 1};
          return StartWriteAndFinish(&response_, {}, grpc::Status::OK);
        }
        case mood::busy:
          return Finish({grpc::StatusCode::RESOURCE_EXHAUSTED, "busy"});
        case mood::bad:
          return Finish({grpc::StatusCode::INVALID_ARGUMENT, "what is this?"});
        default:
          return Finish({grpc::StatusCode::UNAVAILABLE, "not now"});
      }
    }

    service& owner_;
    std::string method_;
    std::map<std::string, std::string> headers_;
    grpc::ByteBuffer request_;
    grpc::ByteBuffer response_;
  };

  grpc::ServerGenericBidiReactor*
  CreateReactor(grpc::GenericCallbackServerContext* context) override {
    return new call{*this, *context};
  }

  otlp_recorder& to_;
  std::mutex mutex_;
  std::vector<std::thread> threads_;
};

class grpc_collector : public recording_collector {
public:
  grpc_collector() {
    start();
  }

  ~grpc_collector() override {
    stop();
  }

  void start() override {
    recorder_.release(false);
    service_ = std::make_unique<service>(recorder_);
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:" + std::to_string(port_),
                             grpc::InsecureServerCredentials(), &port_);
    builder.RegisterCallbackGenericService(service_.get());
    server_ = builder.BuildAndStart();
    if (!server_ || port_ == 0)
      throw std::runtime_error{"the port is taken"};
  }

  void stop() override {
    if (!server_)
      return;
    recorder_.release(true);
    server_->Shutdown(std::chrono::system_clock::now());
    server_->Wait();
    server_.reset();
    service_.reset();
  }

private:
  std::unique_ptr<service> service_;
  std::unique_ptr<grpc::Server> server_;
};

} // namespace

std::unique_ptr<otlp_collector> make_grpc_collector() {
  return std::make_unique<grpc_collector>();
}

} // namespace switchgear::test
