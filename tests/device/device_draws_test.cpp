// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers drawn on the device: bit for bit what they are said to be, well distributed, and used by samplers and
// noises.
#include "core/device/device_draws.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "core/learn/parts/batches.h"
#include "core/learn/parts/step_noise.h"
#include "tests/nn/cuda_on_host.h"

namespace vaco::host_cuda {
#include "core/nn/kernels/vectors.cu"
}  // namespace vaco::host_cuda

namespace vaco {
namespace {

constexpr uint64_t kIncrement = 0x9e3779b97f4a7c15ull;

uint64_t finalize(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

class DeviceDrawsTest : public ::testing::Test {
 protected:
  DeviceDraws draws(int64_t count, uint64_t seed = 7, uint64_t stream = 3) {
    return {compute->step_salt(), count, seed, stream};
  }
  at::Tensor normal(int64_t count, int64_t step) {
    compute->begin_step(step);
    auto made = draws(count);
    auto out = at::empty({count});
    made.normal(at::ones({}), out);
    return out.to(at::kDouble);
  }
  std::unique_ptr<Compute> compute =
      std::move(*Compute::make({.device = "rehearsal", .precision = "float32", .threads = 1}));
};

TEST_F(DeviceDrawsTest, AreSplitmixBitForBit) {
  constexpr int64_t kCount = 1003;
  auto made = draws(kCount, 12345, 678);
  for (const int64_t step : {int64_t{0}, int64_t{1}, int64_t{2}, int64_t{999999}, int64_t{1} << 40}) {
    compute->begin_step(step);
    const auto bits = made.bits();
    uint64_t state = Rng(12345, 678).next() + finalize((static_cast<uint64_t>(step) + 1) * kIncrement);
    for (int64_t i = 0; i < kCount; ++i) {
      state += kIncrement;
      ASSERT_EQ(static_cast<uint64_t>(bits.data_ptr<int64_t>()[i]), finalize(state)) << step << " " << i;
    }
  }
}

TEST_F(DeviceDrawsTest, AreTheSameFromAKernel) {
  constexpr int kCount = 600;
  compute->begin_step(41);
  auto made = draws(kCount);
  uint64_t key = Rng(7, 3).next();
  std::vector<long long> counters;
  for (int i = 0; i < kCount; ++i) counters.push_back(static_cast<long long>(key += kIncrement));
  const auto salt = static_cast<long long>(step_salt(41));
  const auto below = at::full({}, int64_t{1000}, at::kLong);
  auto indices = at::zeros({kCount}, at::kLong), drawn = at::zeros({kCount}, at::kLong);
  const auto rows = at::randperm(1000, at::kLong), element = at::randint(50, {kCount}, at::kLong);
  const auto first = at::arange(50, at::kLong) * 20, length = at::randint(1, 20, {50}, at::kLong);
  const auto pointer = [](const at::Tensor& values) {
    return reinterpret_cast<long long*>(values.defined() ? values.data_ptr<int64_t>() : nullptr);
  };
  for (const DeviceDraws::Source& from :
       {DeviceDraws::Source{.below = below}, DeviceDraws::Source{.below = below, .rows = rows},
        DeviceDraws::Source{.element = element, .group_first = first, .group_length = length}}) {
    made.indices(from, indices);
    host_cuda::run(3, 1, 256, [&] {
      host_cuda::draw_indices(counters.data(), &salt,
                              {pointer(from.below), pointer(from.rows), pointer(from.element),
                               pointer(from.group_first), pointer(from.group_length)},
                              kCount, pointer(drawn));
    });
    EXPECT_TRUE(at::equal(drawn, indices));
    EXPECT_GT(indices.max().item<int64_t>(), 500);
  }
  long long step = 41, next_salt = 0;
  host_cuda::run(1, 1, 1, [&] { host_cuda::begin_step(&step, &next_salt); });
  EXPECT_EQ(step, 42);
  EXPECT_EQ(next_salt, salt);
  auto numbers = at::zeros({kCount}), by_kernel = at::zeros({kCount});
  const auto deviation = at::full({}, 0.5f);
  for (const bool normal : {false, true}) {
    normal ? made.normal(deviation, numbers) : made.uniform(numbers);
    host_cuda::run(3, 1, 256, [&] {
      host_cuda::draw_numbers(counters.data(), &salt, kCount, normal ? deviation.data_ptr<float>() : nullptr,
                              by_kernel.data_ptr<float>());
    });
    EXPECT_LT((numbers - by_kernel).abs().max().item<float>(), normal ? 1e-4f : 1e-9f);
  }
}

TEST_F(DeviceDrawsTest, DependOnSeedStreamAndStepAlone) {
  const auto bits = [&](uint64_t seed, uint64_t stream, int64_t step) {
    compute->begin_step(step);
    auto made = draws(64, seed, stream);
    return made.bits().clone();
  };
  const auto one = bits(1, 2, 3);
  EXPECT_TRUE(at::equal(one, bits(1, 2, 3)));
  for (const auto& other : {bits(2, 2, 3), bits(1, 3, 3), bits(1, 2, 4)})
    EXPECT_EQ(one.eq(other).sum().item<int64_t>(), 0);
}

TEST_F(DeviceDrawsTest, UniformNumbersFillTheIntervalEvenly) {
  constexpr int64_t kCount = 200000;
  auto made = draws(kCount);
  auto out = at::empty({kCount});
  made.uniform(out);
  const auto x = out.to(at::kDouble);
  EXPECT_LT(x.abs().max().item<double>(), 1.0);
  EXPECT_NEAR(x.mean().item<double>(), 0.0, 4 * std::sqrt(1.0 / 3 / kCount));
  EXPECT_NEAR(x.square().mean().item<double>(), 1.0 / 3, 4 * std::sqrt(4.0 / 45 / kCount));
  const auto counts = at::histc(x, 20, -1, 1);
  EXPECT_LT((counts - kCount / 20.0).square().sum().item<double>() / (kCount / 20.0), 45.0);
}

TEST_F(DeviceDrawsTest, NormalNumbersHaveItsMomentsAndTails) {
  constexpr int64_t kCount = 400000;
  const auto x = normal(kCount, 5);
  const double error = 4 / std::sqrt(static_cast<double>(kCount));
  EXPECT_NEAR(x.mean().item<double>(), 0.0, error);
  EXPECT_NEAR(x.square().mean().item<double>(), 1.0, error * std::sqrt(2.0));
  EXPECT_NEAR(x.pow(3).mean().item<double>(), 0.0, error * std::sqrt(15.0));
  EXPECT_NEAR(x.pow(4).mean().item<double>(), 3.0, error * std::sqrt(96.0));
  EXPECT_NEAR(x.abs().gt(3.0).to(at::kDouble).mean().item<double>(), 0.0027, error * std::sqrt(0.0027));
  EXPECT_TRUE(x.isfinite().all().item<bool>());
}

TEST_F(DeviceDrawsTest, NeighbouringStepsAndElementsAreUncorrelated) {
  constexpr int64_t kCount = 100000;
  const auto now = normal(kCount, 10), next = normal(kCount, 11);
  const double error = 4 / std::sqrt(static_cast<double>(kCount));
  EXPECT_NEAR((now * next).mean().item<double>(), 0.0, error);
  EXPECT_NEAR((now.narrow(0, 1, kCount - 1) * next.narrow(0, 0, kCount - 1)).mean().item<double>(), 0.0, error);
  EXPECT_NEAR((now.narrow(0, 1, kCount - 1) * now.narrow(0, 0, kCount - 1)).mean().item<double>(), 0.0, error);
}

TEST_F(DeviceDrawsTest, SamplersDrawEveryAllowedRowAlike) {
  std::vector<int64_t> allowed;
  for (int64_t row = 0; row < 30; row += 3) allowed.push_back(row);
  constexpr int64_t kBatch = 1000;
  RowSampler sampler(*compute, kBatch, 30, allowed, 4);
  Rng untouched(9), rng(9);
  auto counts = at::zeros({30});
  for (int64_t step = 0; step < 100; ++step) {
    compute->begin_step(step);
    counts.add_(at::bincount(sampler.draw(rng), {}, 30));
  }
  EXPECT_TRUE(rng.state() == untouched.state());
  const double expected = kBatch * 100 / 10.0;
  for (int64_t row = 0; row < 30; ++row)
    EXPECT_NEAR(counts[row].item<double>(), row % 3 == 0 ? expected : 0.0, 4 * std::sqrt(expected)) << row;
}

TEST_F(DeviceDrawsTest, SamplersFollowAGrowingTotal) {
  RowSampler sampler(*compute, 500, 1, {}, 4);
  Rng rng;
  for (const int64_t total : {1, 2, 40}) {
    sampler.set_total(total);
    const auto& rows = sampler.draw(rng);
    EXPECT_EQ(rows.min().item<int64_t>(), 0);
    EXPECT_EQ(rows.max().item<int64_t>(), total - 1);
  }
}

TEST_F(DeviceDrawsTest, RowsWithinGroupsBelongToTheRowsOwn) {
  const auto groups = make_weight_groups({0, 5, 12}, {5, 7, 1}, 0);
  RowSampler sampler(*compute, 400, 13, {}, 4);
  sampler.set_groups(groups);
  Rng rng;
  const auto rows = sampler.draw(rng).clone(), within = sampler.draw_within_groups(rng).clone();
  std::vector<int> seen(13);
  for (int64_t i = 0; i < rows.numel(); ++i) {
    const auto row = static_cast<size_t>(rows[i].item<int64_t>());
    const auto other = static_cast<size_t>(within[i].item<int64_t>());
    ASSERT_LT(other, 13u);
    EXPECT_EQ(groups.group[row], groups.group[other]);
    ++seen[other];
  }
  for (const int count : seen) EXPECT_GT(count, 0);
  EXPECT_FALSE(at::equal(rows, within));
}

TEST_F(DeviceDrawsTest, NoiseHasTheDeviationThatTheHostSets) {
  StepNoise noise(*compute, {500, 40}, 4, noise_stream(1));
  const auto standard = noise.draw().clone();
  EXPECT_NEAR(standard.std().item<double>(), 1.0, 0.03);
  noise.set_deviation(0.25);
  EXPECT_TRUE(at::equal(noise.draw(), standard * 0.25));
  EXPECT_LT(noise.draw_uniform().abs().max().item<double>(), 1.0);
}

}  // namespace
}  // namespace vaco
