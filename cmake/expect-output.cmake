# cmake -D "PROGRAM=...;ARGUMENT..." -D EXPECTED=... -P expect-output.cmake
# Fails unless the program exits with 0 and prints exactly what the file holds.

execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE actual RESULT_VARIABLE code)
file(READ "${EXPECTED}" expected)
if(NOT code STREQUAL "0")
  message(FATAL_ERROR "${PROGRAM} ended with ${code} after printing:\n${actual}")
elseif(NOT actual STREQUAL expected)
  message(FATAL_ERROR "expected, as in ${EXPECTED}:\n${expected}\nprinted:\n${actual}")
endif()
