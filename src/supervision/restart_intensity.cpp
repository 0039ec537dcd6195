#include "switchgear/supervision/restart_intensity.hpp"

namespace switchgear::supervision {

bool restart_intensity::add(time_point now) {
  while (!recent_.empty() && now - recent_.front() > period_)
    static_cast<void>(recent_.pop_front());
  recent_.push_back(now);
  return recent_.size() <= intensity_;
}

} // namespace switchgear::supervision
