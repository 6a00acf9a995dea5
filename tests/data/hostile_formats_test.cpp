// SPDX-License-Identifier: GPL-3.0-or-later
// Mutated files of every layout: no crash, no hang, no memory out of proportion.
#include <gtest/gtest.h>

#include "core/base/json.h"
#include "core/data/reader.h"
#include "tests/data/fuzz.h"
#include "tests/data/h5_fixture.h"

namespace vaco {
namespace {

namespace fs = std::filesystem;
const fs::path kFiles = fs::path(VACO_TEST_DATA) / "formats";

/// How many batches of fifty files each layout gets; VACO_FUZZ_BATCHES asks for a longer run.
int batches() {
  const char* asked = std::getenv("VACO_FUZZ_BATCHES");
  return asked ? std::atoi(asked) : 2;
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

INSTANTIATE_TEST_SUITE_P(Files, HostileFormats,
                         ::testing::Values("minari-0.5.4/cartpole/random-v0/data/main_data.hdf5",
                                           "minari-0.4.3/pointmaze-toy-v0/data/main_data.hdf5",
                                           "d3rlpy-1.1.1/cartpole.h5", "d3rlpy-2.8.1/pointmaze_tuple.h5",
                                           "hdf5-variants/hopper_latest.hdf5",
                                           "hdf5-variants/hopper_lzf_shuffle.hdf5",
                                           "robomimic-0.5.0/low_dim_no_next.hdf5",
                                           "ogbench-1.2.2/pointmaze-medium-navigate-v0.npz",
                                           "ogbench-1.2.2/pointmaze-medium-navigate-v0_compact.npz",
                                           "stable-baselines3-2.9.2/pendulum_buffer_arrays.npz",
                                           "csv/cartpole_done.csv", "csv/pendulum_pandas_arrays.csv"),
                         [](const auto& tested) {
                           std::string name;
                           for (const char* c = tested.param; *c; ++c)
                             name += std::isalnum(static_cast<unsigned char>(*c)) ? *c : '_';
                           return name;
                         });

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
