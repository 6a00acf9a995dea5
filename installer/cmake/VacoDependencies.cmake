# SPDX-License-Identifier: GPL-3.0-or-later
# Every third-party library, found once; each is linked PRIVATE by the folder that needs it.
find_package(Threads REQUIRED)
# A CUDA build of libtorch would compile a program and ask the card for its architecture; no kernel is compiled here.
if(NOT DEFINED TORCH_CUDA_ARCH_LIST)
  set(TORCH_CUDA_ARCH_LIST "8.0")
endif()
find_package(Torch REQUIRED)
if(TORCH_CXX_FLAGS MATCHES "_GLIBCXX_USE_CXX11_ABI=0")
  message(FATAL_ERROR "This libtorch was built with the C++ ABI from before C++11, which the other libraries do not have: "
                      "they would not link. Take torch 2.6 or newer from PyPI, or the cxx11-abi archive of libtorch.")
endif()
find_package(HDF5 REQUIRED COMPONENTS C)
include(CheckSymbolExists)
set(CMAKE_REQUIRED_INCLUDES ${HDF5_C_INCLUDE_DIRS})
check_symbol_exists(H5_HAVE_THREADSAFE H5pubconf.h VACO_HDF5_IS_THREAD_SAFE)
unset(CMAKE_REQUIRED_INCLUDES)
if(NOT VACO_HDF5_IS_THREAD_SAFE)
  message(FATAL_ERROR "This HDF5 (${HDF5_C_INCLUDE_DIRS}) was built without --enable-threadsafe, but the window reads "
                      "runs while others are written. Take a thread-safe one, as Debian's libhdf5-dev.")
endif()
find_package(OpenGL REQUIRED COMPONENTS EGL OpenGL)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(Boost REQUIRED)

# Debian's package names an include folder that its dependencies do not install.
find_package(mujoco CONFIG REQUIRED)
set_property(TARGET mujoco::mujoco PROPERTY INTERFACE_INCLUDE_DIRECTORIES "")

# Debian's oneDNN config asks for OpenCL's headers, which the CPU engine does not need.
# NO_CMAKE_PATH: libtorch from PyPI has headers of its own oneDNN, but not the library.
find_path(VACO_DNNL_INCLUDE oneapi/dnnl/dnnl.hpp REQUIRED NO_CMAKE_PATH)
find_library(VACO_DNNL_LIBRARY dnnl REQUIRED)

find_path(VACO_DEFLATE_INCLUDE libdeflate.h REQUIRED)
find_library(VACO_DEFLATE_LIBRARY deflate REQUIRED)
find_package(ZLIB REQUIRED)

if(VACO_BUILD_GUI)
  find_package(Qt6 6.4 REQUIRED COMPONENTS Widgets PrintSupport Svg)
  find_package(QCustomPlotQt6 CONFIG REQUIRED)
endif()
if(VACO_BUILD_TESTS)
  find_package(GTest REQUIRED)
  find_package(benchmark)
  if(VACO_BUILD_GUI)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Test)
  endif()
endif()

# torch as one target. Its own target carries flags and include folders through ${TORCH_LIBRARIES}, and has it loaded
# whether it is used or not: a program with the property VACO_WITHOUT_TORCH, which uses nothing of it, leaves it out.
add_library(vaco_torch INTERFACE)
target_link_libraries(vaco_torch INTERFACE
  "$<$<NOT:$<BOOL:$<TARGET_PROPERTY:VACO_WITHOUT_TORCH>>>:${TORCH_LIBRARIES}>")
target_include_directories(vaco_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
