#include "switchgear/actor/init_types.hpp"

#include <caf/init_global_meta_objects.hpp>

#include "switchgear/actor/courier.hpp"
#include "switchgear/actor/inquiry.hpp"
#include "switchgear/actor/supervisor.hpp"
#include "switchgear/actor/task.hpp"
#include "switchgear/actor/type_ids.hpp"

namespace switchgear::actor {

void init_types() {
  // CAF's table must not be written by two threads.
  static const bool once = [] {
    caf::init_global_meta_objects<caf::id_block::switchgear>();
    caf::core::init_global_meta_objects();
    return true;
  }();
  static_cast<void>(once);
}

} // namespace switchgear::actor
