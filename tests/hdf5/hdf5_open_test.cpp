// SPDX-License-Identifier: GPL-3.0-or-later
// Why a file cannot be opened: each cause has its own sentence and its own remedy.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <span>

#include "core/hdf5/hdf5_file.h"
#include "tests/data/h5_fixture.h"

namespace vaco {
namespace {

using ::testing::AllOf;
using testing::H5Writer;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::SmallRows;
using testing::TemporaryFolder;

class Hdf5Open : public ::testing::Test {
 protected:
  Hdf5Open() {
    H5Writer file(path_);
    SmallRows().write(file);
  }
  /// A file of the newest superblock, as h5py writes it with libver="latest".
  void write_newest() const {
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110);
    H5Fclose(H5Fcreate(path_.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access));
    H5Pclose(access);
  }
  void put_byte(std::streamoff at, char value) const {
    std::fstream file(path_, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(at);
    file.put(value);
  }
  [[nodiscard]] Error refusal() const {
    const auto file = Hdf5File::open(path_);
    EXPECT_FALSE(file.ok());
    if (file) return {};
    EXPECT_THAT(file.error().message, HasSubstr(path_.string()));
    return file.error();
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "file.h5";
};

TEST_F(Hdf5Open, AFileThatIsBeingWrittenIsInUse) {
  const int writer = ::open(path_.c_str(), O_RDWR);
  ASSERT_EQ(::flock(writer, LOCK_EX), 0);
  const Error error = refusal();
  EXPECT_EQ(error.code, ErrorCode::failed);
  EXPECT_THAT(error.message, AllOf(HasSubstr("in use by another program"), Not(HasSubstr("damaged"))));
  // Other readers are no reason to wait.
  ASSERT_EQ(::flock(writer, LOCK_SH), 0);
  EXPECT_TRUE(Hdf5File::open(path_).ok());
  ::close(writer);
  EXPECT_TRUE(Hdf5File::open(path_).ok());
}

TEST_F(Hdf5Open, AWriterThatCrashedHasLeftItsMark) {
  write_newest();
  EXPECT_TRUE(Hdf5File::open(path_).ok());
  for (const char mark : {1, 5}) {
    put_byte(11, mark);
    EXPECT_THAT(refusal().message, AllOf(HasSubstr("open for writing"), HasSubstr("h5clear -s")));
  }
}

TEST_F(Hdf5Open, ACutFileTellsBothSizes) {
  const auto whole = std::filesystem::file_size(path_);
  std::filesystem::resize_file(path_, whole - 100);
  EXPECT_THAT(refusal().message, AllOf(HasSubstr("cut short"), HasSubstr(std::to_string(whole - 100)),
                                       HasSubstr(std::to_string(whole) + " bytes")));
  write_newest();
  const auto newest = std::filesystem::file_size(path_);
  std::filesystem::resize_file(path_, newest - 1);
  EXPECT_THAT(refusal().message, HasSubstr("its " + std::to_string(newest) + " bytes"));
}

TEST_F(Hdf5Open, ANewerFormatIsNoDamage) {
  put_byte(8, 4);
  EXPECT_THAT(refusal().message, AllOf(HasSubstr("newer HDF5 format"), Not(HasSubstr("damaged"))));
}

TEST_F(Hdf5Open, TooManyOpenFilesAreToldWithTheLimit) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const int next = ::dup(0);
  ::close(next);
  const auto opened_with = [&](int left) {
    rlimit few = before;
    few.rlim_cur = static_cast<rlim_t>(next + left);
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
    auto file = Hdf5File::open(path_);
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    return file;
  };
  EXPECT_TRUE(opened_with(1).ok());
  const auto file = opened_with(0);
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().code, ErrorCode::failed);
  EXPECT_THAT(file.error().message, AllOf(HasSubstr("Too many open files"), HasSubstr("ulimit -n")));
}

/// Eight bytes of ones stand for no address. The library asks its driver for what lies there all the same.
TEST_F(Hdf5Open, AGroupWithoutAnAddressIsRefused) {
  std::ifstream file(path_, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  // The root's index of names, whose address stands in the superblock and in the root's header.
  const size_t index = bytes.find("TREE");
  ASSERT_NE(index, std::string::npos);
  const std::string address{static_cast<char>(index & 0xff), static_cast<char>(index >> 8), 0, 0, 0, 0, 0, 0};
  for (size_t at = bytes.find(address); at < index; at = bytes.find(address, at))
    bytes.replace(at, 8, 8, '\xff');
  const auto opened = Hdf5File::open(std::as_bytes(std::span(bytes)), "damaged");
  if (!opened) return;
  EXPECT_FALSE(opened->children("/").ok());
  EXPECT_FALSE(opened->has_array("observations"));
}

TEST_F(Hdf5Open, WhatTheSystemRefusesHasItsRemedy) {
  EXPECT_THAT(system_problem(EACCES), AllOf(HasSubstr("Permission denied"), HasSubstr("chmod u+r")));
  EXPECT_THAT(system_problem(ENFILE), HasSubstr("whole system"));
  std::filesystem::remove(path_);
  EXPECT_THAT(refusal().message, HasSubstr("there is no such file"));
}

}  // namespace
}  // namespace vaco
