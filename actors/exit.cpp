#include "switchgear/actor/exit.hpp"

#include <caf/exit_reason.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>

#include "switchgear/actor/type_ids.hpp"

namespace switchgear::actor {

namespace {

std::string detail_of(const caf::error& why) {
  const auto context = why.context();
  return context.match_elements<std::string>() ? context.get_as<std::string>(0)
                                               : std::string{};
}

} // namespace

caf::error to_error(const statem::exit_reason& why) {
  using kind = statem::exit_reason::kind;
  switch (why.what) {
    case kind::normal:
      return {};
    case kind::shutdown:
      if (why.detail.empty())
        return caf::exit_reason::user_shutdown;
      return caf::make_error(exit_code::shutdown, why.detail);
    case kind::stopped:
      return caf::make_error(exit_code::stopped, why.detail);
    case kind::error:
      return caf::make_error(exit_code::error, why.detail);
    case kind::killed:
      break;
  }
  return caf::exit_reason::kill;
}

statem::exit_reason from_error(const caf::error& why) {
  using statem::exit_reason;
  if (!why)
    return exit_reason::normal();
  if (why.category() == caf::type_id_v<exit_code>) {
    switch (static_cast<exit_code>(why.code())) {
      case exit_code::shutdown:
        return exit_reason::shutdown(detail_of(why));
      case exit_code::stopped:
        return exit_reason::stopped(detail_of(why));
      case exit_code::error:
        break;
    }
    return exit_reason::error(detail_of(why));
  }
  if (why == caf::exit_reason::user_shutdown)
    return exit_reason::shutdown();
  if (why == caf::exit_reason::kill)
    return exit_reason::killed();
  return exit_reason::error(to_string(why));
}

} // namespace switchgear::actor
