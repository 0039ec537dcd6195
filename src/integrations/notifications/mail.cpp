#include <algorithm>
#include <memory>

#include <curl/curl.h>

#include "message.hpp"
#include "transfer/checker.hpp"
#include "transfer/judged_call.hpp"
#include "transfer/problems.hpp"
#include "transfer/text.hpp"

namespace switchgear {

using namespace std::chrono_literals;

namespace {

/// What is still to be sent of a mail.
struct outgoing {
  std::string_view rest;

  static std::size_t read(char* to, std::size_t, std::size_t room,
                          void* from) noexcept {
    auto& rest = static_cast<outgoing*>(from)->rest;
    const auto size = std::min(room, rest.size());
    std::copy_n(rest.data(), size, to);
    rest.remove_prefix(size);
    return size;
  }
};

using receivers = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

receivers list_of(const std::vector<std::string>& addresses) {
  receivers result{nullptr, curl_slist_free_all};
  for (const auto& each : addresses) {
    auto* longer = curl_slist_append(result.get(), ('<' + each + '>').c_str());
    if (!longer)
      throw std::bad_alloc{};
    static_cast<void>(result.release());
    result.reset(longer);
  }
  return result;
}

/// Whether the server works and does not want what we sent: it has said so for
/// good, to a command or, once all was sent, to the message.
bool is_refusal(CURLcode code, long reply, bool all_sent) noexcept {
  if (reply < 500 || reply >= 600)
    return false;
  return code == CURLE_SEND_ERROR || code == CURLE_LOGIN_DENIED
         || (code == CURLE_WEIRD_SERVER_REPLY && all_sent);
}

transfer::judged<void> settle(CURL* easy, CURLcode code, bool all_sent) {
  if (code == CURLE_OK)
    return {};
  long reply = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &reply);
  auto text = transfer::describe(easy, code);
  const auto problem = transfer::problem_of(code);
  if (problem != http_problem::timeout && reply >= 400)
    text = "SMTP " + std::to_string(reply);
  std::optional<outcome> how;
  if (problem == http_problem::local)
    how = outcome::ignored;
  else if (is_refusal(code, reply, all_sent))
    how = outcome::success;
  const auto as
    = problem == http_problem::timeout ? errc::timeout : errc::operation_failed;
  smtp_error cause{static_cast<int>(reply), text};
  return {make_unexpected(failure{as, std::move(text),
                                  std::make_exception_ptr(std::move(cause))}),
          how};
}

class mailing : public notifier {
public:
  mailing(breaker through, mail_options options)
    : guard_(std::move(through)),
      options_(std::move(options)) {
    // nop
  }

  const std::string& name() const noexcept override {
    return name_;
  }

  expected<void, failure> send(const notification& what) override {
    const auto refuse = [](const char* why) {
      return make_unexpected(failure{errc::invalid_config, why});
    };
    if (what.title.empty() || transfer::has_control(what.title))
      return refuse("title: must be one line, and not empty");
    if (!mail::is_utf8(what.title) || !mail::is_utf8(what.text)
        || !std::ranges::all_of(what.details, [](const auto& each) {
             return mail::is_utf8(each.first) && mail::is_utf8(each.second);
           }))
      return refuse("title, text, details: must be UTF-8");
    const auto mail = mail::compose(what, options_);
    return transfer::call_judged(guard_, [&] { return transmit(mail); });
  }

private:
  transfer::judged<void> transmit(std::string_view mail);

  const std::string name_ = "mail";
  const breaker guard_;
  const mail_options options_;
  transfer::line_pool lines_{1};
};

transfer::judged<void> mailing::transmit(std::string_view mail) {
  const auto ms = [](duration of) {
    return static_cast<long>(
      std::chrono::ceil<std::chrono::milliseconds>(of).count());
  };
  const auto line = lines_.lend();
  const auto to = list_of(options_.to);
  const auto from = '<' + options_.from + '>';
  outgoing body{mail};
  line->set(CURLOPT_URL, options_.url.c_str());
  line->set(CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  line->set(CURLOPT_PROXY, "");
  line->set(CURLOPT_USE_SSL,
            static_cast<long>(options_.tls == smtp_tls::none ? CURLUSESSL_NONE
                              : options_.tls == smtp_tls::optional
                                ? CURLUSESSL_TRY
                                : CURLUSESSL_ALL));
  line->set(CURLOPT_CONNECTTIMEOUT_MS, ms(options_.connect_timeout));
  line->set(CURLOPT_TIMEOUT_MS, ms(options_.total_timeout));
  if (!options_.ca_file.empty())
    line->set(CURLOPT_CAINFO, options_.ca_file.c_str());
  if (!options_.user.empty()) {
    line->set(CURLOPT_USERNAME, options_.user.c_str());
    line->set(CURLOPT_PASSWORD, options_.password.c_str());
  }
  line->set(CURLOPT_MAIL_FROM, from.c_str());
  line->set(CURLOPT_MAIL_RCPT, to.get());
  line->set(CURLOPT_UPLOAD, 1L);
  line->set(CURLOPT_READFUNCTION, outgoing::read);
  line->set(CURLOPT_READDATA, &body);
  line->set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mail.size()));
  const auto code = line->perform();
  return settle(line->easy(), code, body.rest.empty());
}

} // namespace

const smtp_error* smtp_error_of(const failure& why) noexcept {
  if (!why.cause())
    return nullptr;
  try {
    std::rethrow_exception(why.cause());
  } catch (const smtp_error& error) {
    return &error; // lives in the cause
  } catch (...) {
    return nullptr;
  }
}

std::vector<config_error> validate(const mail_options& options) {
  transfer::checker c;
  c.require(transfer::is_url(options.url, "smtp,smtps,"), "url",
            transfer::shown(options.url),
            "a URL that begins with smtp:// or smtps://");
  constexpr auto allowed = "an address and nothing else, somebody@example.org";
  c.require(mail::is_address(options.from), "from", options.from, allowed);
  c.require(!options.to.empty() && options.to.size() <= 100, "to",
            std::to_string(options.to.size()), "1 to 100 addresses");
  for (const auto& each : options.to)
    c.require(mail::is_address(each), "to", each, allowed);
  c.require(options.user.empty() == options.password.empty(), "user",
            options.user, "set together with password");
  c.time("connect_timeout", options.connect_timeout, 1ms, 10min,
         "1 ms to 10 min");
  c.time("total_timeout", options.total_timeout, 1ms, 24h, "1 ms to 24 h");
  return std::move(c.errors);
}

std::shared_ptr<notifier> mail_notifier(breaker through, mail_options options) {
  return std::make_shared<mailing>(std::move(through),
                                   detail::checked(std::move(options)));
}

} // namespace switchgear
