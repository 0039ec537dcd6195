# The build tree of somebody who works on switchgear itself.

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(SWITCHGEAR_CCACHE ccache)
if(SWITCHGEAR_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SWITCHGEAR_CCACHE})
  # For precompiled headers; the build presets tell it of them, too.
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endif()

# One directory-wide setting: a sanitizer must see every object of a program.
if(SWITCHGEAR_SANITIZE)
  # Without recovery a report of UBSan fails the test that caused it.
  add_compile_options(-fsanitize=${SWITCHGEAR_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SWITCHGEAR_SANITIZE})
endif()
if(SWITCHGEAR_COVERAGE)
  # Threads count at the same time; the default counters would lose some.
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()
