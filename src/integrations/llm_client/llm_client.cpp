#include "switchgear/integrations/llm_client.hpp"

#include "chat.hpp"
#include "listening.hpp"
#include "transfer/checker.hpp"
#include "transfer/http.hpp"
#include "transfer/judged_call.hpp"
#include "transfer/problems.hpp"

namespace switchgear {

struct llm_client::shared {
  shared(breaker through, llm_client_options from)
    : guard(std::move(through)),
      options(std::move(from)),
      lines(options.idle_connections),
      headers(options.headers) {
    headers.push_back({"Content-Type", "application/json"});
    headers.push_back({"Accept", "text/event-stream"});
    if (!options.api_key.empty())
      headers.push_back({"Authorization", "Bearer " + options.api_key});
  }

  const breaker guard;
  const llm_client_options options;
  transfer::line_pool lines;
  http_headers headers;
};

namespace {

using ending = listening::ending;

/// What went wrong, if anything did.
struct trouble {
  http_problem problem;
  std::string text;
  std::optional<outcome> how{}; // unset: a failure
};

trouble of_status(const http_response& answer) {
  auto text = "HTTP " + std::to_string(answer.status);
  if (const auto words = read_chat_error(answer.body); !words.empty())
    text += ": " + words;
  std::optional<outcome> how;
  if (default_http_verdict(answer.status) != http_verdict::failure)
    how = outcome::success;
  return {http_problem::status, std::move(text), how};
}

std::optional<trouble> trouble_of(const transfer::http_outcome& out,
                                  const listening& heard) {
  switch (heard.how()) {
    case ending::whole:
      return std::nullopt;
    case ending::error:
      return trouble{http_problem::status, heard.error()};
    case ending::nonsense:
      return trouble{http_problem::protocol, "not a stream of completions"};
    case ending::too_long:
      return trouble{http_problem::too_large,
                     "the completion is longer than allowed", outcome::success};
    case ending::late:
      return trouble{http_problem::timeout, "no text in time"};
    case ending::enough:
    case ending::none:
      break;
  }
  const auto status = out.response.status;
  if (out.problem && out.problem != http_problem::too_large) {
    std::optional<outcome> how;
    if (out.problem == http_problem::local)
      how = outcome::ignored;
    return trouble{*out.problem, out.text, how};
  }
  if (status / 100 != 2)
    return of_status(out.response);
  if (!heard.is_whole())
    return trouble{http_problem::partial_body, "the stream broke off"};
  return std::nullopt;
}

transfer::judged<llm_completion> settle(transfer::http_outcome&& out,
                                        listening& heard,
                                        duration most_retry_after) {
  const auto took = heard.responded_in();
  const bool cancelled = heard.how() == ending::enough
                         || (out.given_up && heard.how() == ending::none);
  if (cancelled) {
    llm_error kept{http_problem::partial_body, "cancelled",
                   std::move(out.response), std::move(heard.got())};
    return {make_unexpected(failure{errc::cancelled, "",
                                    std::make_exception_ptr(std::move(kept))}),
            outcome::cancelled, took};
  }
  auto bad = trouble_of(out, heard);
  if (!bad)
    return {std::move(heard.got()), std::nullopt, took};
  return {make_unexpected(transfer::failure_of(
            llm_error{bad->problem, bad->text, std::move(out.response),
                      std::move(heard.got())},
            most_retry_after)),
          bad->how, took};
}

} // namespace

const llm_error* llm_error_of(const failure& why) noexcept {
  return dynamic_cast<const llm_error*>(http_error_of(why));
}

llm_client::llm_client(breaker through, llm_client_options options) {
  shared_ = std::make_shared<shared>(std::move(through),
                                     detail::checked(std::move(options)));
}

expected<llm_completion, failure>
llm_client::complete(std::string prompt,
                     std::function<bool(std::string_view)> on_text) const {
  llm_request what;
  what.messages.push_back({"user", std::move(prompt)});
  what.on_text = std::move(on_text);
  return complete(what);
}

expected<llm_completion, failure>
llm_client::complete(const llm_request& what) const {
  const auto& options = shared_->options;
  const auto& model = what.model.empty() ? options.model : what.model;
  if (model.empty())
    return make_unexpected(failure{
      errc::invalid_config, "model = : must be named, here or in the options"});
  if (what.messages.empty())
    return make_unexpected(
      failure{errc::invalid_config, "messages = 0: must be 1 or more"});
  const http_request request{"POST", options.url, {}, chat_body(what, model)};
  return transfer::call_judged(
    shared_->guard, [&]() -> transfer::judged<llm_completion> {
      listening heard{what, options};
      transfer::http_exchange how{request};
      how.common = &shared_->headers;
      how.connect_timeout = options.connect_timeout;
      how.total_timeout = options.total_timeout;
      how.max_body = options.max_text;
      how.proxy = options.proxy ? options.proxy->c_str() : nullptr;
      how.ca_file = options.ca_file.empty() ? nullptr : options.ca_file.c_str();
      how.on_data = [&](std::string_view data) { return heard.take(data); };
      how.watch = [&] { return heard.due(); };
      how.stop = what.stop;
      const auto over = shared_->lines.lend();
      return settle(transfer::exchange(*over, how), heard,
                    options.max_retry_after);
    });
}

const breaker& llm_client::through() const noexcept {
  return shared_->guard;
}

} // namespace switchgear
