#include "figures.hpp"

#include <algorithm>
#include <limits>

namespace switchgear::bench {

void figures::add(const benchmark::BenchmarkReporter::Run& run) {
  if (run.run_type != benchmark::BenchmarkReporter::Run::RT_Iteration
      || run.error_occurred)
    return;
  auto& to = all_[run.run_name.str()];
  to.times.push_back(run.GetAdjustedRealTime());
  for (const auto& [name, value] : run.counters)
    to.counters[name] = value;
}

double figures::median(const std::string& name) const {
  const auto i = all_.find(name);
  if (i == all_.end())
    return std::numeric_limits<double>::quiet_NaN();
  auto times = i->second.times;
  const auto half = static_cast<std::ptrdiff_t>(times.size() / 2);
  const auto middle = times.begin() + half;
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

double figures::counter(const std::string& name,
                        const std::string& which) const {
  const auto i = all_.find(name);
  if (i != all_.end())
    if (const auto j = i->second.counters.find(which);
        j != i->second.counters.end())
      return j->second;
  return std::numeric_limits<double>::quiet_NaN();
}

std::vector<std::string> figures::names() const {
  std::vector<std::string> result;
  for (const auto& [name, values] : all_)
    result.push_back(name);
  return result;
}

bool plain_reporter::ReportContext(const Context& context) {
  return to_ == nullptr || to_->ReportContext(context);
}

void plain_reporter::ReportRuns(const std::vector<Run>& report) {
  auto plain = report;
  for (auto& each : plain) {
    each.run_name.time_type.clear();
    each.run_name.threads.clear(); // ours has it already
    failed_ = failed_ || each.error_occurred;
    results_.add(each);
  }
  if (to_)
    to_->ReportRuns(plain);
}

void plain_reporter::Finalize() {
  if (to_)
    to_->Finalize();
}

} // namespace switchgear::bench
