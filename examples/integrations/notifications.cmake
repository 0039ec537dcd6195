target_link_libraries(${program} PRIVATE PkgConfig::httplib) # its own server
