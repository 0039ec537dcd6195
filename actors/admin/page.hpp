#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "../http/message.hpp"

namespace switchgear::admin {

/// A file that is built into the program.
struct page_file {
  std::string_view name; ///< `index.html`
  std::string_view content;
};

/// All of them; made by the build.
std::span<const page_file> page_files() noexcept;

/// The answer to a request for a file of the page, if it is one: `/` and what
/// is below `/assets/`, and the description of the API.
std::optional<http::response> find_page(const http::request& asked);

} // namespace switchgear::admin
