#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

#include <grpcpp/create_channel.h>
#include <grpcpp/support/interceptor.h>

#include "details.hpp"
#include "switchgear/integrations/detail/option_checker.hpp"
#include "switchgear/integrations/grpc_client.hpp"

namespace switchgear {

namespace {

using grpc::experimental::ClientInterceptorFactoryInterface;
using grpc::experimental::ClientRpcInfo;
using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::InterceptorBatchMethods;

using metadata = std::multimap<grpc::string_ref, grpc::string_ref>;

outcome judge(const grpc_client_options& options, const grpc::Status& status) {
  try {
    if (options.judge)
      return options.judge(status);
  } catch (...) {
    // nop: it has said nothing
  }
  return default_grpc_outcome(status.error_code());
}

// What the server asks for; zero: nothing.
duration retry_after(const grpc::Status& status, const metadata* trailing) {
  if (const auto told = grpc_client::read_details(status.error_details());
      told.retry_delay)
    return *told.retry_delay;
  if (!trailing)
    return {};
  const auto found = trailing->find("grpc-retry-pushback-ms");
  if (found == trailing->end())
    return {};
  const auto text = found->second;
  std::int32_t ms = 0; // negative: not at all, for this call
  const auto read = std::from_chars(text.data(), text.data() + text.size(), ms);
  return read.ec == std::errc{} && ms > 0 ? std::chrono::milliseconds{ms}
                                          : duration::zero();
}

std::string describe(const grpc::Status& status) {
  static constexpr const char* names[] = {"OK",
                                          "CANCELLED",
                                          "UNKNOWN",
                                          "INVALID_ARGUMENT",
                                          "DEADLINE_EXCEEDED",
                                          "NOT_FOUND",
                                          "ALREADY_EXISTS",
                                          "PERMISSION_DENIED",
                                          "RESOURCE_EXHAUSTED",
                                          "FAILED_PRECONDITION",
                                          "ABORTED",
                                          "OUT_OF_RANGE",
                                          "UNIMPLEMENTED",
                                          "INTERNAL",
                                          "UNAVAILABLE",
                                          "DATA_LOSS",
                                          "UNAUTHENTICATED"};
  const auto code = static_cast<std::size_t>(status.error_code());
  std::string result
    = code < std::size(names) ? names[code] : "status " + std::to_string(code);
  if (!status.error_message().empty())
    result += ": " + status.error_message();
  return result;
}

/// One call. gRPC tells it of each step, one after the other.
class protected_call final : public grpc::experimental::Interceptor {
public:
  protected_call(breaker through,
                 std::shared_ptr<const grpc_client_options> options, bool unary)
    : through_(std::move(through)),
      options_(std::move(options)),
      unary_(unary) {
    // nop
  }

  void Intercept(InterceptorBatchMethods* step) override {
    const auto is = [step](InterceptionHookPoints point) {
      return step->QueryInterceptionHookPoint(point);
    };
    if (is(InterceptionHookPoints::PRE_SEND_CANCEL))
      return; // is not to be answered
    // Batches that follow may show that point again.
    if (is(InterceptionHookPoints::PRE_SEND_INITIAL_METADATA)
        && !std::exchange(begun_, true) && !begin()) {
      refuse_message(step);
      step->Hijack(); // comes back here for what is to be received
      return;
    }
    if (refused_)
      answer(step);
    else if (is(InterceptionHookPoints::POST_RECV_STATUS))
      end(*step->GetRecvStatus(), step->GetRecvTrailingMetadata());
    step->Proceed();
  }

private:
  // @returns whether the call may be made
  bool begin() {
    auto got = through_.acquire();
    if (got)
      admitted_.emplace(std::move(*got));
    else
      refused_.emplace(std::move(got.error()));
    return got.has_value();
  }

  // In place of the server.
  void answer(InterceptorBatchMethods* step) {
    refuse_message(step);
    if (step->QueryInterceptionHookPoint(
          InterceptionHookPoints::PRE_RECV_MESSAGE))
      step->FailHijackedRecvMessage();
    if (step->QueryInterceptionHookPoint(
          InterceptionHookPoints::PRE_RECV_STATUS))
      *step->GetRecvStatus() = grpc_rejection(through_.name(), *refused_);
  }

  void refuse_message(InterceptorBatchMethods* step) const {
    // A unary call has its status, whatever comes of its message.
    if (!unary_
        && step->QueryInterceptionHookPoint(
          InterceptionHookPoints::PRE_SEND_MESSAGE))
      step->FailHijackedSendMessage();
  }

  void end(const grpc::Status& status, const metadata* trailing) {
    if (!admitted_)
      return;
    auto call = std::move(*admitted_);
    admitted_.reset();
    switch (const auto how = judge(*options_, status)) {
      case outcome::success:
        call.succeed();
        break;
      case outcome::ignored:
        call.ignore();
        break;
      case outcome::cancelled:
        call.cancel();
        break;
      default:
        call.fail(failure::retry_later(
          how == outcome::timeout ? errc::timeout : errc::operation_failed,
          describe(status),
          std::min(retry_after(status, trailing), options_->max_retry_after)));
    }
  }

  breaker through_;
  std::shared_ptr<const grpc_client_options> options_;
  bool unary_;
  bool begun_ = false;
  std::optional<admission> admitted_;
  std::optional<failure> refused_;
};

class factory final : public ClientInterceptorFactoryInterface {
public:
  factory(grpc_breaker_choice choose, grpc_client_options options)
    : choose_(std::move(choose)),
      options_(std::make_shared<const grpc_client_options>(
        detail::checked(std::move(options)))) {
    // nop
  }

  grpc::experimental::Interceptor*
  CreateClientInterceptor(ClientRpcInfo* info) override {
    auto through = choose_(info->method());
    if (!through)
      return nullptr;
    return new protected_call{std::move(*through), options_,
                              info->type() == ClientRpcInfo::Type::UNARY};
  }

private:
  grpc_breaker_choice choose_;
  std::shared_ptr<const grpc_client_options> options_;
};

} // namespace

std::unique_ptr<ClientInterceptorFactoryInterface>
make_grpc_interceptor(grpc_breaker_choice choose, grpc_client_options options) {
  return std::make_unique<factory>(std::move(choose), std::move(options));
}

std::unique_ptr<ClientInterceptorFactoryInterface>
make_grpc_interceptor(breaker through, grpc_client_options options) {
  return make_grpc_interceptor(
    [through = std::move(through)](std::string_view) {
      return std::optional{through};
    },
    std::move(options));
}

std::shared_ptr<grpc::Channel>
make_grpc_channel(breaker through, const std::string& target,
                  const std::shared_ptr<grpc::ChannelCredentials>& credentials,
                  grpc_client_options options,
                  const grpc::ChannelArguments& arguments) {
  std::vector<std::unique_ptr<ClientInterceptorFactoryInterface>> first;
  first.push_back(
    make_grpc_interceptor(std::move(through), std::move(options)));
  return grpc::experimental::CreateCustomChannelWithInterceptors(
    target, credentials, arguments, std::move(first));
}

} // namespace switchgear
