#include <condition_variable>
#include <mutex>
#include <optional>

#include <google/protobuf/io/gzip_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <opentelemetry/ext/http/client/http_client.h>
#include <opentelemetry/ext/http/client/http_client_factory.h>

#include "transport.hpp"

namespace switchgear::telemetry::otel {

namespace {

namespace http = opentelemetry::ext::http::client;
using opentelemetry::nostd::string_view;

/// How an HTTP status is to be taken. The specification names 429, 502, 503
/// and 504 as worth another try; other errors of a server pass as well.
delivery judge(int status, const std::string& retry_after,
               const std::string& body) {
  if (status >= 200 && status < 300)
    return delivery::done();
  auto text = "HTTP status " + std::to_string(status);
  if (!retry_after.empty())
    text += ", retry after " + retry_after;
  if (!body.empty())
    text += ": " + body.substr(0, 200);
  return status == 408 || status == 429 || status >= 500
           ? delivery::later(std::move(text))
           : delivery::no(std::move(text));
}

/// Waits for the end of one request. Called from the client's own thread.
class listener : public http::EventHandler {
public:
  void OnResponse(http::Response& response) noexcept override {
    std::string retry_after;
    response.ForEachHeader([&](string_view name, string_view value) noexcept {
      std::string lower{name.data(), name.size()};
      for (auto& each : lower)
        each = static_cast<char>(each | 0x20);
      if (lower == "retry-after")
        retry_after.assign(value.data(), value.size());
      return true;
    });
    const auto& bytes = response.GetBody();
    std::string body{bytes.begin(), bytes.end()};
    auto what = judge(response.GetStatusCode(), retry_after, body);
    finish({std::move(what), std::move(body)});
  }

  void OnEvent(http::SessionState state, string_view why) noexcept override {
    const auto unreachable = [&](const char* text) {
      std::string words{text};
      if (!why.empty())
        words.append(": ").append(why.data(), why.size());
      finish({delivery::later(std::move(words)), {}});
    };
    switch (state) {
      case http::SessionState::CreateFailed:
        return unreachable("the request could not be made");
      case http::SessionState::ConnectFailed:
      case http::SessionState::SSLHandshakeFailed:
        return unreachable("no connection");
      case http::SessionState::SendFailed:
      case http::SessionState::NetworkError:
        return unreachable("the connection failed");
      case http::SessionState::TimedOut:
      case http::SessionState::Cancelled:
        return unreachable("timed out");
      default:
        break;
    }
  }

  std::optional<answer> wait(duration limit) {
    std::unique_lock guard{mutex_};
    done_.wait_for(guard, limit, [this] { return result_.has_value(); });
    return result_;
  }

private:
  // The first word counts: other events may follow an end.
  void finish(answer result) noexcept {
    std::lock_guard guard{mutex_};
    if (!result_)
      result_ = std::move(result);
    done_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable done_;
  std::optional<answer> result_;
};

std::string compressed(const std::string& body) {
  namespace io = google::protobuf::io;
  std::string result;
  io::StringOutputStream out{&result};
  io::GzipOutputStream gzip{&out};
  for (std::size_t done = 0; done < body.size();) {
    void* space = nullptr;
    int size = 0;
    if (!gzip.Next(&space, &size))
      break;
    const auto some
      = std::min(body.size() - done, static_cast<std::size_t>(size));
    std::copy_n(body.data() + done, some, static_cast<char*>(space));
    gzip.BackUp(size - static_cast<int>(some));
    done += some;
  }
  gzip.Close();
  return result;
}

class http_transport : public transport {
public:
  explicit http_transport(const otlp_target& target)
    : target_(target),
      client_(http::HttpClientFactory::Create()) {
    const auto scheme = target_.endpoint.find("://") + 3;
    const auto path = target_.endpoint.find('/', scheme);
    if (path != std::string::npos)
      path_ = target_.endpoint.substr(path + 1);
    ssl_ = http::HttpSslOptions{target_.endpoint,
                                false, // the server must prove who it is
                                target_.certificate,
                                "",
                                target_.client_key,
                                "",
                                target_.client_certificate,
                                "",
                                "",
                                "",
                                "",
                                ""};
  }

  answer send(std::string body) override {
    auto session = client_->CreateSession(target_.endpoint);
    auto request = session->CreateRequest();
    // The client of Debian's package was built without compression.
    if (target_.compression == otlp_compression::gzip) {
      body = compressed(body);
      request->AddHeader("Content-Encoding", "gzip");
    }
    for (const auto& [name, value] : target_.headers)
      request->ReplaceHeader(name, value);
    request->SetMethod(http::Method::Post);
    request->SetUri(path_);
    request->SetSslOptions(ssl_);
    // A timeout of zero would be none.
    request->SetTimeoutMs(
      std::max(std::chrono::ceil<std::chrono::milliseconds>(target_.timeout),
               std::chrono::milliseconds{1}));
    http::Body bytes{body.begin(), body.end()};
    request->SetBody(bytes);
    request->ReplaceHeader("Content-Type",
                           target_.protocol == otlp_protocol::http_json
                             ? "application/json"
                             : "application/x-protobuf");
    request->ReplaceHeader("User-Agent", "switchgear/" SWITCHGEAR_VERSION);

    auto ending = std::make_shared<listener>();
    session->SendRequest(ending);
    // The client watches its timeout itself; this is for one that does not.
    auto result = ending->wait(target_.timeout + std::chrono::seconds{1});
    if (!result) {
      session->CancelSession();
      return {delivery::later("timed out"), {}};
    }
    session->FinishSession();
    return *std::move(result);
  }

private:
  otlp_target target_;
  std::string path_;
  http::HttpSslOptions ssl_;
  std::shared_ptr<http::HttpClient> client_;
};

} // namespace

std::unique_ptr<transport> make_http_transport(const otlp_target& target) {
  return std::make_unique<http_transport>(target);
}

} // namespace switchgear::telemetry::otel
