#pragma once

#include <caf/actor_system_config.hpp>

#include "switchgear/runtime.hpp"

namespace switchgear {

/// CAF's configuration with our options in it: `--switchgear.workers=8` on the
/// command line, or a section `switchgear` in `caf-application.conf`. The
/// options, and how to define breakers in the file, are shown in
/// `examples/caf-application.conf`.
///
///     switchgear::runtime_config cfg;
///     if (auto err = cfg.parse(argc, argv))
///       return fail(err);
///     switchgear::runtime rt{cfg};
///
/// Making one registers the types of our messages with CAF.
class runtime_config : public caf::actor_system_config {
public:
  runtime_config();
};

/// Our options as `cfg` sets them: the section `switchgear`.
/// @returns `invalid_config` with all that is wrong, unknown keys included.
expected<runtime_options, failure>
read_options(const caf::actor_system_config& cfg);

} // namespace switchgear
