#include "transfer/line.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <new>
#include <stdexcept>

namespace switchgear::transfer {

namespace {

// Once for the process. What it frees at the end of a program the end frees.
bool started() {
  static const bool fine = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  return fine;
}

// Not for programs that are started in the meantime.
curl_socket_t open_socket(void*, curlsocktype, curl_sockaddr* to) {
  return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

// Until then nobody wants to be asked.
constexpr std::chrono::milliseconds longest_wait{60'000};

int until(time_point when) {
  const auto left
    = std::chrono::ceil<std::chrono::milliseconds>(when - clock::now());
  return static_cast<int>(
    std::clamp(left, std::chrono::milliseconds{0}, longest_wait).count());
}

} // namespace

line::line()
  : multi_(started() ? curl_multi_init() : nullptr),
    easy_(multi_ ? curl_easy_init() : nullptr) {
  if (easy_)
    return;
  curl_multi_cleanup(multi_);
  throw std::bad_alloc{};
}

line::~line() {
  curl_easy_cleanup(easy_);
  curl_multi_cleanup(multi_);
}

void line::reset() noexcept {
  curl_easy_reset(easy_);
}

CURLcode line::perform(const watch& look, const std::stop_token& stop) {
  // Time-outs by a signal would hit any thread.
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
#if LIBCURL_VERSION_NUM >= 0x075700
  // Else the time is over when a lookup has come back that takes too long.
  set(CURLOPT_QUICK_EXIT, 1L);
#endif
  if (curl_multi_add_handle(multi_, easy_) != CURLM_OK)
    return CURLE_FAILED_INIT;
  struct removal {
    ~removal() {
      curl_multi_remove_handle(of.multi_, of.easy_);
    }

    line& of;
  } remove_at_end{*this};
  // It may run until here, and not after: before the handle is removed.
  std::stop_callback wake{stop, [this] { curl_multi_wakeup(multi_); }};
  return run(look, stop);
}

CURLcode line::run(const watch& look, const std::stop_token& stop) {
  for (;;) {
    int running = 0;
    if (stop.stop_requested())
      return CURLE_ABORTED_BY_CALLBACK;
    if (curl_multi_perform(multi_, &running) != CURLM_OK)
      return CURLE_FAILED_INIT;
    int left = 0;
    if (const auto* told = curl_multi_info_read(multi_, &left))
      return told->data.result;
    auto wait = static_cast<int>(longest_wait.count());
    if (look) {
      const auto next = look();
      if (!next)
        return CURLE_ABORTED_BY_CALLBACK;
      wait = until(*next);
    }
    if (curl_multi_poll(multi_, nullptr, 0, wait, nullptr) != CURLM_OK)
      return CURLE_FAILED_INIT;
  }
}

void line::check(CURLcode code) {
  if (code == CURLE_OUT_OF_MEMORY)
    throw std::bad_alloc{};
  if (code != CURLE_OK)
    throw std::runtime_error{curl_easy_strerror(code)};
}

line_pool::lease line_pool::lend() {
  {
    std::lock_guard guard{mutex_};
    if (!idle_.empty()) {
      lease result{idle_.back().release(), give_back{this}};
      idle_.pop_back();
      return result;
    }
  }
  return lease{std::make_unique<line>().release(), give_back{this}};
}

void line_pool::take_back(std::unique_ptr<line> used) noexcept {
  used->reset();
  try {
    std::lock_guard guard{mutex_};
    if (idle_.size() < keep_)
      idle_.push_back(std::move(used));
  } catch (const std::bad_alloc&) {
    // nop: it is not kept
  }
}

} // namespace switchgear::transfer
