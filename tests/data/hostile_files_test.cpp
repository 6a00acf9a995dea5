// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "core/data/policy_file.h"
#include "core/data/reader.h"
#include "tests/data/fuzz.h"
#include "tests/data/h5_fixture.h"

namespace vaco {
namespace {

using testing::bytes_of;
using testing::fuzz;
using testing::fuzz_batches;
using testing::H5Writer;
using ::testing::HasSubstr;
using testing::Layout;
using testing::SmallRows;
using testing::TemporaryFolder;
using testing::write_bytes;

class HostileFiles : public ::testing::Test {
 protected:
  void expect_error(const std::filesystem::path& path, ErrorCode code, const std::string& part) {
    const auto dataset = read_dataset(path);
    ASSERT_FALSE(dataset.ok());
    EXPECT_EQ(dataset.error().code, code) << dataset.error().message;
    EXPECT_THAT(dataset.error().message, HasSubstr(part));
    EXPECT_THAT(dataset.error().message, HasSubstr(path.filename().string())) << "the message names the file";
  }
  template <class Fill>
  void expect_bad(Fill fill, const std::string& part) {
    const auto path = folder_ / "hostile.hdf5";
    {
      H5Writer file(path);
      fill(file);
    }
    expect_error(path, ErrorCode::bad_data, part);
  }
  /// The small rows with one array left to the caller.
  static void all_but(H5Writer& f, const std::string& left_out) {
    const SmallRows rows;
    if (left_out != "observations") f.floats("observations", {10, 2}, rows.observations);
    if (left_out != "actions") f.floats("actions", {10, 1}, rows.actions);
    if (left_out != "rewards") f.floats("rewards", {10}, rows.rewards);
    if (left_out != "terminals") f.flags("terminals", rows.terminals);
    if (left_out != "timeouts") f.flags("timeouts", rows.timeouts);
  }
  TemporaryFolder folder_;
};

TEST_F(HostileFiles, WhatIsNoHdf5File) {
  expect_error(folder_ / "missing.hdf5", ErrorCode::bad_data, "no such file");
  std::filesystem::create_directory(folder_ / "folder.hdf5");
  expect_error(folder_ / "folder.hdf5", ErrorCode::bad_data, "folder");
  write_bytes(folder_ / "empty.hdf5", "");
  expect_error(folder_ / "empty.hdf5", ErrorCode::bad_data, "empty");
  write_bytes(folder_ / "text.hdf5", "observations, actions\n1, 2\n");
  expect_error(folder_ / "text.hdf5", ErrorCode::bad_data, "not an HDF5 file: give a D4RL-style .hdf5");
  ASSERT_EQ(::mkfifo((folder_ / "pipe.hdf5").c_str(), 0600), 0);
  expect_error(folder_ / "pipe.hdf5", ErrorCode::bad_data, "regular");
}

TEST_F(HostileFiles, CutShort) {
  const auto path = folder_ / "cut.hdf5";
  {
    H5Writer file(path);
    SmallRows().write(file);
  }
  const std::string whole = bytes_of(path);
  for (const size_t size : {size_t{9}, whole.size() / 3, whole.size() / 2, whole.size() - 1}) {
    write_bytes(path, whole.substr(0, size));
    expect_error(path, ErrorCode::bad_data, "");
  }
}

TEST_F(HostileFiles, MissingAndMisshapenArrays) {
  const SmallRows rows;
  for (const char* name : {"observations", "actions", "rewards", "terminals"})
    expect_bad([&](H5Writer& f) { all_but(f, name); }, std::string(name) + ": there is no such array");
  expect_bad(
      [&](H5Writer& f) {
        all_but(f, "rewards");
        f.floats("rewards", {9}, rows.rewards);
      },
      "rewards: it has 9 rows, but observations has 10");
  expect_bad(
      [&](H5Writer& f) {
        all_but(f, "rewards");
        f.floats("rewards", {10, 2}, rows.observations);
      },
      "rewards: it has 2 numbers in a row");
  expect_bad(
      [&](H5Writer& f) {
        all_but(f, "");
        f.floats("next_observations", {10, 1}, rows.rewards);
      },
      "next_observations: it has 1 numbers in a row");
  expect_bad(
      [&](H5Writer& f) {
        all_but(f, "observations");
        f.floats("observations", {10, 2, 3000}, std::vector<float>(60000));
      },
      "10 × 2 × 3000");
  expect_bad(
      [&](H5Writer& f) {
        all_but(f, "observations");
        f.floats("observations", {0, 2}, {});
      },
      "empty");
  expect_bad(
      [&](H5Writer& f) {
        all_but(f, "rewards");
        f.floats("rewards/inside", {10}, rows.rewards);
      },
      "rewards: it is a group");
  expect_bad(
      [&](H5Writer& f) {
        all_but(f, "rewards");
        f.text("rewards", "many");
      },
      "not numbers");
}

TEST_F(HostileFiles, ClaimedSizesAreCheckedFirst) {
  // An exabyte of observations that were never written.
  expect_bad(
      [](H5Writer& f) {
        all_but(f, "observations");
        f.put("observations", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {hsize_t{1} << 50, 64}, nullptr,
              {.chunk = {1024, 1}, .deflate = true});
      },
      "impossible number of elements");
  expect_bad(
      [](H5Writer& f) {
        all_but(f, "observations");
        f.put("observations", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {hsize_t{1} << 30, 16}, nullptr,
              {.chunk = {1024, 1}, .deflate = true});
        const float value = 1.0f;
        f.put("more", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {}, &value);
      },
      "observations");
  // All arrays agree, but nothing of one of them was ever written.
  expect_bad(
      [](H5Writer& f) {
        all_but(f, "rewards");
        f.put("rewards", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {10}, nullptr, {.chunk = {5}, .deflate = true});
      },
      "rewards: it claims 40 bytes of data but holds only 0");
  expect_bad(
      [](H5Writer& f) {
        all_but(f, "rewards");
        f.put("rewards", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {10}, nullptr);
      },
      "rewards: it was never written");
}

TEST_F(HostileFiles, WhatLiesOutsideTheFileIsRefused) {
  const SmallRows rows;
  {
    H5Writer other(folder_ / "other.hdf5");
    other.floats("rewards", {10}, rows.rewards);
  }
  expect_bad(
      [&](H5Writer& f) {
        all_but(f, "rewards");
        H5Lcreate_external((folder_ / "other.hdf5").c_str(), "rewards", f.id(), "rewards", H5P_DEFAULT,
                           H5P_DEFAULT);
      },
      "rewards");
  write_bytes(folder_ / "raw.bin", std::string(40, '\0'));
  expect_bad(
      [&](H5Writer& f) {
        all_but(f, "rewards");
        const hsize_t extent = 10;
        const hid_t creation = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(1, &extent, nullptr);
        H5Pset_external(creation, (folder_ / "raw.bin").c_str(), 0, 40);
        H5Dclose(H5Dcreate2(f.id(), "rewards", H5T_IEEE_F32LE, space, H5P_DEFAULT, creation, H5P_DEFAULT));
        H5Sclose(space);
        H5Pclose(creation);
      },
      "another file");
  expect_bad(
      [&](H5Writer& f) {
        all_but(f, "rewards");
        const hsize_t extent = 10;
        const hid_t creation = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(1, &extent, nullptr);
        H5Pset_virtual(creation, space, (folder_ / "other.hdf5").c_str(), "rewards", space);
        H5Dclose(H5Dcreate2(f.id(), "rewards", H5T_IEEE_F32LE, space, H5P_DEFAULT, creation, H5P_DEFAULT));
        H5Sclose(space);
        H5Pclose(creation);
      },
      "virtual");
}

TEST_F(HostileFiles, OtherFiltersAreRefusedByName) {
  const SmallRows rows;
  expect_bad(
      [&](H5Writer& f) {
        all_but(f, "rewards");
        const hsize_t extent = 10;
        const hid_t creation = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(1, &extent, nullptr);
        H5Pset_chunk(creation, 1, &extent);
        H5Pset_scaleoffset(creation, H5Z_SO_FLOAT_DSCALE, 2);
        const hid_t dataset =
            H5Dcreate2(f.id(), "rewards", H5T_IEEE_F32LE, space, H5P_DEFAULT, creation, H5P_DEFAULT);
        H5Dwrite(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows.rewards.data());
        H5Dclose(dataset);
        H5Sclose(space);
        H5Pclose(creation);
      },
      "packed by scale and offset, which is not supported");
}

TEST_F(HostileFiles, DamagedChunksAreNoticed) {
  const auto path = folder_ / "checked.hdf5";
  std::vector<float> rewards(2000);
  Rng rng(1);
  for (auto& r : rewards) r = static_cast<float>(rng.uniform());
  for (const bool deflate : {false, true}) {
    {
      H5Writer file(path);
      file.floats("observations", {2000, 1}, rewards,
                  {.chunk = {500, 1}, .deflate = deflate, .shuffle = true, .fletcher = true});
      file.floats("actions", {2000}, rewards);
      file.floats("rewards", {2000}, rewards);
      file.flags("terminals", std::vector<int8_t>(2000));
    }
    haddr_t at = 0;
    hsize_t size = 0;
    {
      const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
      const hid_t dataset = H5Dopen2(file, "observations", H5P_DEFAULT);
      hsize_t corner[2] = {1000, 0};
      H5Dget_chunk_info_by_coord(dataset, corner, nullptr, &at, &size);
      H5Dclose(dataset);
      H5Fclose(file);
    }
    ASSERT_GT(size, 100u);
    std::string bytes = bytes_of(path);
    bytes[at + 50] = static_cast<char>(bytes[at + 50] ^ 4);
    write_bytes(path, bytes);
    expect_error(path, ErrorCode::bad_data, "(at row 1000)");
  }
}

TEST_F(HostileFiles, MutatedDatasetsNeitherCrashNorHang) {
  const auto path = folder_ / "hopper.hdf5";
  for (const bool packed : {true, false}) {
    {
      H5Writer file(path);
      const Layout wide{.chunk = {3, 1}, .deflate = true, .shuffle = true, .fletcher = true};
      const Layout narrow{.chunk = {4}, .deflate = true};
      SmallRows().write(file, packed ? wide : Layout{}, packed ? narrow : Layout{.compact = true});
      file.floats("next_observations", {10, 2}, SmallRows().next_observations, {}, H5T_IEEE_F64BE);
      file.flags("infos/policy", SmallRows().terminals);
      file.text("metadata/environment", "hopper");
    }
    ASSERT_TRUE(read_dataset(path).ok());
    const auto mutated = folder_ / "mutated.hdf5";
    fuzz(bytes_of(path), fuzz_batches(30), [&](const std::string& bytes) {
      write_bytes(mutated, bytes);
      if (const auto dataset = read_dataset(mutated)) static_cast<void>(to_report(summarize(*dataset)));
    });
  }
}

TEST_F(HostileFiles, MutatedPoliciesNeitherCrashNorHang) {
  PolicySnapshot policy;
  policy.layers = {{2, 3, std::vector<float>(6, 0.5f), std::vector<float>(3)},
                   {3, 1, std::vector<float>(3, 0.5f), std::vector<float>(1)}};
  policy.observation_mean = {0, 0};
  policy.observation_scale = {1, 1};
  policy.action_low = {-1};
  policy.action_high = {1};
  ASSERT_TRUE(write_policy(folder_ / "policy.h5", policy).ok());
  fuzz(bytes_of(folder_ / "policy.h5"), fuzz_batches(30), [](const std::string& bytes) {
    const auto read = read_policy(std::as_bytes(std::span(bytes)), "mutated");
    if (read && !read->problem().empty()) ::abort();
  });
}

}  // namespace
}  // namespace vaco
