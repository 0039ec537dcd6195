#include "metric_data.hpp"

#include "switchgear/telemetry/metrics.hpp"

namespace switchgear::telemetry::otel {

namespace {

namespace sdk = opentelemetry::sdk::metrics;
using opentelemetry::common::SystemTimestamp;

sdk::InstrumentDescriptor describe(const metric& family) {
  sdk::InstrumentDescriptor result{};
  result.name_ = family.name;
  result.description_ = family.help;
  result.unit_ = family.unit;
  switch (family.kind) {
    case metric_kind::counter:
      result.type_ = sdk::InstrumentType::kObservableCounter;
      result.value_type_ = sdk::InstrumentValueType::kLong;
      break;
    case metric_kind::gauge:
      result.type_ = sdk::InstrumentType::kObservableGauge;
      result.value_type_ = sdk::InstrumentValueType::kDouble;
      break;
    case metric_kind::histogram:
      result.type_ = sdk::InstrumentType::kHistogram;
      result.value_type_ = sdk::InstrumentValueType::kDouble;
      break;
  }
  return result;
}

double seconds(duration value) {
  return std::chrono::duration<double>{value}.count();
}

sdk::PointType number(metric_kind kind, sdk::ValueType value,
                      SystemTimestamp now) {
  if (kind == metric_kind::counter) {
    sdk::SumPointData result;
    result.value_ = value;
    result.is_monotonic_ = true;
    return result;
  }
  sdk::LastValuePointData result;
  result.value_ = value;
  result.is_lastvalue_valid_ = true;
  result.sample_ts_ = now;
  return result;
}

sdk::PointType histogram(const call_durations& value) {
  sdk::HistogramPointData result;
  for (auto bound : call_durations::bounds)
    result.boundaries_.push_back(seconds(bound));
  result.counts_.assign(value.buckets.begin(), value.buckets.end());
  result.count_ = value.count();
  result.sum_ = seconds(value.sum);
  result.record_min_max_ = false;
  return result;
}

std::uint64_t minus(std::uint64_t x, std::uint64_t y) {
  return x > y ? x - y : 0;
}

call_durations minus(call_durations x, const call_durations& y) {
  for (std::size_t i = 0; i < x.buckets.size(); ++i)
    x.buckets[i] = minus(x.buckets[i], y.buckets[i]);
  x.sum = std::max(x.sum - y.sum, duration::zero());
  return x;
}

std::string key_of(const metric& family, const metric_point& point) {
  std::string result{family.name};
  for (auto each : point.labels) { // a name can hold any bytes
    result += '\0';
    result += std::to_string(each.size());
    result += '\0';
    result += each;
  }
  return result;
}

} // namespace

class metric_data::builder : public metric_visitor {
public:
  builder(metric_data& owner, wall_time taken) : owner_(owner), taken_(taken) {
    // nop
  }

  void begin(const metric& family) override {
    family_ = family.name.empty() ? nullptr : &family;
    open_ = false;
  }

  void point(const metric_point& x) override {
    if (family_ == nullptr)
      return;
    make_room();
    sdk::PointDataAttributes made;
    for (std::size_t i = 0; i < x.labels.size(); ++i)
      made.attributes.SetAttribute(view(family_->labels[i].name),
                                   view(x.labels[i]));
    // The epoch: not known; gauges have no beginning anyway.
    auto start = x.since;
    const SystemTimestamp now{taken_};
    if (const auto* gauge = std::get_if<double>(&x.value)) {
      made.point_data = number(family_->kind, *gauge, now);
    } else if (const auto* count = std::get_if<std::uint64_t>(&x.value)) {
      auto value = *count;
      if (family_->kind == metric_kind::counter)
        value = difference(x, value, start);
      made.point_data
        = number(family_->kind, static_cast<std::int64_t>(value), now);
    } else {
      made.point_data = histogram(
        difference(x, *std::get<const call_durations*>(x.value), start));
    }
    metrics().back().point_data_attr_.push_back(std::move(made));
    parts_.back().starts.back().push_back(start);
    ++points_;
  }

  std::vector<metric_part> take() {
    return std::move(parts_);
  }

private:
  std::vector<sdk::MetricData>& metrics() {
    return parts_.back().data.scope_metric_data_.front().metric_data_;
  }

  /// There is a part that is not full, and in it this metric.
  void make_room() {
    if (parts_.empty() || points_ == points_at_once) {
      auto& part = parts_.emplace_back();
      part.data.resource_ = &owner_.from_.resource;
      part.data.scope_metric_data_.emplace_back().scope_
        = owner_.from_.scope.get();
      points_ = 0;
      open_ = false;
    }
    if (open_)
      return;
    open_ = true;
    auto& data = metrics().emplace_back();
    data.instrument_descriptor = describe(*family_);
    data.aggregation_temporality = owner_.delta_
                                     ? sdk::AggregationTemporality::kDelta
                                     : sdk::AggregationTemporality::kCumulative;
    data.end_ts = SystemTimestamp{taken_};
    parts_.back().starts.emplace_back();
  }

  /// What is new in `value` since the last delivery, if deltas are wanted;
  /// sets the time from which on that is counted.
  template <class Value>
  Value difference(const metric_point& x, const Value& value,
                   wall_time& start) {
    if (!owner_.delta_)
      return value;
    auto key = key_of(*family_, x);
    auto result = value;
    if (const auto known = owner_.told_.find(key);
        known != owner_.told_.end() && known->second.since == x.since) {
      result = minus(value, std::get<Value>(known->second.value));
      start = known->second.taken;
    }
    owner_.current_.insert_or_assign(std::move(key),
                                     total{value, x.since, taken_});
    return result;
  }

  metric_data& owner_;
  wall_time taken_;
  const metric* family_ = nullptr;
  bool open_ = false; // the last part has a metric of this family
  std::size_t points_ = 0;
  std::vector<metric_part> parts_;
};

std::vector<metric_part> metric_data::make(const snapshot& all) {
  current_.clear();
  builder points{*this, all.taken};
  visit_metrics(all, points);
  return points.take();
}

void metric_data::delivered() {
  told_ = std::move(current_);
  current_.clear();
}

} // namespace switchgear::telemetry::otel
