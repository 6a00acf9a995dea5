// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/dnnl_gemm.h"

#include <oneapi/dnnl/dnnl.hpp>

#include <array>

namespace vaco {
namespace {

using dnnl::memory;

const dnnl::engine& cpu_engine() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

memory::desc matrix(int64_t rows, int64_t columns, bool transposed,
                    memory::data_type type = memory::data_type::f32) {
  const memory::dims strides = transposed ? memory::dims{1, rows} : memory::dims{columns, 1};
  return {{rows, columns}, type, strides};
}

void check(dnnl_status_t status) {
  if (status != dnnl_success) throw dnnl::error(status, "oneDNN could not compute a matrix product");
}

}  // namespace

struct DnnlGemm::Impl {
  explicit Impl(const GemmShape& s) : stream(cpu_engine()) {
    const auto type = s.bfloat16 ? memory::data_type::bf16 : memory::data_type::f32;
    const auto a_desc = matrix(s.m, s.k, s.transpose_a, type), b_desc = matrix(s.k, s.n, s.transpose_b, type);
    const auto c_desc = matrix(s.m, s.n, false), bias_desc = matrix(1, s.n, false);
    dnnl::primitive_attr attributes;
    // The caller's own scratch memory: the library's is tied to the thread that made the primitive.
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    dnnl::post_ops after;
    if (s.accumulate) after.append_sum(1.0f);
    if (s.relu) after.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
    attributes.set_post_ops(after);
    const auto desc = s.bias ? dnnl::matmul::desc(a_desc, b_desc, bias_desc, c_desc)
                             : dnnl::matmul::desc(a_desc, b_desc, c_desc);
    const dnnl::matmul::primitive_desc prepared(desc, attributes, cpu_engine());
    product = dnnl::matmul(prepared);
    a = memory(a_desc, cpu_engine(), nullptr);
    b = memory(b_desc, cpu_engine(), nullptr);
    c = memory(c_desc, cpu_engine(), nullptr);
    bias = memory(bias_desc, cpu_engine(), nullptr);
    scratch = memory(prepared.scratchpad_desc(), cpu_engine());
    arguments = {{{DNNL_ARG_SRC, a.get()},
                  {DNNL_ARG_WEIGHTS, b.get()},
                  {DNNL_ARG_DST, c.get()},
                  {DNNL_ARG_SCRATCHPAD, scratch.get()},
                  {DNNL_ARG_BIAS, bias.get()}}};
    argument_count = s.bias ? 5 : 4;
  }

  dnnl::stream stream;
  dnnl::matmul product;
  memory a, b, c, bias, scratch;
  std::array<dnnl_exec_arg_t, 5> arguments{};
  int argument_count = 0;
};

bool has_fast_bfloat16() {
  // The values are sets of bits: what a newer instruction set includes of an older one is set in both.
  const auto isa = static_cast<int>(dnnl::get_effective_cpu_isa());
  const auto wanted = static_cast<int>(dnnl::cpu_isa::avx512_core_bf16);
  return (isa & wanted) == wanted;
}

std::string dnnl_version_name() {
  const auto& v = *dnnl::version();
  return "oneDNN " + std::to_string(v.major) + '.' + std::to_string(v.minor) + '.' + std::to_string(v.patch);
}

DnnlGemm::DnnlGemm(const GemmShape& shape) : impl_(std::make_unique<Impl>(shape)) {}
DnnlGemm::~DnnlGemm() = default;
DnnlGemm::DnnlGemm(DnnlGemm&&) noexcept = default;

void DnnlGemm::execute(const void* a, const void* b, float* c, const float* bias) {
  auto& i = *impl_;
  check(dnnl_memory_set_data_handle(i.a.get(), const_cast<void*>(a)));
  check(dnnl_memory_set_data_handle(i.b.get(), const_cast<void*>(b)));
  check(dnnl_memory_set_data_handle(i.c.get(), c));
  if (bias) check(dnnl_memory_set_data_handle(i.bias.get(), const_cast<float*>(bias)));
  // The C call: the C++ wrapper builds a vector of the arguments every time.
  check(dnnl_primitive_execute(i.product.get(), i.stream.get(), i.argument_count, i.arguments.data()));
}

}  // namespace vaco
