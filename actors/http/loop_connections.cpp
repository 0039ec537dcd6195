#include <arpa/inet.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "loop.hpp"

namespace switchgear::http {

namespace {

// So much is written to a client before the others have their turn.
constexpr std::size_t turn = 64 * 1024;
// However many come, those that are there have their turn.
constexpr int accepted_at_once = 64;
// Of somebody who still talks after the answer, or on a stream, so much is
// read and thrown away.
constexpr std::size_t patience_with_talk = 16 * 1024 * 1024;
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

std::string name_of(const sockaddr_storage& who) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (who.ss_family == AF_INET) {
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(who);
    inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    return to_string(text.data(), ntohs(v4.sin_port));
  }
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(who);
  inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
  return to_string(text.data(), ntohs(v6.sin6_port));
}

} // namespace

void server::loop::accept_some() {
  for (int i = 0; i < accepted_at_once; ++i) {
    sockaddr_storage who{};
    socklen_t size = sizeof(who);
    detail::unique_fd fd{accept4(listening_, reinterpret_cast<sockaddr*>(&who),
                                 &size, SOCK_NONBLOCK | SOCK_CLOEXEC)};
    if (fd) {
      if (connections_.size() < options_.connections || make_room())
        add(std::move(fd), name_of(who));
      continue;
    }
    if (errno == EINTR || errno == ECONNABORTED)
      continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK)
      return;
    // No descriptor is left, most likely. It would be tried over and over.
    if (make_room())
      continue;
    accepting_ = false;
    epoll_event nothing{};
    epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, listening_, &nothing);
    return;
  }
}

bool server::loop::make_room() {
  const auto may_go = [](const connection& who) {
    return who.is != phase::working && who.is != phase::streaming;
  };
  // Many that came at the same time are told apart by their numbers.
  const auto age = [](const auto& entry) {
    return std::pair{entry.second->since, entry.first};
  };
  auto oldest = connections_.end();
  for (auto i = connections_.begin(); i != connections_.end(); ++i)
    if (may_go(*i->second)
        && (oldest == connections_.end() || age(*i) < age(*oldest)))
      oldest = i;
  if (oldest == connections_.end())
    return false;
  close(oldest->first);
  return true;
}

void server::loop::free_memory(id_type but) {
  std::vector<std::pair<time_point, id_type>> writing;
  for (const auto& [id, who] : connections_)
    if (who->is == phase::writing && id != but)
      writing.emplace_back(who->since, id);
  std::ranges::sort(writing);
  for (auto i = writing.begin(); i != writing.end() && held_ > options_.memory;
       ++i)
    close(i->second);
}

void server::loop::add(detail::unique_fd fd, std::string peer) {
  const auto id = ++last_id_;
  auto who = std::make_unique<connection>(std::move(fd), std::move(peer), now_);
  epoll_event what{};
  what.events = who->watched = EPOLLIN;
  what.data.u64 = id;
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, who->fd.get(), &what) != 0)
    return; // the system has no room for it
  connections_.emplace(id, std::move(who));
  connection_count_ = connections_.size();
}

void server::loop::close(id_type id) {
  const auto i = connections_.find(id);
  if (i->second->is == phase::streaming)
    --stream_count_;
  set_output(*i->second, {});
  connections_.erase(i);
  connection_count_ = connections_.size();
}

void server::loop::watch(id_type id, connection& who, std::uint32_t events) {
  if (events == who.watched)
    return;
  epoll_event what{};
  what.events = who.watched = events;
  what.data.u64 = id;
  epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, who.fd.get(), &what);
}

void server::loop::enter(connection& who, phase next) {
  who.is = next;
  who.since = now_;
}

void server::loop::handle(id_type id, std::uint32_t events) {
  const auto i = connections_.find(id);
  if (i == connections_.end())
    return; // closed since epoll saw it
  auto& who = *i->second;
  if ((events & (EPOLLERR | EPOLLHUP)) != 0 && (events & EPOLLIN) == 0) {
    close(id);
    return;
  }
  if ((events & EPOLLIN) != 0) {
    if (who.is == phase::reading)
      read(id, who);
    else
      discard(id, who);
  } else if ((events & EPOLLOUT) != 0) {
    flush(id, who);
  }
}

void server::loop::read(id_type id, connection& who) {
  std::array<char, 16 * 1024> bytes;
  const auto got = recv(who.fd.get(), bytes.data(), bytes.size(), 0);
  if (got <= 0) {
    if (got == 0 || (errno != EAGAIN && errno != EINTR))
      close(id);
    return;
  }
  who.input.append(bytes.data(), static_cast<std::size_t>(got));
  auto& found = who.request;
  // A head that is understood is not read again for each bit of its body.
  if (found.head == 0)
    found = find_request(who.input, options_.limits);
  else if (who.input.size() - found.head >= found.body)
    found.what = frame::verdict::complete;
  switch (found.what) {
    case frame::verdict::complete:
      dispatch(id, who, found);
      break;
    case frame::verdict::refused:
      answer_with(id, who, engine_.refuse(found.status, found.why));
      break;
    case frame::verdict::incomplete:
      if (std::exchange(found.expects_continue, false))
        send(who.fd.get(), go_on.data(), go_on.size(),
             MSG_NOSIGNAL | MSG_DONTWAIT);
      break;
  }
}

void server::loop::discard(id_type id, connection& who) {
  std::array<char, 16 * 1024> bytes;
  const auto got = recv(who.fd.get(), bytes.data(), bytes.size(), 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  who.discarded += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
  if (got <= 0 || who.discarded > patience_with_talk)
    close(id);
}

void server::loop::answer_with(id_type id, connection& who, answer what) {
  if (what.events && stream_count_ >= options_.streams)
    what = engine_.refuse(503, "all " + std::to_string(options_.streams)
                                 + " streams are taken");
  set_output(who, std::move(what.bytes));
  who.events = std::move(what.events);
  enter(who, who.events ? phase::streaming : phase::writing);
  if (who.events)
    ++stream_count_;
  flush(id, who);
  if (held_ > options_.memory)
    free_memory(id);
}

void server::loop::set_output(connection& who, std::string bytes) {
  held_ += bytes.size() - who.output.size();
  who.output = std::move(bytes);
  who.written = 0;
}

bool server::loop::send_output(id_type id, connection& who) {
  const auto left = who.output.size() - who.written;
  const auto sent = send(who.fd.get(), who.output.data() + who.written,
                         std::min(left, turn), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
    close(id);
    return false;
  }
  if (sent > 0) {
    who.written += static_cast<std::size_t>(sent);
    who.since = now_;
  }
  if (who.written < who.output.size()) {
    watch(id, who, who.events ? EPOLLIN | EPOLLOUT : EPOLLOUT);
    return false;
  }
  set_output(who, {});
  return true;
}

void server::loop::flush(id_type id, connection& who) {
  if (!send_output(id, who))
    return;
  if (who.events) {
    watch(id, who, EPOLLIN);
    pump(id, who);
    return;
  }
  shutdown(who.fd.get(), SHUT_WR);
  enter(who, phase::draining);
  watch(id, who, EPOLLIN);
}

void server::loop::pump(id_type id, connection& who) {
  set_output(who, who.events->next(now_, turn));
  if (who.output.empty())
    return;
  who.since = now_;
  if (send_output(id, who))
    wake_streams(); // there may be more, when the others have had their turn
}

} // namespace switchgear::http
