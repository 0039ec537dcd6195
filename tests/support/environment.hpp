#pragma once

#include <cstdlib>
#include <optional>
#include <string>

namespace switchgear::test {

/// Sets a variable of the environment, and puts back what was there. For tests
/// without other threads.
class variable {
public:
  variable(std::string name, const std::string& value)
    : name_(std::move(name)) {
    if (const auto* known = std::getenv(name_.c_str()))
      before_ = known;
    setenv(name_.c_str(), value.c_str(), 1);
  }

  variable(const variable&) = delete;
  variable& operator=(const variable&) = delete;

  ~variable() {
    if (before_)
      setenv(name_.c_str(), before_->c_str(), 1);
    else
      unsetenv(name_.c_str());
  }

private:
  std::string name_;
  std::optional<std::string> before_;
};

} // namespace switchgear::test
