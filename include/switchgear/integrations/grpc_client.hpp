#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <grpcpp/channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/client_interceptor.h>
#include <grpcpp/support/status.h>

#include "switchgear/breaker.hpp"
#include "switchgear/breaker/config.hpp"

namespace switchgear {

/// Settings of calls by gRPC that go through a breaker.
struct grpc_client_options {
  /// What a status means for the breaker. Throws: the default decides. Called
  /// where the status arrives. Default: `default_grpc_outcome` of the code.
  std::function<outcome(const grpc::Status&)> judge{};

  /// The most that a server can ask for with `RetryInfo` or
  /// `grpc-retry-pushback-ms`. 0 to 24 h. Default: 1 h.
  duration max_retry_after = std::chrono::hours{1};
};

/// All that is wrong with `options`.
std::vector<config_error> validate(const grpc_client_options& options);

/// The breaker of a method, `/package.Service/Method`; none: its calls are not
/// protected. Called once for each call, on its thread. Must not throw.
using grpc_breaker_choice
  = std::function<std::optional<breaker>(std::string_view method)>;

/// What a status means unless the user says otherwise.
/// @returns `failure` for `UNAVAILABLE`, `RESOURCE_EXHAUSTED`, `INTERNAL`,
///          `UNKNOWN` and `DATA_LOSS`; `timeout` for `DEADLINE_EXCEEDED`;
///          `cancelled` for `CANCELLED`; `success` for all others, `ABORTED`
///          among them: the server was there to answer
outcome default_grpc_outcome(grpc::StatusCode code) noexcept;

/// Makes the calls of a channel go through a breaker; for
/// `grpc::experimental::CreateCustomChannelWithInterceptors`, as the first of
/// its interceptors, so that no other one sees a call that is turned away.
///
/// All kinds of calls are protected: unary and streaming, with the synchronous,
/// the completion-queue and the callback interface. A call is judged when its
/// status arrives, so a stream is one call, however many messages it has; one
/// whose status is never asked for (no `Finish`) is cancelled when its
/// `ClientContext` is destroyed. A call that is turned away ends with
/// `UNAVAILABLE`, see `grpc_rejection`; nothing is sent. Its reads and writes
/// fail.
///
/// What a failing server asks for with `google.rpc.RetryInfo` or
/// `grpc-retry-pushback-ms` is the failure's `retry_after`.
/// @note Thread-safe. The interceptors of gRPC are experimental: a later gRPC
///       may have others.
/// @throws setup_error if the options are not valid
std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>
make_grpc_interceptor(breaker through, grpc_client_options options = {});

/// The same with breakers for methods.
std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>
make_grpc_interceptor(grpc_breaker_choice choose,
                      grpc_client_options options = {});

/// A channel all of whose calls go through a breaker.
std::shared_ptr<grpc::Channel>
make_grpc_channel(breaker through, const std::string& target,
                  const std::shared_ptr<grpc::ChannelCredentials>& credentials,
                  grpc_client_options options = {},
                  const grpc::ChannelArguments& arguments = {});

/// The status of a call that is turned away: `UNAVAILABLE`, with the breaker's
/// name and what it said in the message, and in the details
/// `google.rpc.ErrorInfo` (reason, domain `switchgear`) and `RetryInfo`.
grpc::Status grpc_rejection(std::string_view name, const failure& why);

/// Why the call with this status was turned away; none if it was made. A server
/// that passes on such a status of a call of its own looks the same.
std::optional<failure> rejection_of(const grpc::Status& status);

} // namespace switchgear
