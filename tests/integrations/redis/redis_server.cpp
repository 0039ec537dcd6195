#include "redis_server.hpp"

#include <csignal>
#include <stdexcept>

#include "support/eventually.hpp"

namespace switchgear::test {

namespace {

std::int64_t number_after(const std::string& name, const std::string& text) {
  const auto at = text.find(name + ':');
  if (at == std::string::npos)
    throw std::runtime_error{"no " + name + " in " + text};
  return std::stoll(text.substr(at + name.size() + 1));
}

} // namespace

redis_server::redis_server(std::vector<std::string> settings)
  : settings_(std::move(settings)) {
  start();
}

void redis_server::start() {
  std::vector<std::string> command{
    "redis-server",
    "--port",
    std::to_string(port_.number()),
    "--bind",
    "127.0.0.1",
    "--save",
    "",
    "--dir",
    files_.file(""),
  };
  command.insert(command.end(), settings_.begin(), settings_.end());
  server_.emplace(std::move(command), files_.file("log"));
  const auto ready = [this] {
    own_.reset(redisConnect("127.0.0.1", port_.number()));
    return !server_->running() || (own_ && !own_->err);
  };
  if (!eventually(ready) || !server_->running())
    throw std::runtime_error{"redis-server: " + files_.read("log")};
  own_activity_ = 1;
}

void redis_server::kill() {
  server_.reset();
}

void redis_server::freeze() {
  ::kill(server_->pid(), SIGSTOP);
}

void redis_server::thaw() {
  ::kill(server_->pid(), SIGCONT);
}

redis_options redis_server::options() const {
  return {.port = port_.number(),
          .connections = 4,
          .pool_timeout = patience,
          .connect_timeout = patience,
          .command_timeout = patience};
}

std::string redis_server::ask(const std::vector<std::string>& words) {
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  for (const auto& each : words) {
    texts.push_back(each.data());
    sizes.push_back(each.size());
  }
  const std::unique_ptr<void, decltype(&freeReplyObject)> answer{
    redisCommandArgv(own_.get(), static_cast<int>(words.size()), texts.data(),
                     sizes.data()),
    freeReplyObject};
  if (!answer)
    throw std::runtime_error{words.front() + ": " + own_->errstr};
  ++own_activity_;
  const auto& reply = *static_cast<redisReply*>(answer.get());
  if (reply.type == REDIS_REPLY_INTEGER)
    return std::to_string(reply.integer);
  return reply.str ? std::string(reply.str, reply.len) : "";
}

std::int64_t redis_server::activity() {
  const auto own = own_activity_;
  const auto text = ask({"INFO", "stats"});
  return number_after("total_connections_received", text)
         + number_after("total_commands_processed", text) - own;
}

} // namespace switchgear::test
