# find_package(switchgear) for other projects: switchgear::switchgear, and with
# COMPONENTS core only switchgear::core, which needs no CAF. Integrations are
# components too: COMPONENTS http_client gives switchgear::http_client.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/switchgear)

install(DIRECTORY include/switchgear TYPE INCLUDE FILES_MATCHING PATTERN "*.hpp")
install(TARGETS switchgear_core EXPORT switchgear-core
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT switchgear-core NAMESPACE switchgear:: DESTINATION ${package_dir})

if(SWITCHGEAR_BUILD_ACTORS)
  install(TARGETS switchgear EXPORT switchgear-switchgear)
  install(EXPORT switchgear-switchgear NAMESPACE switchgear:: DESTINATION ${package_dir})
endif()

# A component for each integration that is built.
get_property(integrations GLOBAL PROPERTY SWITCHGEAR_INTEGRATIONS)
foreach(name IN LISTS integrations)
  install(TARGETS switchgear_${name} EXPORT switchgear-${name})
  install(EXPORT switchgear-${name} NAMESPACE switchgear:: DESTINATION ${package_dir})
  install(FILES "${PROJECT_BINARY_DIR}/switchgear-${name}-needs.cmake"
    DESTINATION ${package_dir})
endforeach()

configure_package_config_file(cmake/switchgear-config.cmake.in
  "${PROJECT_BINARY_DIR}/switchgear-config.cmake" INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file("${PROJECT_BINARY_DIR}/switchgear-config-version.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/switchgear-config.cmake"
  "${PROJECT_BINARY_DIR}/switchgear-config-version.cmake"
  DESTINATION ${package_dir})
