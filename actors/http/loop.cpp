#include "loop.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace switchgear::http {

namespace {

using namespace std::chrono_literals;

// What epoll says instead of a connection's number.
constexpr std::uint64_t of_listening = 0;
constexpr std::uint64_t of_wakeup = 1;

constexpr duration check_interval = 200ms;
constexpr duration for_ever = -1ms; // says epoll
// A handler is bounded in time; to leave one behind would be worse than to
// wait for it.
constexpr auto handler_patience = 24h;
constexpr auto patience_at_the_end = 5s;
constexpr auto drain_patience = 2s;

detail::unique_fd owned(int fd) {
  if (fd < 0)
    throw std::system_error{errno, std::generic_category(), "epoll"};
  return detail::unique_fd{fd};
}

void watch_for(int epoll, int operation, int fd, std::uint32_t events,
               std::uint64_t id) {
  epoll_event what{};
  what.events = events;
  what.data.u64 = id;
  if (epoll_ctl(epoll, operation, fd, &what) != 0)
    throw std::system_error{errno, std::generic_category(), "epoll_ctl"};
}

} // namespace

server::loop::loop(const listening_socket& where, server_options options,
                   engine::handler handle, engine::error_handler refuse,
                   std::function<void(const std::string& why)> fault)
  : options_(std::move(options)),
    engine_(std::move(handle), std::move(refuse)),
    fault_(std::move(fault)),
    listening_(where.fd()),
    epoll_(owned(epoll_create1(EPOLL_CLOEXEC))),
    wakeup_(owned(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))),
    last_id_(of_wakeup),
    common_(options_.name, options_.threads, options_.connections,
            handler_patience),
    watch_(options_.name + ".w", 1, options_.connections, handler_patience),
    slow_(options_.name + ".s", 1, options_.connections, handler_patience) {
  watch_for(epoll_.get(), EPOLL_CTL_ADD, listening_, EPOLLIN, of_listening);
  watch_for(epoll_.get(), EPOLL_CTL_ADD, wakeup_.get(), EPOLLIN, of_wakeup);
  thread_ = std::thread{[this] { run(); }};
}

server::loop::~loop() {
  stop(patience_at_the_end);
}

void server::loop::stop(duration patience) noexcept {
  if (!thread_.joinable())
    return;
  last_words_ = patience;
  stopping_ = true;
  wake();
  thread_.join();
}

void server::loop::wake() noexcept {
  const std::uint64_t one = 1;
  // It can only fail because it is awake already.
  [[maybe_unused]] const auto done = write(wakeup_.get(), &one, sizeof(one));
}

void server::loop::run() {
  try {
    while (!stopping_)
      step(connections_.empty() && accepting_ ? for_ever : check_interval);
    watch_for(epoll_.get(), EPOLL_CTL_DEL, listening_, 0, of_listening);
    step(0ms); // who has asked by now is answered
    for (const auto end = now_ + last_words_; !idle() && now_ < end;)
      step(std::min<duration>(check_interval, end - now_));
  } catch (const std::exception& error) {
    if (fault_ && !stopping_)
      fault_(error.what());
  }
  connections_.clear();
  connection_count_ = 0;
  stream_count_ = 0;
}

void server::loop::step(duration patience) {
  std::array<epoll_event, 64> ready;
  const auto timeout = std::chrono::ceil<std::chrono::milliseconds>(patience);
  const int n
    = epoll_wait(epoll_.get(), ready.data(), static_cast<int>(ready.size()),
                 static_cast<int>(timeout.count()));
  now_ = clock::now();
  bool more = false;
  for (int i = 0; i < n; ++i) {
    const auto& what = ready[static_cast<std::size_t>(i)];
    if (what.data.u64 == of_listening) {
      more = true;
    } else if (what.data.u64 == of_wakeup) {
      std::uint64_t ignored;
      [[maybe_unused]] const auto done
        = ::read(wakeup_.get(), &ignored, sizeof(ignored));
    } else {
      handle(what.data.u64, what.events);
    }
  }
  take_answers();
  // After those that are there: what they free can be taken.
  if (more)
    accept_some();
  if (streams_awake_.exchange(false))
    pump_streams();
  if (now_ >= next_check_)
    expire();
}

void server::loop::take_answers() {
  std::vector<std::pair<id_type, answer>> ready;
  {
    std::lock_guard guard{mutex_};
    ready.swap(answers_);
  }
  for (auto& [id, what] : ready)
    if (auto i = connections_.find(id); i != connections_.end())
      answer_with(id, *i->second, std::move(what));
}

void server::loop::dispatch(id_type id, connection& who, const frame& what) {
  auto body = who.input.substr(what.head, what.body);
  who.input.resize(what.head);
  const auto begin = who.input.find(' ') + 1;
  const auto target = std::string_view{who.input}.substr(
    begin, who.input.find(' ', begin) - begin);
  const auto by = options_.lane_of ? options_.lane_of(target) : lane::common;
  auto make_answer = [this, head = std::move(who.input), body = std::move(body),
                      peer = who.peer]() mutable {
    try {
      return engine_.run(head, std::move(body), peer);
    } catch (...) {
      // Whoever waits must not wait for ever: it ends without a word.
      return answer{};
    }
  };
  if (by == lane::at_once) {
    answer_with(id, who, make_answer());
    return;
  }
  enter(who, phase::working);
  watch(id, who, 0);
  // The connection may be gone before its answer is there.
  auto job = [this, id, make_answer = std::move(make_answer)]() mutable {
    auto result = make_answer();
    {
      std::lock_guard guard{mutex_};
      answers_.emplace_back(id, std::move(result));
    }
    wake();
  };
  if (!workers_of(by).submit(std::move(job)))
    answer_with(id, who, engine_.refuse(503, "too much to do"));
}

executor& server::loop::workers_of(lane which) noexcept {
  switch (which) {
    case lane::watch:
      return watch_;
    case lane::slow:
      return slow_;
    default:
      return common_;
  }
}

// -- time ---------------------------------------------------------------------

bool server::loop::overdue(const connection& who) const {
  const auto age = now_ - who.since;
  switch (who.is) {
    case phase::reading:
      return age > options_.request_patience;
    case phase::writing:
      return age > options_.response_patience;
    case phase::streaming:
      return !who.output.empty() && age > options_.response_patience;
    case phase::draining:
      return age > drain_patience;
    case phase::working:
      return false;
  }
  return false;
}

void server::loop::expire() {
  next_check_ = now_ + check_interval;
  std::vector<id_type> late;
  for (const auto& [id, who] : connections_)
    if (overdue(*who))
      late.push_back(id);
  for (const auto id : late) {
    const auto i = connections_.find(id);
    if (i == connections_.end())
      continue; // has made room for another's answer
    auto& who = *i->second;
    if (who.is == phase::reading && !who.input.empty())
      answer_with(id, who,
                  engine_.refuse(408, "the request took too long to come"));
    else
      close(id);
  }
  pump_streams();
  if (!accepting_) {
    accepting_ = true;
    if (!stopping_)
      watch_for(epoll_.get(), EPOLL_CTL_MOD, listening_, EPOLLIN, of_listening);
  }
}

void server::loop::pump_streams() {
  std::vector<id_type> streams;
  for (const auto& [id, who] : connections_)
    if (who->is == phase::streaming && who->output.empty())
      streams.push_back(id);
  for (const auto id : streams)
    pump(id, *connections_.at(id));
}

bool server::loop::idle() const {
  for (const auto& [id, who] : connections_)
    if (who->is == phase::working || who->is == phase::writing)
      return false;
  return true;
}

} // namespace switchgear::http
