#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <caf/config_value.hpp>
#include <caf/settings.hpp>
#include <caf/timespan.hpp>

#include "switchgear/breaker/config.hpp"

namespace switchgear {

/// Reads a section key by key; what it does not know or can not read is an
/// error, so that a misspelt threshold is not silently the default.
class section {
public:
  section(std::string path, const caf::settings& values,
          std::vector<config_error>& errors)
    : path_(std::move(path)),
      values_(values),
      errors_(errors) {
    // nop
  }

  template <class T>
  void read(const std::string& key, T& into, const char* allowed) {
    const auto* value = take(key);
    if (!value)
      return;
    if (auto got = caf::get_as<T>(*value))
      into = static_cast<T>(*got);
    else
      wrong(key, *value, allowed);
  }

  void read(const std::string& key, std::uint32_t& into) {
    read(key, into, "a whole number, 0 to 4294967295");
  }

  void read(const std::string& key, double& into) {
    read(key, into, "a number");
  }

  void read(const std::string& key, bool& into) {
    read(key, into, "true or false");
  }

  void read(const std::string& key, duration& into) {
    read<caf::timespan>(key, into, "a time with its unit, e.g. 500ms or 30s");
  }

  bool has(const std::string& key) const {
    return values_.find(key) != values_.end();
  }

  const caf::config_value* take(const std::string& key) {
    known_.emplace_back(key);
    auto i = values_.find(key);
    return i == values_.end() ? nullptr : &i->second;
  }

  /// What the key has makes no sense.
  void refuse(const std::string& key, const std::string& allowed) {
    if (const auto i = values_.find(key); i != values_.end())
      wrong(key, i->second, allowed);
  }

  /// Call when all known keys have been read.
  void reject_others() {
    for (const auto& [key, value] : values_) {
      const std::string name{key};
      if (std::find(known_.begin(), known_.end(), name) == known_.end())
        wrong(name, value, "one of " + all_known());
    }
  }

private:
  void wrong(const std::string& key, const caf::config_value& value,
             const std::string& allowed) {
    errors_.push_back({path_ + key, to_string(value), allowed});
  }

  std::string all_known() const {
    std::string result;
    for (const auto& each : known_)
      result += (result.empty() ? "" : ", ") + each;
    return result;
  }

  std::string path_;
  const caf::settings& values_;
  std::vector<config_error>& errors_;
  std::vector<std::string> known_;
};

} // namespace switchgear
