#include "connection.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <new>
#include <string_view>
#include <system_error>

#include "classify.hpp"
#include "convert.hpp"
#include "switchgear/integrations/detail/wait_for.hpp"

namespace switchgear {

namespace {

std::string in_words(int error) {
  return std::generic_category().message(error);
}

unexpected<failure> broken(std::string what) {
  return make_unexpected(failure{errc::operation_failed, std::move(what)});
}

unexpected<failure> late(std::string_view what, duration limit) {
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(limit).count();
  return make_unexpected(
    failure{errc::timeout,
            std::string{what} + " within " + std::to_string(ms) + " ms"});
}

} // namespace

expected<std::unique_ptr<redis_connection>, failure>
redis_connection::open(const redis_options& options) {
  const auto deadline = clock::now() + options.connect_timeout;
  std::unique_ptr<redis_connection> self{new redis_connection(
    redisConnectNonBlock(options.host.c_str(), options.port), options)};
  auto done = self->connect(deadline).and_then(
    [&] { return self->introduce(deadline); });
  if (done)
    return self;
  if (done.error() == errc::timeout)
    return late("no connection", options.connect_timeout);
  return broken("cannot connect to " + options.host + ':'
                + std::to_string(options.port) + ": " + done.error().message());
}

expected<void, failure> redis_connection::connect(time_point deadline) {
  if (!raw_)
    throw std::bad_alloc{};
  if (raw_->err)
    return broken(raw_->errstr);
  // Not for programs that are started in the meantime.
  fcntl(raw_->fd, F_SETFD, FD_CLOEXEC);
  if (!detail::wait_for(raw_->fd, POLLOUT, deadline))
    return late("no connection", options_.connect_timeout);
  int error = 0;
  socklen_t size = sizeof(error);
  if (getsockopt(raw_->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
    error = errno;
  if (error != 0)
    return broken(in_words(error));
  return {};
}

expected<void, failure> redis_connection::introduce(time_point deadline) {
  std::vector<words> commands;
  if (!options_.user.empty())
    commands.push_back({"AUTH", options_.user, options_.password});
  else if (!options_.password.empty())
    commands.push_back({"AUTH", options_.password});
  if (options_.database != 0)
    commands.push_back({"SELECT", std::to_string(options_.database)});
  for (const auto& each : commands) {
    const auto answer = exchange(each, deadline);
    if (!answer)
      return make_unexpected(answer.error());
    if (answer->is_error())
      return broken(answer->text);
  }
  return {};
}

expected<redis_reply, failure> redis_connection::run(const words& command) {
  auto answer = exchange(command, clock::now() + options_.command_timeout);
  if (answer && redis::is_failure(*answer))
    return broken(std::move(answer->text));
  return answer;
}

bool redis_connection::quiet() const {
  const auto& reader = *raw_->reader;
  return reader.pos == reader.len && !detail::has_news(raw_->fd);
}

expected<redis_reply, failure> redis_connection::exchange(const words& command,
                                                          time_point deadline) {
  return send(command, deadline).and_then([&] { return receive(deadline); });
}

expected<void, failure> redis_connection::send(const words& command,
                                               time_point deadline) {
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  for (const auto& each : command) {
    texts.push_back(each.data());
    sizes.push_back(each.size());
  }
  char* encoded = nullptr;
  const auto size = redisFormatCommandArgv(
    &encoded, static_cast<int>(command.size()), texts.data(), sizes.data());
  const std::unique_ptr<char, decltype(&redisFreeCommand)> owned{
    encoded, redisFreeCommand};
  if (size < 0)
    throw std::bad_alloc{};
  std::string_view left{encoded, static_cast<std::size_t>(size)};
  while (!left.empty()) {
    const auto sent = ::send(raw_->fd, left.data(), left.size(), MSG_NOSIGNAL);
    if (sent >= 0)
      left.remove_prefix(static_cast<std::size_t>(sent));
    else if (errno == EAGAIN) {
      if (!detail::wait_for(raw_->fd, POLLOUT, deadline))
        return late("the command was not taken", options_.command_timeout);
    } else if (errno != EINTR)
      return broken("connection lost: " + in_words(errno));
  }
  return {};
}

expected<redis_reply, failure> redis_connection::receive(time_point deadline) {
  auto* reader = raw_->reader;
  detail::piecewise_deadline limit{deadline};
  for (;;) {
    void* raw = nullptr;
    if (redisReaderGetReply(reader, &raw) != REDIS_OK)
      return broken("no answer of Redis's: "
                    + std::string{static_cast<const char*>(reader->errstr)});
    if (raw) {
      const std::unique_ptr<void, decltype(&freeReplyObject)> owned{
        raw, freeReplyObject};
      return redis::to_reply(*static_cast<const redisReply*>(raw));
    }
    if (!limit.await(raw_->fd, POLLIN))
      return late("no answer", options_.command_timeout);
    std::array<char, 16 * 1024> buffer;
    const auto got = recv(raw_->fd, buffer.data(), buffer.size(), 0);
    if (got == 0)
      return broken("connection lost: the server has closed it");
    if (got < 0 && errno != EAGAIN && errno != EINTR)
      return broken("connection lost: " + in_words(errno));
    if (got > 0
        && redisReaderFeed(reader, buffer.data(), static_cast<std::size_t>(got))
             != REDIS_OK)
      throw std::bad_alloc{};
  }
}

} // namespace switchgear
