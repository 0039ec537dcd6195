#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "support/eventually.hpp"

/// What tests see of processes, in /proc.
namespace switchgear::test {

/// Files that this process has open.
inline auto open_files() {
  return std::distance(std::filesystem::directory_iterator{"/proc/self/fd"},
                       {});
}

/// Child processes of this process, zombies too, of whatever thread.
inline std::vector<int> children() {
  std::vector<int> result;
  for (const auto& thread :
       std::filesystem::directory_iterator{"/proc/self/task"}) {
    std::ifstream list{thread.path() / "children"};
    result.insert(result.end(), std::istream_iterator<int>{list}, {});
  }
  return result;
}

/// Whether a process ends soon. There may be nobody to wait for it.
inline bool ends(int pid) {
  return eventually([pid] {
    std::ifstream status{"/proc/" + std::to_string(pid) + "/stat"};
    std::string text;
    return !std::getline(status, text)
           || text.compare(text.rfind(')'), 3, ") Z") == 0;
  });
}

} // namespace switchgear::test
