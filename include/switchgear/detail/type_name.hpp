#pragma once

#include <typeinfo>

namespace switchgear::detail {

/// The name of a type as people write it. The text stays valid for ever, even
/// when the library that has the type is unloaded.
/// @note Thread-safe. Takes a lock, and memory, when a thread asks for another
///       type than the last time.
const char* type_name(const std::type_info& type);

} // namespace switchgear::detail
