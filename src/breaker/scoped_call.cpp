#include "switchgear/breaker.hpp"

namespace switchgear::detail {

void scoped_call::begin_trace(call_tracer& tracer) noexcept {
  if (!open_)
    return; // the cell has told of it
  tracer_ = &tracer;
  traced_ = tracer.begin(cell_.name());
}

void scoped_call::end_trace(const failure* why) noexcept {
  tracer_->end(std::exchange(traced_, nullptr), why);
}

void scoped_call::cancel() {
  if (traced_) {
    const failure why{errc::cancelled};
    end_trace(&why);
  }
  cell_.end(call_, outcome::cancelled);
}

} // namespace switchgear::detail
