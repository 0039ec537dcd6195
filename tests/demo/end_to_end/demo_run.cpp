#include "end_to_end/demo_run.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <regex>
#include <stdexcept>
#include <string_view>

#include "support/eventually.hpp"

namespace demo {

namespace {

/// Starts the demo that lies beside this very program.
std::vector<std::string> command(const std::vector<std::string>& arguments,
                                 const std::vector<std::string>& variables) {
  std::vector<std::string> result{"env"};
  for (auto** each = environ; *each != nullptr; ++each)
    if (const std::string_view text = *each; text.starts_with("OTEL_"))
      result.insert(result.end(),
                    {"-u", std::string{text.substr(0, text.find('='))}});
  result.insert(result.end(), variables.begin(), variables.end());
  auto self = std::filesystem::read_symlink("/proc/self/exe");
  result.push_back(self.replace_filename("switchgear_demo").string());
  result.insert(result.end(), arguments.begin(), arguments.end());
  return result;
}

/// A pipe by name, open for both: who opens it for reading need not wait.
int open_pipe(const std::string& path) {
  const auto fd = mkfifo(path.c_str(), 0600) == 0
                    ? open(path.c_str(), O_RDWR | O_CLOEXEC)
                    : -1;
  if (fd < 0)
    throw std::runtime_error{"no pipe " + path};
  return fd;
}

} // namespace

demo_run::demo_run(const std::vector<std::string>& arguments,
                   const std::vector<std::string>& variables)
  : input_(open_pipe(files_.file("input"))),
    process_(command(arguments, variables), files_.file("output"),
             files_.file("input")) {
  // nop
}

demo_run::~demo_run() {
  close(input_);
}

void demo_run::say(const std::string& line) {
  const auto text = line + '\n';
  if (write(input_, text.data(), text.size())
      != static_cast<ssize_t>(text.size()))
    throw std::runtime_error{"the demo's input is full"};
}

std::optional<int> demo_run::wait() {
  if (!switchgear::test::eventually([this] { return !process_.running(); },
                                    3 * switchgear::test::patience))
    return std::nullopt;
  return process_.wait();
}

std::string demo_run::output() const {
  return files_.read("output");
}

std::string demo_run::wait_for(const std::string& pattern) {
  std::vector<std::string> found;
  switchgear::test::eventually([&] {
    found = all(pattern);
    return !found.empty();
  });
  return found.empty() ? std::string{} : found.front();
}

std::vector<std::string> demo_run::all(const std::string& pattern) const {
  std::vector<std::string> result;
  const auto text = output();
  const std::regex wanted{pattern};
  for (std::sregex_iterator i{text.begin(), text.end(), wanted}, end; i != end;
       ++i)
    result.push_back((*i)[1]);
  return result;
}

std::uint64_t demo_run::number(const std::string& name) const {
  const auto found = all(name + ": (\\d+)");
  if (found.empty())
    throw std::runtime_error{"no " + name + " in " + output()};
  return std::stoull(found.front());
}

} // namespace demo
