# How every target of this project is compiled.

function(switchgear_compile_options target)
  if(PROJECT_IS_TOP_LEVEL)
    target_compile_options(${target} PRIVATE
      -Wall -Wextra -Wpedantic -Wconversion -Wshadow
      $<$<BOOL:${SWITCHGEAR_WERROR}>:-Werror>
      # g++ 12 sees overlapping copies in its own std::string when it optimizes.
      $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
  endif()
endfunction()

# Sources are found, not listed: a new file needs no edit here, and
# CONFIGURE_DEPENDS lets the next build notice it.
macro(switchgear_sources out)
  file(GLOB_RECURSE ${out} CONFIGURE_DEPENDS ${ARGN})
endmacro()
