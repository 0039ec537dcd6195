# Finds CAF >= 0.18.7 and gives CAF::core and CAF::io: the one that CMake would
# find by itself (CMAKE_PREFIX_PATH, CAF_DIR, the system), else the one that
# cmake/setup.sh has built into the user's cache.
#
# As a script, `cmake -P cmake/find-caf.cmake`, it only says where CAF is.

set(SWITCHGEAR_CAF_MINIMUM 0.18.7)

function(switchgear_locate_caf out)
  set(cache "$ENV{XDG_CACHE_HOME}")
  if(NOT cache)
    set(cache "$ENV{HOME}/.cache")
  endif()
  file(GLOB cached "${cache}/switchgear/caf-*")
  list(SORT cached COMPARE NATURAL ORDER DESCENDING)

  # CAF's version file accepts nothing but the exact version, so ">=" cannot be
  # asked for. An impossible version loads nothing and lists what there is.
  find_package(CAF 9999 CONFIG QUIET PATHS ${cached})
  foreach(config version IN ZIP_LISTS CAF_CONSIDERED_CONFIGS CAF_CONSIDERED_VERSIONS)
    if(version VERSION_GREATER_EQUAL SWITCHGEAR_CAF_MINIMUM)
      cmake_path(GET config PARENT_PATH dir)
      set(${out} "${dir}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  set(${out} "" PARENT_SCOPE)
endfunction()

if(CMAKE_SCRIPT_MODE_FILE)
  # No compiler was looked at, so nothing has told CMake where a system keeps
  # its packages.
  set(CMAKE_SYSTEM_PREFIX_PATH /usr/local /usr)
  file(GLOB multiarch RELATIVE /usr/lib /usr/lib/*-linux-gnu*)
  list(POP_FRONT multiarch CMAKE_LIBRARY_ARCHITECTURE)
endif()

switchgear_locate_caf(caf_dir)
if(NOT caf_dir)
  message(FATAL_ERROR
    "No CAF >= ${SWITCHGEAR_CAF_MINIMUM} (C++ Actor Framework) was found. Run "
    "cmake/setup.sh, which builds one into the user's cache, or name an "
    "installed one with -DCMAKE_PREFIX_PATH=<its prefix>.")
elseif(CMAKE_SCRIPT_MODE_FILE)
  message(STATUS "CAF: ${caf_dir}")
else()
  set(CAF_DIR "${caf_dir}" CACHE PATH "The directory of CAFConfig.cmake" FORCE)
  find_package(CAF CONFIG REQUIRED)
  message(STATUS "CAF ${CAF_VERSION}: ${CAF_DIR}")
  foreach(component IN ITEMS core io)
    if(NOT TARGET CAF::${component})
      message(FATAL_ERROR "The CAF in ${CAF_DIR} was built without CAF::${component}.")
    endif()
  endforeach()
endif()
