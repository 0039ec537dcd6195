#pragma once

namespace demo {

/// The demo tells itself what happens to its breakers, so of the library's log
/// only errors are left, and none where they would spoil a drawn screen.
/// @note Call it before the first breaker is made.
void quiet_log(bool screen_is_drawn);

} // namespace demo
