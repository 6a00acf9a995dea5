// SPDX-License-Identifier: GPL-3.0-or-later
// What a training step does on a card besides products of matrices. Compiled by NVRTC at first use
// (cuda_kernel.h); the tests compile the same text for the host.

constexpr int kAdamEach = 4;  // parameters a thread

/// Adam and Polyak averaging in one pass over n parameters. steps and rate lie on the card, so that a replayed
/// step goes on counting; the last block that is through adds the step, and *finished is 0 again after it.
/// log_beta1, log_beta2: logarithms, by which 1 - beta^t = -expm1(t log beta).
VACO_KERNEL void adam_step(long long n, float* parameters, const float* gradients, float* first, float* second,
                           float* target, double* steps, const double* rate, float log_beta1, float log_beta2,
                           float epsilon, float target_rate, unsigned* finished) {
  begin_kernel();
  const double t = *steps + 1.0;
  const long long begin = (long long)blockIdx.x * blockDim.x * kAdamEach + threadIdx.x;
  float g[kAdamEach], m[kAdamEach], v[kAdamEach], p[kAdamEach], q[kAdamEach];
#pragma unroll
  for (int e = 0; e < kAdamEach; ++e) {
    const long long i = begin + (long long)e * blockDim.x;
    if (i >= n) break;
    g[e] = gradients[i];
    m[e] = first[i];
    v[e] = second[i];
    p[e] = parameters[i];
    q[e] = target ? target[i] : 0.0f;
  }
  const float correction = sqrtf(-expm1f((float)t * log_beta2)),
              scale = (float)*rate / -expm1f((float)t * log_beta1);
  const float rest1 = -expm1f(log_beta1), rest2 = -expm1f(log_beta2);
#pragma unroll
  for (int e = 0; e < kAdamEach; ++e) {
    const long long i = begin + (long long)e * blockDim.x;
    if (i >= n) break;
    m[e] += rest1 * (g[e] - m[e]);
    v[e] += rest2 * (g[e] * g[e] - v[e]);
    p[e] -= m[e] * scale / (sqrtf(v[e]) / correction + epsilon);
    first[i] = m[e];
    second[i] = v[e];
    parameters[i] = p[e];
    if (target) target[i] = q[e] + target_rate * (p[e] - q[e]);
  }
  __syncthreads();  // all have read the number of steps
  if (threadIdx.x != 0) return;
  __threadfence();
  if (atomicAdd(finished, 1u) == gridDim.x - 1) {
    *steps = t;
    *finished = 0;
  }
}

constexpr int kMaxTables = 6;

/// What is gathered at once; the steps are those between rows.
struct Tables {
  const float* from[kMaxTables];
  float* to[kMaxTables];
  long long from_step[kMaxTables], to_step[kMaxTables];
  int width[kMaxTables];
};

/// to[b, j] = from[rows[b], j] for each of the tables, whose widths add up to `width`.
VACO_KERNEL void gather_rows(Tables tables, const long long* rows, int count, int width) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  begin_kernel();
  if (i >= count * width) return;
  const int b = i / width;
  int j = i - b * width, table = 0;
  while (j >= tables.width[table]) j -= tables.width[table++];
  tables.to[table][b * tables.to_step[table] + j] = tables.from[table][rows[b] * tables.from_step[table] + j];
}

/// SplitMix64's scrambling of a counter (device_draws.h).
__device__ inline unsigned long long scrambled(unsigned long long z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}
__device__ inline unsigned long long mixed_bits(const long long* counters, const long long* salt, int i) {
  return scrambled((unsigned long long)counters[i] + (unsigned long long)*salt);
}

/// *salt = step_salt(*step), and then the next step.
VACO_KERNEL void begin_step(long long* step, long long* salt) {
  begin_kernel();
  const unsigned long long number = (unsigned long long)*step + 1;
  *salt = (long long)scrambled(number * 0x9e3779b97f4a7c15ull);
  *step = (long long)number;
}

/// What is drawn from: all numbers below one bound, or of every element those of a group. Where `rows` is
/// given, the number drawn is a place in that list.
struct DrawnFrom {
  const long long *below, *rows;
  const long long *element, *group_first, *group_length;  // in place of below: of group element[i]
};

/// out[i] in [0, below): the remainder that torch takes, of a signed number, with the sign of below.
VACO_KERNEL void draw_indices(const long long* counters, const long long* salt, DrawnFrom from, int count,
                              long long* out) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  begin_kernel();
  if (i >= count) return;
  const long long element = from.element ? from.element[i] : 0;
  const long long bound = from.element ? from.group_length[element] : *from.below;
  const long long rest = (long long)mixed_bits(counters, salt, i) % bound;
  long long drawn = rest < 0 ? rest + bound : rest;
  if (from.element) drawn += from.group_first[element];
  out[i] = from.rows ? from.rows[drawn] : drawn;
}

/// out[i] as DeviceDraws::uniform() has it, in (-1, 1), or with normal its normal quantile times the root of 2
/// and *deviation.
VACO_KERNEL void draw_numbers(const long long* counters, const long long* salt, int count,
                              const float* deviation, float* out) {
  const int i = blockIdx.x * blockDim.x + threadIdx.x;
  begin_kernel();
  if (i >= count) return;
  const long long top = (long long)mixed_bits(counters, salt, i) >> 40;
  const float uniform = ((float)top + 0.5f) * 1.1920928955078125e-07f;
  out[i] = deviation ? erfinvf(uniform) * 1.41421356237309504880f * *deviation : uniform;
}
