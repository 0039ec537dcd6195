#include "integrations/support/tool_server.hpp"

#include <stdexcept>

namespace switchgear::test {

void tool_server::start() {
  std::vector<std::string> command{TOOL_SERVER, std::to_string(port_.number())};
  if (!tally_.empty())
    command.push_back(tally_);
  process_.emplace(std::move(command));
  if (const auto said = process_->read_line(); said != "listening")
    throw std::runtime_error{"tool_server: " + said};
}

std::string tool_server::ask(std::string_view what) {
  process_->write_line(what);
  auto answer = process_->read_line();
  if (answer.starts_with("error"))
    throw std::runtime_error{"tool_server: " + answer};
  return answer;
}

std::string tool_server::url(std::string_view path) const {
  return "http://127.0.0.1:" + std::to_string(port_.number())
         + std::string{path};
}

} // namespace switchgear::test
