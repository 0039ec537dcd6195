#include "postgresql_server.hpp"

#include <libpq-fe.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <stdexcept>

#include "support/eventually.hpp"

namespace switchgear::test {

namespace {

using result_ptr = std::unique_ptr<PGresult, decltype(&PQclear)>;

/// Whom the server runs as; none: as this process.
const passwd* server_user() {
  if (geteuid() != 0)
    return nullptr;
  const auto* user = getpwnam("postgres");
  return user ? user : getpwnam("nobody");
}

/// Where Debian keeps the programs, beside the PATH.
std::string program(const std::string& name) {
  for (int version = 20; version > 12; --version) {
    auto path
      = "/usr/lib/postgresql/" + std::to_string(version) + "/bin/" + name;
    if (std::filesystem::exists(path))
      return path;
  }
  return name;
}

/// The wish to end with the parent is lost with the change of user, so that
/// it is made once more.
std::vector<std::string> as_user(std::vector<std::string> command) {
  if (const auto* user = server_user()) {
    const auto uid = std::to_string(user->pw_uid);
    const auto gid = std::to_string(user->pw_gid);
    command.insert(command.begin(),
                   {"setpriv", "--reuid", uid, "--regid", gid, "--clear-groups",
                    "--pdeathsig", "KILL", "--"});
  }
  return command;
}

std::vector<int> children_of(int pid) {
  const auto id = std::to_string(pid);
  std::ifstream list{"/proc/" + id + "/task/" + id + "/children"};
  return {std::istream_iterator<int>{list}, {}};
}

/// Nobody may be there to wait for those that have lost their parent.
bool alive(int pid) {
  std::ifstream status{"/proc/" + std::to_string(pid) + "/stat"};
  std::string text;
  return std::getline(status, text)
         && text.compare(text.rfind(')'), 3, ") Z") != 0;
}

} // namespace

postgresql_server::postgresql_server(std::vector<std::string> settings)
  : settings_(std::move(settings)) {
  // Its directory is its user's, also from above.
  const auto data = files_.file("data");
  std::filesystem::create_directory(data);
  if (const auto* user = server_user())
    for (const auto& each :
         {data, std::filesystem::path{data}.parent_path().string()})
      if (chown(each.c_str(), user->pw_uid, user->pw_gid) != 0)
        throw std::runtime_error{"cannot give away " + each};
  process make{as_user({program("initdb"), "--pgdata", data, "--username",
                        "test", "--auth", "trust", "--no-sync", "--encoding",
                        "UTF8", "--locale", "C"}),
               files_.file("initdb.log")};
  if (make.wait() != 0)
    throw std::runtime_error{"initdb: " + files_.read("initdb.log")};
  start();
}

postgresql_server::~postgresql_server() {
  if (server_)
    kill();
}

void postgresql_server::start() {
  std::vector<std::string> command{program("postgres"), "-D",
                                   files_.file("data")};
  std::vector<std::string> settings{
    "port=" + std::to_string(port_.number()),
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "autovacuum=off",
    "shared_buffers=2MB",
    "log_connections=on",
    "log_statement=all",
    "log_line_prefix=%p|%a ",
  };
  settings.insert(settings.end(), settings_.begin(), settings_.end());
  for (auto& each : settings)
    command.insert(command.end(), {"-c", std::move(each)});
  server_.emplace(as_user(std::move(command)),
                  files_.file("log." + std::to_string(++starts_)));
  const auto ready = [this] {
    return !server_->running() || PQstatus(connect().get()) == CONNECTION_OK;
  };
  if (!eventually(ready) || !server_->running())
    throw std::runtime_error{"postgres: "
                             + files_.read("log." + std::to_string(starts_))};
  own_activity_ += activity();
}

void postgresql_server::kill() {
  const auto all = processes();
  for (auto each : all)
    ::kill(each, SIGKILL);
  server_.reset();
  // Memory that they share must be free before the next one starts.
  if (!eventually([&] { return std::ranges::none_of(all, alive); }))
    throw std::runtime_error{"postgres does not end"};
}

void postgresql_server::freeze() {
  // The main process first, so that it makes no further ones.
  signal(SIGSTOP);
  for (auto each : processes())
    ::kill(each, SIGSTOP);
}

void postgresql_server::thaw() {
  for (auto each : processes())
    ::kill(each, SIGCONT);
}

void postgresql_server::signal(int number) {
  ::kill(server_->pid(), number);
}

std::vector<int> postgresql_server::processes() const {
  auto all = children_of(server_->pid());
  all.push_back(server_->pid());
  return all;
}

std::string postgresql_server::where() const {
  return "hostaddr=127.0.0.1 port=" + std::to_string(port_.number())
         + " user=test dbname=postgres";
}

postgresql_options postgresql_server::options() const {
  return {.connection = where(),
          .connections = 4,
          .pool_timeout = patience,
          .connect_timeout = patience,
          .statement_timeout = patience};
}

postgresql_server::connection_ptr postgresql_server::connect() const {
  return {PQconnectdb((where() + " application_name=test:").c_str()), PQfinish};
}

std::string postgresql_server::ask(const std::string& sql) {
  const auto on = connect();
  const result_ptr got{PQexec(on.get(), sql.c_str()), PQclear};
  if (PQresultStatus(got.get()) != PGRES_TUPLES_OK)
    throw std::runtime_error{sql + ": " + PQerrorMessage(on.get())};
  return PQgetvalue(got.get(), 0, 0);
}

std::size_t postgresql_server::activity() {
  std::size_t count = 0;
  for (std::size_t i = 1; i <= starts_; ++i) {
    std::vector<std::pair<std::string, std::string>> told; // process, what
    std::set<std::string> own;
    std::ifstream log{files_.file("log." + std::to_string(i))};
    for (std::string line; std::getline(log, line);) {
      auto pid = line.substr(0, line.find('|'));
      if (line.starts_with(pid + "|test: "))
        own.insert(pid);
      told.emplace_back(std::move(pid), std::move(line));
    }
    count += static_cast<std::size_t>(
      std::ranges::count_if(told, [&](const auto& each) {
        const auto& [pid, line] = each;
        return !own.contains(pid)
               && (line.find("connection received") != std::string::npos
                   || line.find(" execute ") != std::string::npos);
      }));
  }
  return count - own_activity_;
}

} // namespace switchgear::test
