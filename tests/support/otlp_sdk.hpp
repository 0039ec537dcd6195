#pragma once

#include <string>

namespace switchgear::test {

/// The SDK reports an error of its own.
void complain_as_the_sdk(const std::string& text);

} // namespace switchgear::test
