// SPDX-License-Identifier: GPL-3.0-or-later
// Files as h5py writes them (tests/fixtures/hdf5, made by h5py 3.16 and hdf5plugin).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <numeric>

#include "core/hdf5/hdf5_file.h"
#include "core/hdf5/hdf5_lzf.h"
#include "tests/data/h5_fixture.h"
#include "tests/hdf5/changed_file.h"

namespace vaco {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TemporaryFolder;

Hdf5File fixture(const std::string& name) {
  auto file = Hdf5File::open(std::string(VACO_TEST_DATA) + "/hdf5/" + name);
  EXPECT_TRUE(file.ok()) << file.error().message;
  return std::move(*file);
}

std::vector<std::byte> bytes(std::initializer_list<int> values) {
  std::vector<std::byte> all;
  for (const int value : values) all.push_back(static_cast<std::byte>(value));
  return all;
}

TEST(Lzf, UnpacksLiteralsAndCopies) {
  std::vector<std::byte> out(9);
  // "abc"; then 3 bytes from distance 3; then 3 from distance 1, which reads what it has just written.
  EXPECT_TRUE(unpack_lzf(bytes({2, 'a', 'b', 'c', 1 << 5, 2, 1 << 5, 0}), out));
  EXPECT_EQ(out, bytes({'a', 'b', 'c', 'a', 'b', 'c', 'c', 'c', 'c'}));
  // The longest copy: 7 + 255 + 2 = 264 bytes.
  out.resize(265);
  EXPECT_TRUE(unpack_lzf(bytes({0, 'x', 7 << 5, 255, 0}), out));
  EXPECT_EQ(out.back(), std::byte{'x'});
}

TEST(Lzf, RefusesWhatPassesAnEnd) {
  std::vector<std::byte> out(4);
  for (const auto& in : {bytes({3, 'a', 'b'}),                 // fewer literals than it says
                         bytes({4, 'a', 'b', 'c', 'd', 'e'}),  // more than there is room for
                         bytes({0, 'a', 1 << 5, 1}),           // a copy from before the start
                         bytes({0, 'a', 2 << 5, 0}),           // a copy that is too long
                         bytes({0, 'a', 7 << 5}), bytes({0, 'a', 1 << 5}), bytes({1, 'a', 'b'}), bytes({})})
    EXPECT_FALSE(unpack_lzf(in, out));
}

TEST(ForeignHdf5, ReadsLzf) {
  const auto file = fixture("h5py_lzf.h5");
  std::vector<float> expected(1500);
  for (size_t i = 0; i < expected.size(); ++i) expected[i] = static_cast<float>(i % 17);
  for (const char* name : {"grid", "shuffled"}) {
    const auto read = file.read<float>(name);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read->values, expected) << name;
  }
  // Chunks that did not shrink were stored as they are.
  const auto noise = file.read<uint8_t>("noise");
  ASSERT_TRUE(noise.ok()) << noise.error().message;
  EXPECT_THAT(std::vector<int>(noise->values.begin(), noise->values.begin() + 4),
              ElementsAre(121, 131, 193, 243));
  EXPECT_EQ(std::accumulate(noise->values.begin(), noise->values.end(), 0), 52895);
  EXPECT_EQ(file.read<int64_t>("long")->values, std::vector<int64_t>(5000, 0));
}

TEST(ForeignHdf5, AdviceForOtherFiltersIsOneThatWorks) {
  const auto file = fixture("h5py_plugins.h5");
  // h5repack leaves arrays of plugins out, without an error; what the library packs itself it repacks.
  EXPECT_THAT(file.read<float>("blosc").error().message,
              AllOf(HasSubstr("Blosc"), HasSubstr("import hdf5plugin"), Not(HasSubstr("h5repack"))));
  EXPECT_THAT(file.read<float>("zstd").error().message, AllOf(HasSubstr("Zstandard"), HasSubstr("hdf5plugin")));
  EXPECT_THAT(file.read<float>("scaled").error().message, HasSubstr("h5repack -f GZIP=4 IN OUT"));
}

TEST(ForeignHdf5, ReadsTextsOfVariableLength) {
  const auto file = fixture("h5py_texts.h5");
  EXPECT_EQ(*file.read_text("metadata/environment"), "walker2d");
  EXPECT_EQ(*file.read_text("fixed"), "hopper");
  EXPECT_THAT(*file.read_texts("metadata/policy_names"), ElementsAre("random", "äöü expert", ""));
  EXPECT_THAT(file.read_texts("chunked").error().message, HasSubstr("chunks"));
}

TEST(ForeignHdf5, DamagedTextsAreRefusedAtEveryByte) {
  const TemporaryFolder folder;
  const auto path = folder / "texts.h5";
  std::ifstream in(std::string(VACO_TEST_DATA) + "/hdf5/h5py_texts.h5", std::ios::binary);
  const std::string sound{std::istreambuf_iterator<char>(in), {}};
  const size_t heap = sound.find("GCOL");
  ASSERT_NE(heap, std::string::npos);
  int refused = 0;
  for (size_t at = heap; at < heap + 160; ++at)
    for (const char value : {'\0', '\x7f', '\xff'}) {
      std::string damaged = sound;
      damaged[at] = value;
      std::ofstream(path, std::ios::binary) << damaged;
      const auto file = Hdf5File::open(path);
      if (!file) continue;
      refused +=
          !file->read_texts("metadata/policy_names").ok() || !file->read_text("metadata/environment").ok();
    }
  EXPECT_GT(refused, 20);
}

TEST(ForeignHdf5, ReadsTextAttributesOfAnyLength) {
  // Headers of the first format, and of the one of HDF5 1.8 and later.
  for (const char* name : {"h5py_attributes_old.h5", "h5py_attributes_new.h5"}) {
    SCOPED_TRACE(name);
    const auto file = fixture(name);
    EXPECT_EQ(*file.text_attribute("data", "env"), "Lift");
    EXPECT_EQ(*file.text_attribute("data", "fixed"), "of a length");
    EXPECT_EQ(*file.text_attribute("data", "empty"), "");
    EXPECT_EQ(file.text_attribute("data", "long")->size(), 10000u);
    EXPECT_EQ(*file.text_attribute("/", "env_spec"), "{\"id\": \"Walker2d-v4\"}");
    EXPECT_EQ(*file.text_attribute("/", "note_2"), std::string(400, 'n'));
    EXPECT_THAT(file.text_attribute("data", "number").error().message, HasSubstr("'number' is not a text"));
    EXPECT_THAT(file.text_attribute("data", "en").error().message, HasSubstr("is missing"));
  }
}

TEST(ForeignHdf5, DamagedAttributesAreRefused) {
  // Every byte of the small file once: whatever it says then, it is read within bounds.
  const auto path = std::string(VACO_TEST_DATA) + "/hdf5/h5py_attributes_old.h5";
  std::ifstream in(path, std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(in), {}};
  int refused = 0;
  for (size_t at = 0; at < all.size(); at += 3) {
    std::string changed = all;
    changed[at] = static_cast<char>(~changed[at]);
    const auto file = vaco::testing::open_changed(changed);
    if (!file) continue;
    for (const char* attribute : {"env", "long", "empty"})
      refused += !file->text_attribute("data", attribute).ok();
  }
  EXPECT_GT(refused, 10);
}

}  // namespace
}  // namespace vaco
