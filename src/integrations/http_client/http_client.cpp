#include "switchgear/integrations/http_client.hpp"

#include "transfer/checker.hpp"
#include "transfer/http.hpp"
#include "transfer/judged_call.hpp"
#include "transfer/problems.hpp"

namespace switchgear {

namespace {

http_verdict judge(const http_client_options& options,
                   const http_response& answer) {
  try {
    if (options.judge)
      return options.judge(answer);
  } catch (...) {
    if (!std::current_exception())
      throw; // no exception of C++'s: the thread is being cancelled
    // Else it has said nothing.
  }
  return default_http_verdict(answer.status);
}

failure failed(http_problem problem, const std::string& text,
               http_response&& answer, const http_client_options& options) {
  return transfer::failure_of(http_error{problem, text, std::move(answer)},
                              options.max_retry_after);
}

/// What the breaker is told of an outcome, and what the caller gets.
transfer::judged<http_response> settle(transfer::http_outcome&& out,
                                       const http_client_options& options) {
  auto& answer = out.response;
  const auto problem = out.problem.value_or(http_problem::status);
  if (out.problem && problem != http_problem::too_large) {
    std::optional<outcome> how;
    if (problem == http_problem::local)
      how = outcome::ignored;
    return {
      make_unexpected(failed(problem, out.text, std::move(answer), options)),
      how};
  }
  const auto verdict = judge(options, answer);
  std::optional<outcome> how;
  if (verdict != http_verdict::failure)
    how
      = verdict == http_verdict::ignored ? outcome::ignored : outcome::success;
  if (!out.problem && how)
    return {std::move(answer), how};
  auto text = out.problem ? std::move(out.text)
                          : "HTTP " + std::to_string(answer.status);
  return {make_unexpected(failed(problem, text, std::move(answer), options)),
          how};
}

} // namespace

struct http_client::shared {
  shared(breaker through, http_client_options from)
    : guard(std::move(through)),
      options(std::move(from)),
      lines(options.idle_connections) {
    // nop
  }

  const breaker guard;
  const http_client_options options;
  transfer::line_pool lines;
};

http_client::http_client(breaker through, http_client_options options) {
  shared_ = std::make_shared<shared>(std::move(through),
                                     detail::checked(std::move(options)));
}

expected<http_response, failure> http_client::get(std::string_view url,
                                                  http_headers headers) const {
  return request({"GET", std::string{url}, std::move(headers), {}});
}

expected<http_response, failure> http_client::post(std::string_view url,
                                                   std::string body,
                                                   http_headers headers) const {
  return request(
    {"POST", std::string{url}, std::move(headers), std::move(body)});
}

expected<http_response, failure> http_client::put(std::string_view url,
                                                  std::string body,
                                                  http_headers headers) const {
  return request(
    {"PUT", std::string{url}, std::move(headers), std::move(body)});
}

expected<http_response, failure> http_client::del(std::string_view url,
                                                  http_headers headers) const {
  return request({"DELETE", std::string{url}, std::move(headers), {}});
}

expected<http_response, failure> http_client::request(http_request what) const {
  const auto& options = shared_->options;
  if (what.url.starts_with('/')) {
    std::string_view base = options.base_url;
    what.url.insert(0, base.substr(0, base.find_last_not_of('/') + 1));
  }
  if (auto wrong = transfer::explain(what); !wrong.empty())
    return make_unexpected(failure{errc::invalid_config, std::move(wrong)});
  if (!what.body.empty() && !find_header(what.headers, "Content-Type")
      && !find_header(options.headers, "Content-Type"))
    what.headers.push_back({"Content-Type", "application/octet-stream"});
  return transfer::call_judged(shared_->guard, [&] {
    transfer::http_exchange how{what};
    how.common = &options.headers;
    how.connect_timeout = options.connect_timeout;
    how.total_timeout = options.total_timeout;
    how.max_redirects = options.max_redirects;
    how.max_body = options.max_body;
    how.proxy = options.proxy ? options.proxy->c_str() : nullptr;
    how.ca_file = options.ca_file.empty() ? nullptr : options.ca_file.c_str();
    const auto over = shared_->lines.lend();
    return settle(transfer::exchange(*over, how), options);
  });
}

const breaker& http_client::through() const noexcept {
  return shared_->guard;
}

} // namespace switchgear
