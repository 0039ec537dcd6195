#pragma once

#include <cstddef>
#include <exception>
#include <memory>
#include <utility>

#include <httplib.h>

#include "switchgear/breaker.hpp"

namespace switchgear::http_server {

/// A call that ends with the last byte of its response, or before.
class streamed_response {
public:
  explicit streamed_response(admission of) : of_(std::move(of)) {
    // nop
  }

  /// Judges the call when `response`, which has a content provider, has been
  /// sent.
  static void judge(admission of, httplib::Response& response) {
    const auto call = std::make_shared<streamed_response>(std::move(of));
    response.content_provider_
      = [call, next = std::move(response.content_provider_)](
          std::size_t offset, std::size_t length, httplib::DataSink& sink) {
          return call->provide(next, offset, length, sink);
        };
    response.content_provider_resource_releaser_
      = [call, next = std::move(response.content_provider_resource_releaser_)](
          bool complete) {
          call->end(complete);
          if (next)
            next(complete);
        };
  }

private:
  bool provide(const httplib::ContentProvider& next, std::size_t offset,
               std::size_t length, httplib::DataSink& sink) {
    asked_ = true;
    bool good = false;
    try {
      good = next(offset, length, sink);
    } catch (...) {
      // Out of here it would end the process.
      of_.fail(failure::from_exception(std::current_exception()));
      return false;
    }
    // Else the client has gone away, for which the tool need not answer.
    if (!good && sink.is_writable())
      of_.fail(failure{errc::operation_failed, "the response broke off"});
    return good;
  }

  void end(bool complete) {
    if (complete || !asked_) // nobody wants the body: HEAD
      of_.succeed();
    else
      of_.cancel();
  }

  admission of_;
  bool asked_ = false;
};

} // namespace switchgear::http_server
