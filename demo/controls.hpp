#pragma once

#include "keeper.hpp"
#include "switchgear/admin.hpp"

namespace demo {

/// What the page can do to the services: what the keys do. As long as this
/// lives.
class page_controls {
public:
  /// @param page and `tools` must outlive this
  page_controls(switchgear::admin_server& page, keeper& tools);

  page_controls(const page_controls&) = delete;
  page_controls& operator=(const page_controls&) = delete;

  /// Whoever waits for one is told that the demo ends; `tools` is closed.
  ~page_controls();

private:
  switchgear::admin_server& page_;
  keeper& tools_;
};

} // namespace demo
