#pragma once

#include <string>
#include <vector>

#include "model.hpp"

namespace demo {

/// Draws what there is to see: at most `how.rows` lines of at most
/// `how.columns` columns, with escape sequences for weight and colour only.
/// @note Pure: the same arguments give the same lines.
std::vector<std::string> render(const screen& what, const look& how);

} // namespace demo
