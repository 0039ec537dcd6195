# Writes a C++ file with the contents of others in it, so that a program needs
# no files beside it:
#   cmake -D OUTPUT=FILE -D "FILES=A;B" -P cmake/embed.cmake

set(arrays "")
set(entries "")
set(number 0)
foreach(file IN LISTS FILES)
  file(READ "${file}" hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  cmake_path(GET file FILENAME name)
  string(APPEND arrays
    "constexpr unsigned char file_${number}[] = {${bytes}0};\n")
  string(APPEND entries
    "  page_file{\"${name}\", text_of(file_${number})},\n")
  math(EXPR number "${number} + 1")
endforeach()

file(WRITE "${OUTPUT}.new" "// Made by cmake/embed.cmake.

#include \"admin/page.hpp\"

#include <array>
#include <cstddef>

namespace switchgear::admin {

namespace {

${arrays}
template <std::size_t Size>
std::string_view text_of(const unsigned char (&bytes)[Size]) {
  return {reinterpret_cast<const char*>(bytes), Size - 1};
}

const std::array<page_file, ${number}> files{
${entries}};

} // namespace

std::span<const page_file> page_files() noexcept {
  return files;
}

} // namespace switchgear::admin
")
file(COPY_FILE "${OUTPUT}.new" "${OUTPUT}" ONLY_IF_DIFFERENT)
file(REMOVE "${OUTPUT}.new")
