#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace switchgear::test {

/// A directory that goes with the object, and all that is in it.
class temporary_directory {
public:
  temporary_directory() {
    auto name
      = (std::filesystem::temp_directory_path() / "switchgear-XXXXXX").string();
    if (!mkdtemp(name.data()))
      throw std::runtime_error{"cannot make " + name};
    path_ = name;
  }

  temporary_directory(const temporary_directory&) = delete;
  temporary_directory& operator=(const temporary_directory&) = delete;

  ~temporary_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  /// The path of a file in it.
  std::string file(const std::string& name) const {
    return (path_ / name).string();
  }

  /// Writes a file in it.
  /// @returns its path
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream{file(name)} << text;
    return file(name);
  }

  /// What stands in a file in it.
  std::string read(const std::string& name) const {
    std::ifstream in{file(name)};
    return {std::istreambuf_iterator{in}, {}};
  }

private:
  std::filesystem::path path_;
};

} // namespace switchgear::test
