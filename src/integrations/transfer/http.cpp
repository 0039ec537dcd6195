#include "transfer/http.hpp"

#include <charconv>
#include <exception>

#include "transfer/problems.hpp"
#include "transfer/text.hpp"

namespace switchgear::transfer {

namespace {

// More than any server has to say about an answer.
constexpr std::size_t most_header_bytes = 256 * 1024;

/// What libcurl's callbacks work on. Exceptions must not pass through libcurl:
/// they are kept here.
struct reception {
  const http_exchange& what;
  http_outcome& out;
  std::size_t header_bytes = 0;
  std::exception_ptr thrown{};

  bool take_header(std::string_view text) {
    header_bytes += text.size();
    if (header_bytes > most_header_bytes)
      return refuse("headers larger than allowed");
    auto& answer = out.response;
    if (text.starts_with("HTTP/")) { // also after a redirect, or "100 Continue"
      answer = {};
      const auto blank = text.find(' ');
      if (blank != text.npos)
        std::from_chars(text.data() + blank + 1, text.data() + text.size(),
                        answer.status);
    } else if (const auto colon = text.find(':'); colon != text.npos) {
      answer.headers.push_back({std::string{trim(text.substr(0, colon))},
                                std::string{trim(text.substr(colon + 1))}});
    }
    return true;
  }

  bool take_body(std::string_view data) {
    auto& answer = out.response;
    const bool streamed = what.on_data && answer.status / 100 == 2;
    if (streamed) {
      out.given_up = !what.on_data(data);
      return !out.given_up;
    }
    const auto room = what.max_body - answer.body.size();
    answer.body.append(data.substr(0, room));
    return data.size() <= room || refuse("the answer is larger than allowed");
  }

  bool refuse(const char* why) {
    out.problem = http_problem::too_large;
    out.text = why;
    return false;
  }

  template <bool (reception::*Take)(std::string_view)>
  static std::size_t callback(char* data, std::size_t, std::size_t size,
                              void* target) {
    auto& self = *static_cast<reception*>(target);
    try {
      return (self.*Take)({data, size}) ? size : size + 1; // ends the transfer
    } catch (...) {
      self.thrown = std::current_exception();
      if (!self.thrown)
        throw; // no exception of C++'s: the thread is being cancelled
      return size + 1;
    }
  }
};

/// Headers as libcurl wants them.
class header_list {
public:
  header_list(const http_headers* common, const http_headers& own) {
    // Else libcurl asks first whether a large body is welcome.
    append("Expect:");
    if (common)
      for (const auto& each : *common)
        if (!find_header(own, each.name))
          add(each);
    for (const auto& each : own)
      add(each);
  }

  header_list(const header_list&) = delete;
  header_list& operator=(const header_list&) = delete;

  ~header_list() {
    curl_slist_free_all(first_);
  }

  curl_slist* first() const noexcept {
    return first_;
  }

private:
  void add(const http_header& what) {
    // A name alone would remove a header.
    append(what.value.empty() ? what.name + ';'
                              : what.name + ": " + what.value);
  }

  void append(const std::string& text) {
    auto* longer = curl_slist_append(first_, text.c_str());
    if (!longer)
      throw std::bad_alloc{};
    first_ = longer;
  }

  curl_slist* first_ = nullptr;
};

long milliseconds(duration of) {
  return static_cast<long>(
    std::chrono::ceil<std::chrono::milliseconds>(of).count());
}

void set_method(line& over, const http_request& what) {
  if (what.method == "HEAD") {
    over.set(CURLOPT_NOBODY, 1L);
  } else if (what.method != "GET") {
    over.set(CURLOPT_POSTFIELDSIZE_LARGE,
             static_cast<curl_off_t>(what.body.size()));
    over.set(CURLOPT_POSTFIELDS, what.body.c_str());
    over.set(CURLOPT_CUSTOMREQUEST, what.method.c_str());
  }
}

void set_up(line& over, const http_exchange& what) {
  const auto& request = what.request;
  over.set(CURLOPT_URL, request.url.c_str());
  over.set(CURLOPT_PROTOCOLS_STR, "http,https");
  over.set(CURLOPT_USERAGENT, "switchgear");
  set_method(over, request);
  const bool repeatable = request.method == "GET" || request.method == "HEAD";
  if (what.max_redirects > 0 && repeatable) {
    over.set(CURLOPT_FOLLOWLOCATION, 1L);
    over.set(CURLOPT_MAXREDIRS, static_cast<long>(what.max_redirects));
    over.set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  }
  over.set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(what.connect_timeout));
  over.set(CURLOPT_TIMEOUT_MS, milliseconds(what.total_timeout));
  if (what.proxy)
    over.set(CURLOPT_PROXY, what.proxy);
  if (what.ca_file)
    over.set(CURLOPT_CAINFO, what.ca_file);
}

} // namespace

http_outcome exchange(line& over, const http_exchange& what) {
  http_outcome result;
  reception in{what, result};
  const header_list headers{what.common, what.request.headers};
  set_up(over, what);
  over.set(CURLOPT_HTTPHEADER, headers.first());
  over.set(CURLOPT_HEADERFUNCTION,
           &reception::callback<&reception::take_header>);
  over.set(CURLOPT_HEADERDATA, &in);
  over.set(CURLOPT_WRITEFUNCTION, &reception::callback<&reception::take_body>);
  over.set(CURLOPT_WRITEDATA, &in);
  const auto code = over.perform(what.watch, what.stop);
  if (in.thrown)
    std::rethrow_exception(in.thrown);
  if (code == CURLE_ABORTED_BY_CALLBACK)
    result.given_up = true;
  if (code == CURLE_OK || result.problem || result.given_up)
    return result;
  result.problem = problem_of(code);
  // Within an answer whose length nobody told, an end looks like a loss.
  if (result.problem == http_problem::lost && result.response.status != 0)
    result.problem = http_problem::partial_body;
  result.text = describe(over.easy(), code);
  return result;
}

} // namespace switchgear::transfer
