// SPDX-License-Identifier: GPL-3.0-or-later
// Mutated files of every layout: no crash, no hang, no memory out of proportion.
#include <gtest/gtest.h>

#include "core/base/json.h"
#include "core/data/reader.h"
#include "tests/data/fuzz.h"
#include "tests/data/h5_fixture.h"

#ifdef __SANITIZE_ADDRESS__
/// What setrlimit bounds elsewhere: an allocation out of proportion fails. The sanitizer's library looks for
/// the name.
extern "C" [[gnu::visibility("default")]] const char* __asan_default_options() {
  return "max_allocation_size_mb=1024";
}
#endif

namespace vaco {
namespace {

namespace fs = std::filesystem;
const fs::path kFiles = fs::path(VACO_TEST_DATA) / "formats";

int batches() {
  return testing::fuzz_batches(2);
}

class HostileFormats : public ::testing::TestWithParam<const char*> {};

TEST_P(HostileFormats, MutatedFilesNeitherCrashNorHang) {
  const testing::TemporaryFolder folder;
  const fs::path sound = kFiles / GetParam(), mutated = folder / fs::path(GetParam()).filename().string();
  testing::fuzz(testing::bytes_of(sound), batches(), [&](const std::string& bytes) {
    testing::write_bytes(mutated, bytes);
    static_cast<void>(read_dataset_head(mutated));
    if (const auto dataset = read_dataset(mutated)) static_cast<void>(to_report(summarize(*dataset)));
  });
}

INSTANTIATE_TEST_SUITE_P(
    Files, HostileFormats,
    ::testing::Values("minari-0.5.4/cartpole/random-v0/data/main_data.hdf5",
                      "minari-0.4.3/pointmaze-toy-v0/data/main_data.hdf5", "d4rl-89141a6/hopper-medium-v2.hdf5",
                      "robosuite-1.4.1/wipe_panda_demo.hdf5", "npz/hopper_d4rl_keys.npz",
                      "csv/mountaincar_noheader.csv", "d3rlpy-1.1.1/cartpole.h5",
                      "d3rlpy-2.8.1/pointmaze_tuple.h5", "hdf5-variants/hopper_latest.hdf5",
                      "hdf5-variants/hopper_lzf_shuffle.hdf5", "robomimic-0.5.0/low_dim_no_next.hdf5",
                      "ogbench-1.2.2/pointmaze-medium-navigate-v0.npz",
                      "ogbench-1.2.2/pointmaze-medium-navigate-v0_compact.npz",
                      "stable-baselines3-2.9.2/pendulum_buffer_arrays.npz", "csv/cartpole_done.csv",
                      "csv/pendulum_pandas_arrays.csv"),
    [](const auto& tested) {
      std::string name;
      for (const char* c = tested.param; *c; ++c)
        name += std::isalnum(static_cast<unsigned char>(*c)) ? *c : '_';
      return name;
    });

/// tianshou's replay buffers: a ring that is full.
TEST(HostileRings, MutatedBuffersNeitherCrashNorHang) {
  const testing::TemporaryFolder folder;
  const auto sound = folder / "sound.hdf5", mutated = folder / "buffer.hdf5";
  {
    testing::H5Writer file(sound);
    const std::vector<float> numbers(16, 0.5f);
    for (const char* name : {"_meta/obs", "_meta/obs_next"}) file.floats(name, {8, 2}, numbers);
    for (const char* name : {"_meta/act", "_meta/rew"}) file.floats(name, {8}, std::vector<float>(8, 0.25f));
    for (const char* name : {"_meta/terminated", "_meta/truncated", "_meta/done"})
      file.flags(name, {0, 0, 1, 0, 0, 0, 1, 0});
    for (const char* name : {"_size", "maxsize", "_insertion_idx"}) {
      const int64_t value = name[1] == 'i' ? 3 : 8;
      const hid_t space = H5Screate(H5S_SCALAR),
                  made = H5Acreate2(file.id(), name, H5T_STD_I64LE, space, H5P_DEFAULT, H5P_DEFAULT);
      H5Awrite(made, H5T_NATIVE_INT64, &value);
      H5Aclose(made);
      H5Sclose(space);
    }
  }
  const auto whole = read_dataset(sound);
  ASSERT_TRUE(whole.ok()) << whole.error().message;
  EXPECT_EQ(whole->source.format.substr(0, 8), "tianshou");
  testing::fuzz(testing::bytes_of(sound), batches(), [&](const std::string& bytes) {
    testing::write_bytes(mutated, bytes);
    static_cast<void>(read_dataset(mutated));
  });
}

/// A folder's files, one mutated at a time.
TEST(HostileFolders, MutatedMemoryMapsNeitherCrashNorHang) {
  const testing::TemporaryFolder folder;
  const auto copy = folder / "buffer";
  fs::copy(kFiles / "torchrl-0.14.1/hopper_rb", copy, fs::copy_options::recursive);
  for (const char* name : {"storage/meta.json", "storage/next/meta.json", "storage/storage_metadata.json",
                           "writer/metadata.json", "storage/action.memmap"}) {
    const std::string whole = testing::bytes_of(copy / name);
    testing::fuzz(whole, batches(), [&](const std::string& bytes) {
      testing::write_bytes(copy / name, bytes);
      static_cast<void>(read_dataset(copy));
    });
    testing::write_bytes(copy / name, whole);
  }
}

}  // namespace
}  // namespace vaco
