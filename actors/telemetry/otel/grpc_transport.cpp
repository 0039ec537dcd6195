#include <fstream>
#include <future>
#include <sstream>
#include <stdexcept>

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include "transport.hpp"

namespace switchgear::telemetry::otel {

namespace {

std::string content_of(const std::string& path) {
  if (path.empty())
    return {};
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  if (!(text << file.rdbuf()))
    throw std::runtime_error{"cannot read " + path};
  return std::move(text).str();
}

std::shared_ptr<grpc::ChannelCredentials>
credentials(const otlp_target& target) {
  if (!target.tls)
    return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = content_of(target.certificate);
  options.pem_private_key = content_of(target.client_key);
  options.pem_cert_chain = content_of(target.client_certificate);
  return grpc::SslCredentials(options);
}

/// The codes that OpenTelemetry's specification calls retryable. A server that
/// has no room is one that may have some later.
bool passes(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::CANCELLED:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
    case grpc::StatusCode::ABORTED:
    case grpc::StatusCode::OUT_OF_RANGE:
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DATA_LOSS:
      return true;
    default:
      return false;
  }
}

answer judge(const grpc::Status& status, const grpc::ByteBuffer& response) {
  if (!status.ok()) {
    auto text = "gRPC status " + std::to_string(status.error_code()) + ": "
                + status.error_message();
    return {passes(status.error_code()) ? delivery::later(std::move(text))
                                        : delivery::no(std::move(text)),
            {}};
  }
  std::vector<grpc::Slice> slices;
  answer result;
  if (response.Dump(&slices).ok())
    for (const auto& each : slices)
      result.body.append(reinterpret_cast<const char*>(each.begin()),
                         each.size());
  return result;
}

// gRPC waits up to two minutes before it tries again to reach a server; the
// sink has pauses of its own.
grpc::ChannelArguments arguments() {
  grpc::ChannelArguments result;
  result.SetUserAgentPrefix("switchgear/" SWITCHGEAR_VERSION);
  result.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  result.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  // Nobody else's connection, nor its state.
  result.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return result;
}

class grpc_transport : public transport {
public:
  grpc_transport(const otlp_target& target, otlp_signal signal)
    : target_(target),
      stub_(grpc::CreateCustomChannel(target.endpoint, credentials(target),
                                      arguments())) {
    const std::string package = "/opentelemetry.proto.collector.";
    method_ = package
              + (signal == otlp_signal::logs ? "logs.v1.LogsService/Export"
                 : signal == otlp_signal::traces
                   ? "trace.v1.TraceService/Export"
                   : "metrics.v1.MetricsService/Export");
  }

  answer send(std::string body) override {
    grpc::ClientContext context;
    context.set_deadline(
      std::chrono::system_clock::now()
      + std::chrono::duration_cast<std::chrono::system_clock::duration>(
        target_.timeout));
    if (target_.compression == otlp_compression::gzip)
      context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
    for (const auto& [name, value] : target_.headers) {
      std::string lower = name; // others are against HTTP/2
      for (auto& each : lower)
        if (each >= 'A' && each <= 'Z')
          each = static_cast<char>(each + ('a' - 'A'));
      context.AddMetadata(lower, value);
    }
    const grpc::Slice slice{body};
    const grpc::ByteBuffer request{&slice, 1};
    grpc::ByteBuffer response;
    std::promise<grpc::Status> ended;
    stub_.UnaryCall(
      &context, method_, {}, &request, &response,
      [&](grpc::Status status) { ended.set_value(std::move(status)); });
    // The deadline ends it.
    return judge(ended.get_future().get(), response);
  }

private:
  otlp_target target_;
  std::string method_;
  grpc::GenericStub stub_;
};

} // namespace

std::unique_ptr<transport> make_grpc_transport(const otlp_target& target,
                                               otlp_signal signal) {
  return std::make_unique<grpc_transport>(target, signal);
}

} // namespace switchgear::telemetry::otel
