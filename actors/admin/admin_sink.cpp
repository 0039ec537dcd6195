#include "admin_sink.hpp"

#include <utility>

namespace switchgear::admin {

namespace {

class admin_sink final : public telemetry::sink {
public:
  explicit admin_sink(std::shared_ptr<desk> where) : desk_(std::move(where)) {
    // nop
  }

  telemetry::delivery
  deliver(std::span<const telemetry::event> batch) override {
    for (const auto& each : batch)
      desk_->note(each);
    desk_->tell_news();
    return telemetry::delivery::done();
  }

private:
  std::shared_ptr<desk> desk_;
};

} // namespace

telemetry::sink_factory make_admin_sink(std::shared_ptr<desk> where) {
  return
    [where = std::move(where)] { return std::make_unique<admin_sink>(where); };
}

} // namespace switchgear::admin
