# Module.cmake -- how a folder becomes a library, a program, a test.

# ex_module(NAME SOURCES a.c b.c USES base hashing FOREIGN EWF JANSSON)
#
# One static library `ex_NAME` per folder.  USES are folders below it,
# FOREIGN are targets of cmake/Foreign.cmake.
function(ex_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;FOREIGN" ${ARGN})
  add_library(ex_${name} STATIC ${arg_SOURCES})
  list(TRANSFORM arg_USES PREPEND ex_)
  list(TRANSFORM arg_FOREIGN PREPEND foreign_)
  target_link_libraries(ex_${name}
    PUBLIC ex_flags ${arg_USES}
    PRIVATE ${arg_FOREIGN})
endfunction()

# ex_program(exhibit-verify SOURCES verify_main.c USES custody)
function(ex_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;USES;FOREIGN" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  list(TRANSFORM arg_USES PREPEND ex_)
  list(TRANSFORM arg_FOREIGN PREPEND foreign_)
  target_link_libraries(${name} PRIVATE ex_flags ${arg_USES} ${arg_FOREIGN})
  install(TARGETS ${name} RUNTIME DESTINATION bin)
endfunction()

# ex_test(base test_buf USES base [WRAP symbol ...] [FIXTURE cluster])
#
# tests/FLOOR/test_NAME.c with cmocka; ctest label is the floor's folder.
# WRAP names symbols that the test replaces (-Wl,--wrap).
function(ex_test floor name)
  cmake_parse_arguments(arg "" "FIXTURE" "USES;WRAP;SOURCES;FOREIGN" ${ARGN})
  set(sources ${CMAKE_SOURCE_DIR}/tests/${floor}/${name}.c ${arg_SOURCES})
  add_executable(${name} ${sources})
  # A row of a test's table names only what differs from zero; GCC agrees.
  set_source_files_properties(${sources} PROPERTIES COMPILE_OPTIONS
    $<$<C_COMPILER_ID:Clang>:-Wno-missing-field-initializers>)
  list(TRANSFORM arg_USES PREPEND ex_)
  list(TRANSFORM arg_WRAP PREPEND "-Wl,--wrap=")
  list(TRANSFORM arg_FOREIGN PREPEND foreign_)
  target_link_libraries(${name}
    PRIVATE ex_flags ${arg_USES} foreign_CMOCKA ${arg_FOREIGN})
  target_link_options(${name} PRIVATE ${arg_WRAP})
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${floor}/${name} COMMAND ${name}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${floor}/${name} PROPERTIES
    LABELS ${floor} TIMEOUT 300
    ENVIRONMENT "EXHIBIT_BUILD=${CMAKE_BINARY_DIR};EXHIBIT_SOURCE=${CMAKE_SOURCE_DIR}")
  if(arg_FIXTURE)
    set_tests_properties(${floor}/${name} PROPERTIES
      FIXTURES_REQUIRED ${arg_FIXTURE})
  endif()
endfunction()

# ex_script_test(NAME LABEL COMMAND ...): a script as a test.
function(ex_script_test name label)
  add_test(NAME ${label}/${name} COMMAND ${ARGN}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${label}/${name} PROPERTIES
    LABELS ${label} TIMEOUT 900
    ENVIRONMENT "EXHIBIT_BUILD=${CMAKE_BINARY_DIR};EXHIBIT_SOURCE=${CMAKE_SOURCE_DIR}")
endfunction()

# ex_fuzz(NAME CORPUS dir USES base): tests/fuzz/fuzz_NAME.c.
#
# With EX_FUZZ=ON (clang) a libFuzzer program; always a plain driver that
# ctest runs over the corpus.
option(EX_FUZZ "Build libFuzzer targets (clang)" OFF)
function(ex_fuzz name)
  cmake_parse_arguments(arg "" "CORPUS" "USES" ${ARGN})
  list(TRANSFORM arg_USES PREPEND ex_)
  set(source ${CMAKE_SOURCE_DIR}/tests/fuzz/fuzz_${name}.c)
  add_executable(fuzz_${name}_corpus
    ${source} ${CMAKE_SOURCE_DIR}/tests/fuzz/driver.c)
  target_link_libraries(fuzz_${name}_corpus PRIVATE ex_flags ${arg_USES})
  set_target_properties(fuzz_${name}_corpus PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME fuzz/${name}
    COMMAND fuzz_${name}_corpus ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${arg_CORPUS}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(fuzz/${name} PROPERTIES LABELS fuzz TIMEOUT 300)
  if(EX_FUZZ)
    add_executable(fuzz_${name} ${source})
    target_compile_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    target_link_libraries(fuzz_${name} PRIVATE ex_flags ${arg_USES})
    set_target_properties(fuzz_${name} PROPERTIES
      RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
  endif()
endfunction()
