#include "shared_settings.hpp"

#include <algorithm>

namespace switchgear {

namespace {

constexpr std::size_t remembered = 16;

} // namespace

auto shared_settings::get(const config& cfg)
  -> expected<std::shared_ptr<const config>, std::vector<config_error>> {
  auto i = std::find_if(recent_.begin(), recent_.end(),
                        [&](const auto& known) { return *known == cfg; });
  if (i == recent_.end()) {
    if (auto errors = validate(cfg); !errors.empty())
      return make_unexpected(std::move(errors));
    if (recent_.size() == remembered)
      recent_.pop_back();
    recent_.push_back(std::make_shared<const config>(cfg));
    i = recent_.end() - 1;
  }
  std::rotate(recent_.begin(), i, i + 1);
  return recent_.front();
}

} // namespace switchgear
