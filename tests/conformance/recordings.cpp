#include "conformance/recordings.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include <nlohmann/json.hpp>

namespace switchgear::conformance {

std::vector<recording> recordings(const std::string& set) {
  const auto path = std::string{SWITCHGEAR_TRACES} + '/' + set + ".jsonl";
  std::ifstream in{path};
  if (!in)
    throw std::runtime_error{"can not open " + path};
  std::vector<recording> result;
  for (std::string line; std::getline(in, line);) {
    const auto json = nlohmann::json::parse(line);
    result.push_back({json.at("name"), json.at("scenario"), json.at("trace")});
  }
  return result;
}

std::string difference(const lines& expected, const lines& actual) {
  // The longest common subsequence of what is left at each pair of places.
  std::vector common(expected.size() + 1,
                     std::vector<std::size_t>(actual.size() + 1));
  for (auto i = expected.size(); i-- > 0;)
    for (auto j = actual.size(); j-- > 0;)
      common[i][j] = expected[i] == actual[j]
                       ? common[i + 1][j + 1] + 1
                       : std::max(common[i + 1][j], common[i][j + 1]);
  std::string result;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < expected.size() || j < actual.size()) {
    if (i < expected.size() && j < actual.size() && expected[i] == actual[j]) {
      result += "    " + expected[i++] + '\n';
      ++j;
    } else if (j == actual.size()
               || (i < expected.size()
                   && common[i + 1][j] >= common[i][j + 1])) {
      result += "  - " + expected[i++] + '\n';
    } else {
      result += "  + " + actual[j++] + '\n';
    }
  }
  return result;
}

} // namespace switchgear::conformance
