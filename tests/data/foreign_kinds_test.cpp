// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "core/data/reader.h"
#include "tests/data/h5_fixture.h"

namespace vaco {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;

TEST(ForeignKinds, AreNamedWithAWayOut) {
  const testing::TemporaryFolder folder;
  struct Case {
    std::string name, bytes, kind, mend;
  };
  const std::vector<Case> cases = {
      {"a.parquet", "PAR1\x15\x04", "Parquet", "to_csv"},
      {"a.arrow", "ARROW1\0\0"s, "Arrow", "hdf5"},
      {"a.pkl", "\x80\x04\x95\x10\0\0\0"s, "pickle", "numpy.savez"},
      {"hopper.hdf5", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "Git LFS pointer",
       "git lfs pull"},
      {"hopper.hdf5", "<!DOCTYPE html>\n<html>", "HTML", "download"},
      {"hopper.hdf5.gz", "\x1f\x8b\x08\0"s, "gzip", "gunzip"},
      {"a.npy", "\x93NUMPY\x01\0v\0{'descr': '<f4', }"s, "single array", "numpy.savez"},
      {"a.npy", "\x93NUMPY\x01\0v\0{'descr': '|O', }"s, "pickle", "numpy.savez"},
      {"a.json", "{\"obs\": [1]}", "JSON", "to_csv"},
      {"a.tar", std::string(257, 'a') + "ustar", "tar archive", "tar xf"},
      {"a.mat", "MATLAB 5.0 MAT-file", "MATLAB", "loadmat"},
      {"a.hdf5", std::string(64, '\0'), "zeros", "download"},
      {"a.bin", "qwertz", "no kind", "Minari"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.kind);
    std::ofstream(folder / c.name, std::ios::binary | std::ios::trunc) << c.bytes;
    const auto read = read_dataset(folder / c.name);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, ErrorCode::bad_data);
    EXPECT_THAT(read.error().message, HasSubstr(c.kind));
    EXPECT_THAT(read.error().message, HasSubstr(c.mend));
    EXPECT_THAT(read.error().message, HasSubstr(c.name));
    EXPECT_THAT(read.error().message, ::testing::Not(HasSubstr("damaged")));
    EXPECT_EQ(read_dataset_head(folder / c.name).ok(), false);
  }
}

TEST(ForeignKinds, AnHdf5FileOfNoLayoutTellsWhatItHolds) {
  const testing::TemporaryFolder folder;
  {
    testing::H5Writer file(folder / "own.hdf5");
    file.floats("x", {3, 2}, {0, 1, 2, 3, 4, 5});
    file.floats("torque", {3, 1}, {0.5f, 1, 2});
    file.floats("gain", {3}, {1, 2, 3});
    file.floats("fell", {3}, {0, 0, 1});
  }
  const auto read = read_dataset(folder / "own.hdf5");
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(read.error().message, HasSubstr("it holds fell, gain, torque, x"));
  ReadOptions options;
  options.columns = "observations=x;actions=torque;rewards=gain;terminals=fell";
  const auto chosen = read_dataset(folder / "own.hdf5", options);
  ASSERT_TRUE(chosen.ok()) << chosen.error().message;
  EXPECT_EQ(chosen->obs_dim, 2);
  EXPECT_THAT(chosen->terminals, ::testing::ElementsAre(0, 0, 1));
}

}  // namespace
}  // namespace vaco
