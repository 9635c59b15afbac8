# Flags.cmake -- warnings and hardening for our own code.
#
# Every flag is probed, so that both compilers of Debian 12 and others build.
# The target `ex_flags` carries them to every module and program.

include(CheckCCompilerFlag)

add_library(ex_flags INTERFACE)
target_include_directories(ex_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_definitions(ex_flags INTERFACE
  _POSIX_C_SOURCE=200809L
  _XOPEN_SOURCE=700
  EX_VERSION="${PROJECT_VERSION}")

function(ex_flag flag)
  string(MAKE_C_IDENTIFIER "EX_HAS${flag}" known)
  check_c_compiler_flag("${flag}" ${known})
  if(${known})
    target_compile_options(ex_flags INTERFACE ${flag})
  endif()
endfunction()

foreach(flag
    -Wall
    -Wextra
    -Wpedantic
    -Wshadow
    -Wconversion
    -Wsign-conversion
    -Wcast-qual
    -Wwrite-strings
    -Wstrict-prototypes
    -Wmissing-prototypes
    -Wold-style-definition
    -Wundef
    -Wformat=2
    -Wimplicit-fallthrough
    -Wvla
    -Wswitch-enum
    -fstack-protector-strong
    -fstack-clash-protection
    -fcf-protection=full
    -fno-strict-aliasing)
  ex_flag(${flag})
endforeach()

if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
  foreach(flag
      -Wlogical-op
      -Wduplicated-branches
      -Warith-conversion
      -Wcast-align=strict
      -ftrivial-auto-var-init=zero)
    ex_flag(${flag})
  endforeach()
  if(EX_ANALYZE)
    ex_flag(-fanalyzer)
  endif()
else()
  foreach(flag
      -Wcomma
      -Wshorten-64-to-32)
    ex_flag(${flag})
  endforeach()
endif()

if(EX_WERROR)
  target_compile_options(ex_flags INTERFACE -Werror)
endif()

if(EX_SANITIZE)
  target_compile_options(ex_flags INTERFACE
    -fsanitize=${EX_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(ex_flags INTERFACE -fsanitize=${EX_SANITIZE})
elseif(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_compile_options(ex_flags INTERFACE
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
endif()

target_compile_options(ex_flags INTERFACE -fPIE)
target_link_options(ex_flags INTERFACE
  -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed)
