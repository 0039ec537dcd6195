#include <memory>
#include <utility>

#include "switchgear/telemetry/sinks.hpp"

namespace switchgear::telemetry {

namespace {

class callback_sink final : public sink {
public:
  using function = std::function<void(std::span<const event>)>;

  explicit callback_sink(std::shared_ptr<const function> f)
    : function_(std::move(f)) {
    // nop
  }

  delivery deliver(std::span<const event> batch) override {
    (*function_)(batch);
    return delivery::done();
  }

private:
  std::shared_ptr<const function> function_;
};

} // namespace

sink_factory make_callback_sink(std::function<void(std::span<const event>)> f) {
  return
    [shared = std::make_shared<const callback_sink::function>(std::move(f))] {
      return std::make_unique<callback_sink>(shared);
    };
}

} // namespace switchgear::telemetry
