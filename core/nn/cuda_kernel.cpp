// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled only where libtorch has CUDA. NVRTC and the driver are loaded by name: a program that was built with
// CUDA starts on machines that have neither.
#include "core/nn/cuda_kernel.h"

#include <ATen/cuda/CUDAContext.h>
#include <c10/cuda/CUDAStream.h>
#include <cuda.h>
#include <cuda_runtime_api.h>
#include <dlfcn.h>
#include <nvrtc.h>

#include <map>
#include <mutex>
#include <stdexcept>
#include <vector>

namespace vaco {
namespace {

void* library(const std::string& name) {
  if (void* found = ::dlopen(name.c_str(), RTLD_NOW | RTLD_GLOBAL)) return found;
  throw std::runtime_error("cannot load " + name + ", which training on a card needs: " + ::dlerror());
}

/// NVRTC lies where libtorch knows to find it, which may be no place of the system: beside libtorch is a
/// library of its own that needs NVRTC.
void* compiler_library() {
  const std::string name = "libnvrtc.so." + std::to_string(CUDA_VERSION / 1000);
  if (void* found = ::dlopen(name.c_str(), RTLD_NOW | RTLD_GLOBAL)) return found;
  Dl_info torch{};
  if (::dladdr(reinterpret_cast<void*>(&at::cuda::getCurrentDeviceProperties), &torch) != 0 &&
      torch.dli_fname) {
    const std::string path = torch.dli_fname;
    ::dlopen((path.substr(0, path.rfind('/') + 1) + "libcaffe2_nvrtc.so").c_str(), RTLD_NOW | RTLD_GLOBAL);
  }
  return library(name);
}

template <class Function>
Function* symbol(void* from, const char* name) {
  void* found = ::dlsym(from, name);
  if (!found) throw std::runtime_error(std::string("the CUDA libraries have no ") + name);
  return reinterpret_cast<Function*>(found);
}

struct Driver {
  void* library_ = library("libcuda.so.1");
  decltype(::cuModuleLoadData)* load = symbol<decltype(::cuModuleLoadData)>(library_, "cuModuleLoadData");
  decltype(::cuModuleGetFunction)* find =
      symbol<decltype(::cuModuleGetFunction)>(library_, "cuModuleGetFunction");
  decltype(::cuFuncSetAttribute)* set = symbol<decltype(::cuFuncSetAttribute)>(library_, "cuFuncSetAttribute");
  decltype(::cuLaunchKernelEx)* launch = symbol<decltype(::cuLaunchKernelEx)>(library_, "cuLaunchKernelEx");
  decltype(::cuGetErrorString)* text = symbol<decltype(::cuGetErrorString)>(library_, "cuGetErrorString");

