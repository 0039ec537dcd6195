#include <memory>
#include <utility>

#include "switchgear/telemetry/sinks.hpp"

namespace switchgear::telemetry {

namespace {

class memory_sink final : public sink {
public:
  explicit memory_sink(std::shared_ptr<event_log> where)
    : where_(std::move(where)) {
    // nop
  }

  delivery deliver(std::span<const event> batch) override {
    where_->add(batch);
    return delivery::done();
  }

private:
  std::shared_ptr<event_log> where_;
};

} // namespace

sink_factory make_memory_sink(std::shared_ptr<event_log> where) {
  return
    [where = std::move(where)] { return std::make_unique<memory_sink>(where); };
}

} // namespace switchgear::telemetry
