# Finds opentelemetry-cpp where SWITCHGEAR_WITH_OPENTELEMETRY allows it, sets
# SWITCHGEAR_OPENTELEMETRY, and gives switchgear_opentelemetry, with which the
# sinks are compiled, and the libraries in SWITCHGEAR_OPENTELEMETRY_LIBRARIES.

set(SWITCHGEAR_OPENTELEMETRY FALSE)
if(NOT SWITCHGEAR_WITH_OPENTELEMETRY)
  return()
endif()
set(required "")
if(NOT SWITCHGEAR_WITH_OPENTELEMETRY STREQUAL "AUTO")
  set(required REQUIRED)
endif()
# Its own package looks for these too, but not for all of their programs.
find_package(Protobuf QUIET ${required})
find_package(gRPC CONFIG QUIET ${required})
find_package(opentelemetry-cpp CONFIG QUIET ${required})
foreach(target IN ITEMS protobuf::libprotobuf protobuf::protoc gRPC::grpc++
    opentelemetry-cpp::otlp_recordable opentelemetry-cpp::http_client_curl
    opentelemetry-cpp::ostream_log_record_exporter
    opentelemetry-cpp::ostream_metrics_exporter
    opentelemetry-cpp::ostream_span_exporter)
  if(NOT TARGET ${target})
    if(required)
      message(FATAL_ERROR "opentelemetry-cpp was found, but not ${target}.")
    endif()
    message(STATUS "OpenTelemetry: no, for ${target} was not found")
    return()
  endif()
endforeach()
set(SWITCHGEAR_OPENTELEMETRY TRUE)
message(STATUS "OpenTelemetry ${OPENTELEMETRY_VERSION}: ${opentelemetry-cpp_DIR}")

set(SWITCHGEAR_OPENTELEMETRY_LIBRARIES
  opentelemetry-cpp::otlp_recordable opentelemetry-cpp::http_client_curl
  opentelemetry-cpp::ostream_log_record_exporter
  opentelemetry-cpp::ostream_metrics_exporter
  opentelemetry-cpp::ostream_span_exporter opentelemetry-cpp::trace
  gRPC::grpc++)
add_library(switchgear_opentelemetry INTERFACE)
target_link_libraries(switchgear_opentelemetry
  INTERFACE ${SWITCHGEAR_OPENTELEMETRY_LIBRARIES})

# Debian leaves out the headers of the protocol's messages, although headers
# that it does install include them. The library knows how its messages are
# made, and protoc makes the headers anew from that.
find_path(SWITCHGEAR_OTLP_HEADERS opentelemetry/proto/logs/v1/logs.pb.h)
mark_as_advanced(SWITCHGEAR_OTLP_HEADERS)
if(NOT SWITCHGEAR_OTLP_HEADERS)
  set(directory "${CMAKE_CURRENT_BINARY_DIR}/otlp")
  set(descriptors "${directory}/otlp.desc")
  set(protos "")
  set(headers "")
  foreach(file IN ITEMS common/v1/common resource/v1/resource logs/v1/logs
      metrics/v1/metrics trace/v1/trace collector/logs/v1/logs_service
      collector/metrics/v1/metrics_service collector/trace/v1/trace_service)
    list(APPEND protos "opentelemetry/proto/${file}.proto")
    list(APPEND headers "${directory}/opentelemetry/proto/${file}.pb.h")
  endforeach()

  add_executable(switchgear_otlp_descriptors
    "${CMAKE_CURRENT_LIST_DIR}/otlp-descriptors.cpp")
  # It needs what the library registers when it is loaded, not its symbols.
  target_link_libraries(switchgear_otlp_descriptors PRIVATE
    -Wl,--no-as-needed opentelemetry-cpp::proto)
  add_custom_command(OUTPUT ${headers}
    COMMAND switchgear_otlp_descriptors "${descriptors}" ${protos}
    COMMAND protobuf::protoc "--descriptor_set_in=${descriptors}"
      "--cpp_out=${directory}" ${protos}
    DEPENDS switchgear_otlp_descriptors
    COMMENT "Making the headers of the OpenTelemetry protocol"
    VERBATIM)
  add_custom_target(switchgear_otlp_headers DEPENDS ${headers})
  add_dependencies(switchgear_opentelemetry switchgear_otlp_headers)
  target_include_directories(switchgear_opentelemetry SYSTEM INTERFACE "${directory}")
endif()
