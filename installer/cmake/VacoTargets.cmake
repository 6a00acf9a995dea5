# SPDX-License-Identifier: GPL-3.0-or-later
# How every target of the project is built: language, warnings, sanitizers, ccache, output folders.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

find_program(VACO_CCACHE ccache)
if(VACO_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER "${VACO_CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${VACO_CCACHE}")
  # For targets with a precompiled header, which ccache caches only when told that it may.
  set(VACO_CCACHE_FOR_PCH
    "${CMAKE_COMMAND};-E;env;CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime;${VACO_CCACHE}")
endif()

add_library(vaco_options INTERFACE)
target_compile_options(vaco_options INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor)
if(VACO_WARNINGS_AS_ERRORS)
  # GCC 12 takes strings that are put together from a literal for overlapping, endless or misplaced copies (its bug 105651).
  target_compile_options(vaco_options INTERFACE -Werror -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds)
endif()
if(VACO_ASSERTS)
  target_compile_options(vaco_options INTERFACE -UNDEBUG)
endif()
target_include_directories(vaco_options INTERFACE "${CMAKE_SOURCE_DIR}")
if(VACO_SANITIZE)
  target_compile_options(vaco_options INTERFACE -fsanitize=${VACO_SANITIZE} -fno-omit-frame-pointer -g)
  target_link_options(vaco_options INTERFACE -fsanitize=${VACO_SANITIZE})
endif()

# vaco_library(NAME [PUBLIC target...] [PRIVATE target...])
# A static library of every .cpp file under the calling folder. What stands under PUBLIC is part of its headers.
function(vaco_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "PUBLIC;PRIVATE")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp" "${CMAKE_CURRENT_SOURCE_DIR}/*.h")
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC ${arg_PUBLIC} PRIVATE vaco_options ${arg_PRIVATE})
  vaco_compile_together(${name} 6)
endfunction()

# vaco_compile_together(NAME COUNT): so many files at a time, as reading headers takes most of a file's time. Names in
# anonymous namespaces must therefore differ within a target.
function(vaco_compile_together name count)
  if(VACO_UNITY)
    set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${count})
    # It takes the anonymous namespace of a .cpp file that was included for a header's.
    target_compile_options(${name} PRIVATE -Wno-subobject-linkage)
  endif()
endfunction()

# vaco_compile_alone(FILE...): what the program vaco takes out of a library whose other files ask for libtorch.
function(vaco_compile_alone)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()

# vaco_precompile(NAME header...): reads these headers once for the target instead of once for each file.
# vaco_precompile(NAME REUSE_FROM other): takes those that were read for the other, of the same flags.
function(vaco_precompile name)
  if(ARGV1 STREQUAL "REUSE_FROM")
    target_precompile_headers(${name} REUSE_FROM ${ARGV2})
  else()
    target_precompile_headers(${name} PRIVATE ${ARGN})
  endif()
  target_compile_options(${name} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-fpch-preprocess>)
  set_target_properties(${name} PROPERTIES CXX_COMPILER_LAUNCHER "${VACO_CCACHE_FOR_PCH}")
endfunction()
# torch's headers take fifteen seconds to read (vaco_nn's), nlohmann's and the filesystem's five (vaco_base's), and all of
# Qt's widgets twenty-five.
set(VACO_TORCH_HEADERS <ATen/ATen.h> <torch/csrc/autograd/autograd.h>)
set(VACO_CORE_HEADERS <nlohmann/json.hpp> <chrono> <filesystem> <functional> <map> <memory> <optional> <string> <vector>)
set(VACO_QT_HEADERS <QtWidgets> <qcustomplot.h> ${VACO_CORE_HEADERS})

# What every test runs with. OpenBLAS 0.3.21 has kernels for the newest processors that lose digits which the tests'
# references need; those for AVX2 are exact enough.
set(VACO_TEST_ENVIRONMENT "OMP_NUM_THREADS=1;OPENBLAS_NUM_THREADS=1;OMP_WAIT_POLICY=passive")
if(EXISTS /proc/cpuinfo)
  file(STRINGS /proc/cpuinfo processor_flags REGEX "^flags" LIMIT_COUNT 1)
  if(processor_flags MATCHES " avx2( |$)")
    list(APPEND VACO_TEST_ENVIRONMENT "OPENBLAS_CORETYPE=Haswell")
  endif()
endif()

# vaco_test(NAME LIBRARIES target... [TIMEOUT seconds] [QT] [LABELS label...])
# One GoogleTest (or, with QT, QTest) executable of every .cpp file of the calling folder, run by CTest.
function(vaco_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "QT" "TIMEOUT" "LIBRARIES;LABELS")
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp" "${CMAKE_CURRENT_SOURCE_DIR}/*.h")
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE vaco_options ${arg_LIBRARIES})
  target_compile_definitions(${name} PRIVATE
    VACO_TEST_DATA="${CMAKE_SOURCE_DIR}/tests/fixtures" VACO_TEST_GOLDEN="${CMAKE_SOURCE_DIR}/tests/golden"
    VACO_SOURCE_DIR="${CMAKE_SOURCE_DIR}" VACO_BIN_DIR="${CMAKE_BINARY_DIR}/bin")
  if(VACO_SANITIZE MATCHES "undefined")
    # Its checks triple the time that optimizing takes; what is tested stands in the libraries, and is optimized.
    target_compile_options(${name} PRIVATE -O0)
  endif()
  if(arg_QT)
    set_target_properties(${name} PROPERTIES AUTOMOC ON)
    target_link_libraries(${name} PRIVATE Qt6::Test)
  else()
    target_link_libraries(${name} PRIVATE GTest::gtest GTest::gmock GTest::gtest_main)
  endif()
  add_test(NAME ${name} COMMAND ${name})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  if(VACO_SANITIZE)
    math(EXPR arg_TIMEOUT "${arg_TIMEOUT} * 4")
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}"
    ENVIRONMENT "${VACO_TEST_ENVIRONMENT}")
endfunction()
