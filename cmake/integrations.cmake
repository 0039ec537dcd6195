# Integrations: libraries that put a breaker in front of one kind of tool. Each
# is a folder src/integrations/NAME, a target switchgear::NAME, and a component
# of the installed package; where its packages are missing it is left out.

# switchgear_integration(NAME FOUND <whether its packages are there>
#   NEEDS <what they are, for people> LINK <libraries>...
#   [PACKAGES <commands that find them for an installed package>...]
#   [PARTS <other integrations that it is built on>...])
# makes the target switchgear_NAME from the .cpp files of the calling folder, if
# SWITCHGEAR_WITH_NAME (AUTO, ON or OFF) lets it.
function(switchgear_integration name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "FOUND;NEEDS" "LINK;PACKAGES;PARTS")
  string(TOUPPER "SWITCHGEAR_WITH_${name}" option)
  set(${option} AUTO CACHE STRING "Build switchgear::${name}: AUTO, ON or OFF")
  set_property(CACHE ${option} PROPERTY STRINGS AUTO ON OFF)
  if(NOT ${option})
    return()
  endif()
  if(NOT arg_FOUND)
    if(NOT ${option} STREQUAL "AUTO")
      message(FATAL_ERROR "switchgear::${name} needs ${arg_NEEDS}.")
    endif()
    message(STATUS "switchgear::${name}: no, for ${arg_NEEDS} was not found")
    return()
  endif()
  foreach(part IN LISTS arg_PARTS)
    if(NOT TARGET switchgear_${part})
      message(STATUS "switchgear::${name}: no, for switchgear::${part} is not built")
      return()
    endif()
  endforeach()

  switchgear_sources(sources "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  add_library(switchgear_${name} ${sources})
  add_library(switchgear::${name} ALIAS switchgear_${name})
  set_target_properties(switchgear_${name} PROPERTIES EXPORT_NAME ${name})
  switchgear_compile_options(switchgear_${name})
  # Its own files by their name, those of a part as "PART/FILE".
  target_include_directories(switchgear_${name} PRIVATE
    "${CMAKE_CURRENT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/src/integrations")
  list(TRANSFORM arg_PARTS PREPEND "switchgear::" OUTPUT_VARIABLE parts)
  target_link_libraries(switchgear_${name}
    PUBLIC switchgear::switchgear PRIVATE ${parts} ${arg_LINK})

  # What `find_package(switchgear COMPONENTS NAME)` does before it defines it.
  list(TRANSFORM arg_PARTS REPLACE "(.+)" "switchgear_load_component(\\1)")
  list(JOIN arg_PACKAGES "\n" needs)
  list(JOIN arg_PARTS "\n" loads)
  file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/switchgear-${name}-needs.cmake"
    CONTENT "${needs}\n${loads}\n" @ONLY)
  set_property(GLOBAL APPEND PROPERTY SWITCHGEAR_INTEGRATIONS ${name})
endfunction()
