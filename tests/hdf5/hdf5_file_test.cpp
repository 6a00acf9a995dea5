// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hdf5/hdf5_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/data/h5_fixture.h"

namespace vaco {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

TEST(Hdf5File, ArraysTextsAndAttributesComeBack) {
  const TemporaryFolder folder;
  const std::vector<double> reals{1.5, -2.25, 1e300};
  const std::vector<uint64_t> words{0, 1, ~0ull};
  const std::vector<float> grid{1, 2, 3, 4, 5, 6};
  {
    auto file = Hdf5File::create(folder / "file.h5");
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file->write<double>("a/b/reals", {3}, reals).ok());
    ASSERT_TRUE(file->write<uint64_t>("words", {3}, words, Hdf5Packing::gzip).ok());
    ASSERT_TRUE(file->write<float>("grid", {2, 3}, grid).ok());
    ASSERT_TRUE(file->write<int64_t>("scalar", {}, std::vector<int64_t>{-7}).ok());
    ASSERT_TRUE(file->write<int32_t>("nothing", {0}, std::vector<int32_t>{}).ok());
    ASSERT_TRUE(file->write_text("text", "äöü and more").ok());
    ASSERT_TRUE(file->write_text("no text", "").ok());
    ASSERT_TRUE(file->write_texts("texts", {"random", "", "medium-expert"}).ok());
    ASSERT_TRUE(file->make_group("group").ok());
    ASSERT_TRUE(file->set_attribute("group", "name", std::string("x")).ok());
    ASSERT_TRUE(file->set_attribute("/", "step", int64_t{1} << 60).ok());
    ASSERT_TRUE(file->set_attribute("/", "score", 0.1).ok());
    ASSERT_TRUE(file->set_attribute("/", "score", 0.2).ok()) << "an attribute can be replaced";
    ASSERT_TRUE(file->close().ok());
  }
  const auto file = Hdf5File::open(folder / "file.h5");
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file->read<double>("a/b/reals")->values, reals);
  EXPECT_EQ(file->read<uint64_t>("words")->values, words);
  EXPECT_THAT(file->read<float>("grid")->shape, ElementsAre(2, 3));
  EXPECT_EQ(file->read<float>("grid")->values, grid);
  EXPECT_EQ(file->read<int64_t>("scalar")->values, std::vector<int64_t>{-7});
  EXPECT_TRUE(file->read<int64_t>("scalar")->shape.empty());
  EXPECT_EQ(*file->read_text("text"), "äöü and more");
  EXPECT_EQ(*file->read_text("no text"), "");
  EXPECT_THAT(*file->read_texts("texts"), ElementsAre("random", "", "medium-expert"));
  EXPECT_EQ(*file->text_attribute("group", "name"), "x");
  EXPECT_EQ(*file->integer_attribute("/", "step"), int64_t{1} << 60);
  EXPECT_EQ(*file->real_attribute("/", "score"), 0.2);
  EXPECT_FALSE(file->text_attribute("/", "nope").ok());
  EXPECT_THAT(*file->children("/"),
              ElementsAre("a", "grid", "group", "no text", "nothing", "scalar", "text", "texts", "words"));
  EXPECT_EQ(file->kind("a/b"), Hdf5Kind::group);
  EXPECT_EQ(file->kind("a/c/d"), Hdf5Kind::missing);
  EXPECT_EQ(file->kind("grid/inside"), Hdf5Kind::missing);
  EXPECT_FALSE(file->read<float>("a").ok());
  EXPECT_FALSE(file->read<float>("text").ok());
}

TEST(Hdf5File, CannotBeCreatedWhereThereIsNoFolder) {
  const TemporaryFolder folder;
  const auto file = Hdf5File::create(folder / "no/such/folder/file.h5");
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().code, ErrorCode::failed);
}

TEST(Hdf5File, AFullDiskIsToldAndLeavesTheLibrarySound) {
  const TemporaryFolder folder;
  // Every write to this device fails as on a full disk.
  const std::vector<double> values(100000, 1.5);
  auto file = Hdf5File::create("/dev/full");
  ASSERT_TRUE(file.ok()) << file.error().message;
  ASSERT_TRUE(file->write<double>("values", {100000}, values).ok());
  const auto closed = file->close();
  ASSERT_FALSE(closed.ok());
  EXPECT_EQ(closed.error().code, ErrorCode::failed);
  EXPECT_THAT(closed.error().message, HasSubstr("No space left on device"));
  // The process must come to a sound end as well: the library tidies up at exit.
  EXPECT_EXIT(std::exit(H5close() < 0 ? 1 : 0), ::testing::ExitedWithCode(0), "");
}

// HDF5 says of a chunk without filters that it has the size it should, and reads the size that the file gives.
TEST(Hdf5File, AChunkThatSaysItIsLargerIsNotReadPastItsRoom) {
  const TemporaryFolder folder;
  const auto path = folder / "chunks.h5";
  {
    testing::H5Writer file(path);
    file.floats("values", {6}, {1, 2, 3, 4, 5, 6}, {.chunk = {3}});
    file.floats("room", {4'000'000}, std::vector<float>(4'000'000));  // as much is there to be read
  }
  std::ifstream sound(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(sound), {}};
  // The index of the chunks: a head of 24 bytes, and before each chunk's place the bytes that it takes.
  const size_t index = bytes.find(std::string("TREE\1", 5));
  ASSERT_NE(index, std::string::npos);
  uint32_t size = 0;
  std::memcpy(&size, bytes.data() + index + 24, sizeof size);
  ASSERT_EQ(size, 3 * sizeof(float));
  size = 12'000'000;
  std::memcpy(bytes.data() + index + 24, &size, sizeof size);
  std::ofstream(path, std::ios::binary) << bytes;

  const auto file = Hdf5File::open(path);
  ASSERT_TRUE(file.ok()) << file.error().message;
  const auto values = file->read<float>("values");
  ASSERT_TRUE(values.ok()) << values.error().message;
  EXPECT_THAT(values->values, ElementsAre(1, 2, 3, 4, 5, 6));
}

}  // namespace
}  // namespace vaco