  void check(CUresult result, const std::string& what) const {
    if (result == CUDA_SUCCESS) return;
    const char* words = nullptr;
    text(result, &words);
    throw std::runtime_error("CUDA: " + what + ": " + (words ? words : "unknown error"));
  }
};

const Driver& driver() {
  static const Driver loaded;
  return loaded;
}

struct Compiler {
  void* library_ = compiler_library();
  template <class Function>
  Function* get(const char* name) const {
    return symbol<Function>(library_, name);
  }
};

/// What every kernel calls first: the kernel after it may be brought to the card from then on, and it waits
/// itself for those before it, which it was brought beside (follows_closely()).
constexpr const char* kBegin = R"cuda(
#define VACO_KERNEL extern "C" __global__
#define VACO_MEMORY extern __shared__ float memory[]
__device__ inline void begin_kernel() {
#if __CUDA_ARCH__ >= 900
  asm volatile("griddepcontrol.launch_dependents;");
  asm volatile("griddepcontrol.wait;" ::: "memory");
#endif
}
)cuda";

/// Whether a kernel that is captured now may be brought to the card before the one that it follows has ended:
/// that must be a kernel, and the only thing it waits for.
bool follows_closely(cudaStream_t stream) {
#if CUDA_VERSION >= 13000
  cudaStreamCaptureStatus status = cudaStreamCaptureStatusNone;
  const cudaGraphNode_t* before = nullptr;
  const cudaGraphEdgeData* edges = nullptr;
  size_t count = 0;
  if (cudaStreamGetCaptureInfo(stream, &status, nullptr, nullptr, &before, &edges, &count) != cudaSuccess ||
      status != cudaStreamCaptureStatusActive || count != 1)
    return false;
  cudaGraphNodeType type = cudaGraphNodeTypeCount;
  return cudaGraphNodeGetType(before[0], &type) == cudaSuccess && type == cudaGraphNodeTypeKernel;
#else
  static_cast<void>(stream);  // earlier versions tell it in other ways
  return false;
#endif
}

/// Machine code for the current card.
std::vector<char> compile(const std::string& source) {
  static const Compiler nvrtc;
  nvrtcProgram program = nullptr;
  const auto check = [&](nvrtcResult result) {
    if (result == NVRTC_SUCCESS) return;
    size_t size = 0;
    std::string log;
    if (program && nvrtc.get<decltype(::nvrtcGetProgramLogSize)>("nvrtcGetProgramLogSize")(program, &size) ==
                       NVRTC_SUCCESS) {
      log.resize(size);
      nvrtc.get<decltype(::nvrtcGetProgramLog)>("nvrtcGetProgramLog")(program, log.data());
    }
    throw std::runtime_error("NVRTC cannot compile a kernel: " + log);
  };
  const auto* card = at::cuda::getCurrentDeviceProperties();
  const std::string target =
      "--gpu-architecture=sm_" + std::to_string(card->major) + std::to_string(card->minor);
  const char* options[] = {target.c_str(), "--std=c++17"};
  const std::string whole = kBegin + source;
  check(nvrtc.get<decltype(::nvrtcCreateProgram)>("nvrtcCreateProgram")(&program, whole.c_str(), "vaco.cu", 0,
                                                                        nullptr, nullptr));
  check(nvrtc.get<decltype(::nvrtcCompileProgram)>("nvrtcCompileProgram")(program, 2, options));
  size_t size = 0;
  check(nvrtc.get<decltype(::nvrtcGetCUBINSize)>("nvrtcGetCUBINSize")(program, &size));
  std::vector<char> code(size);
  check(nvrtc.get<decltype(::nvrtcGetCUBIN)>("nvrtcGetCUBIN")(program, code.data()));
  nvrtc.get<decltype(::nvrtcDestroyProgram)>("nvrtcDestroyProgram")(&program);
  return code;
}

}  // namespace

int cuda_architecture() {
  const auto* card = at::cuda::getCurrentDeviceProperties();
  return card->major * 10 + card->minor;
}

void* CudaKernel::compiled() const {
  if (void* ready = function_.load(std::memory_order_acquire)) return ready;
  // Several kernels stand in one source, which is compiled once. Modules live as long as the process.
  static std::mutex mutex;
  static std::map<std::string, CUmodule> modules;
  const std::scoped_lock lock(mutex);
  auto& module = modules[source_];
  if (!module) {
    const auto code = compile(source_);
    cudaFree(nullptr);  // makes the card's context this thread's
    driver().check(driver().load(&module, code.data()), "loading " + name_);
  }
  CUfunction function = nullptr;
  driver().check(driver().find(&function, module, name_.c_str()), "finding " + name_);
  function_.store(function, std::memory_order_release);
  return function;
}

void CudaKernel::launch(const Launch& launch, const void* const* arguments) const {
  auto* const function = static_cast<CUfunction>(compiled());
  constexpr unsigned kWithoutAsking = 48 << 10;
  if (launch.shared_bytes > kWithoutAsking)
    driver().check(driver().set(function, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
                                static_cast<int>(launch.shared_bytes)),
                   "shared memory of " + name_);
  CUstream stream = c10::cuda::getCurrentCUDAStream().stream();
  CUlaunchAttribute close{};
  close.id = CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION;
  close.value.programmaticStreamSerializationAllowed = 1;
  CUlaunchConfig config{};
  config.gridDimX = launch.blocks;
  config.gridDimY = launch.blocks_y;
  config.gridDimZ = config.blockDimY = config.blockDimZ = 1;
  config.blockDimX = launch.threads;
  config.sharedMemBytes = launch.shared_bytes;
  config.hStream = stream;
  config.attrs = &close;
  config.numAttrs = follows_closely(stream) ? 1 : 0;
  driver().check(driver().launch(&config, function, const_cast<void**>(arguments), nullptr),
                 "launching " + name_);
}

}  // namespace vaco
