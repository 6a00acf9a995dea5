// SPDX-License-Identifier: GPL-3.0-or-later
// What groups and chunked arrays are found by, in the format that h5py writes unless told otherwise, without
// checksums: heaps of names, trees, and nodes of entries. Damaged, they may neither crash the library nor keep
// it for ever.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <set>

#include "tests/data/fuzz.h"
#include "tests/data/h5_fixture.h"
#include "tests/hdf5/changed_file.h"

namespace vaco {
namespace {

using testing::bytes_of;
using testing::H5Writer;
using ::testing::HasSubstr;
using testing::open_changed;
using testing::TemporaryFolder;

constexpr uint64_t kNowhere = ~uint64_t{0};
constexpr uint64_t kNodeHead = 24, kGroupKey = 8, kChunkKey = 24;

/// Asks for all that a reader asks for; whether all came as it was written.
bool ask_for_all(const std::string& bytes) {
  const auto file = open_changed(bytes);
  if (!file) return false;
  bool whole = true;
  for (const auto& [group, members] :
       std::vector<std::pair<std::string, size_t>>{{"/", 4}, {"few", 21}, {"few/inner", 1}, {"many", 300}}) {
    whole = file->kind(group) == Hdf5Kind::group && whole;
    const auto names = file->children(group);
    whole = names.ok() && names->size() == members && whole;
  }
  for (const char* array : {"numbers", "few/name17", "few/inner/numbers", "many/name299"}) {
    const auto values = file->read<float>(array);
    whole = values && values->values == std::vector<float>{1, 2, 3, 4} && whole;
    whole = !file->has_attribute(array, "none") && whole;
  }
  const auto chunked = file->read<float>("chunked");
  whole = chunked && chunked->values == std::vector<float>(100, 0.5f) && whole;
  return !file->has_array("none") && !file->has_array("few/none") && whole;
}

class Hdf5Structure : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto path = folder_ / "sound.hdf5";
    {
      H5Writer file(path);
      const std::vector<float> four{1, 2, 3, 4};
      file.floats("numbers", {4}, four);
      file.floats("few/inner/numbers", {4}, four);
      // A leaf of a tree has room for 32 nodes of eight names, and for 64 chunks.
      file.floats("chunked", {100}, std::vector<float>(100, 0.5f), {.chunk = {1}});
      H5Gclose(H5Gcreate2(file.id(), "many", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
      for (int i = 0; i < 320; ++i) {
        const std::string name =
            (i < 300 ? "many/name" + std::to_string(i) : "few/name" + std::to_string(i - 300));
        H5Lcreate_hard(file.id(), "numbers", file.id(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT);
      }
    }
    sound_ = bytes_of(path);
    ASSERT_TRUE(ask_for_all(sound_));
  }
  [[nodiscard]] std::vector<uint64_t> all_of(const char* signature) const {
    std::vector<uint64_t> places;
    for (size_t at = sound_.find(signature); at != std::string::npos; at = sound_.find(signature, at + 1))
      places.push_back(at);
    return places;
  }
  [[nodiscard]] uint64_t number_at(uint64_t at, size_t width = 8) const {
    uint64_t value = 0;
    std::memcpy(&value, sound_.data() + at, width);
    return value;
  }
  /// The tree's node of a kind (0 groups, 1 chunks) that has others below it.
  [[nodiscard]] uint64_t inner_node(int kind) const {
    for (const uint64_t tree : all_of("TREE"))
      if (sound_[tree + 4] == kind && sound_[tree + 5] == 1) return tree;
    ADD_FAILURE() << "there is none";
    return 0;
  }
  void damage(uint64_t at, uint64_t value, size_t width = 8) {
    damaged_.push_back(sound_);
    std::memcpy(damaged_.back().data() + at, &value, width);
  }
  /// Each of several values at a place, one file for each.
  void damage_each(uint64_t at, std::initializer_list<uint64_t> values, size_t width = 8) {
    for (const uint64_t value : values) damage(at, value, width);
  }
  void expect_all_read(const std::string& name) {
    ASSERT_FALSE(damaged_.empty());
    testing::FuzzReader([](const std::string& bytes) { ask_for_all(bytes); }).read_all(damaged_, name);
  }
  TemporaryFolder folder_;
  std::string sound_;
  std::vector<std::string> damaged_;
};

TEST_F(Hdf5Structure, DamagedHeapsOfNamesNeitherCrashNorHang) {
  for (const uint64_t heap : all_of("HEAP")) {
    const uint64_t file = sound_.size(), own = number_at(heap + 8), free = number_at(heap + 16),
                   segment = number_at(heap + 24);
    damage_each(heap + 8, {kNowhere, kNowhere - 31, kNowhere - 7, 1ull << 63, 1ull << 40, file,
                           file - segment + 1, 0, 1, 16, own - 8, own + 8});
    damage_each(heap + 16, {kNowhere, kNowhere - 1, 0, 1, own - 1, own - 15, own, own + 8});
    damage_each(heap + 24, {kNowhere, kNowhere - 7, file, file - 8, 0, heap, heap + 32, 1ull << 62});
    ASSERT_LT(free, own) << "no list of free room to damage";
    damage_each(segment + free, {free, own - 1, kNowhere, 0});
    damage_each(segment + free + 8, {kNowhere, kNowhere - free + 1, 0});
    damaged_.push_back(sound_);  // names without an end
    std::fill_n(damaged_.back().begin() + static_cast<ptrdiff_t>(segment) + 8, own - 8, 'x');
  }
  expect_all_read("heap");
}

TEST_F(Hdf5Structure, DamagedTreesNeitherCrashNorHang) {
  for (const uint64_t tree : all_of("TREE")) {
    const uint64_t file = sound_.size();
    damage_each(tree + 4, {0, 1, 2, 255}, 1);
    damage_each(tree + 5, {0, 1, 2, 255}, 1);
    damage_each(tree + 6, {0, 1, 2, 33, 64, 65, 0xffff}, 2);
    damage_each(tree + 8, {0, tree, kNowhere - 1});
    damage_each(tree + 16, {0, tree, kNowhere - 1});
    const uint64_t key = sound_[tree + 4] == 0 ? kGroupKey : kChunkKey, child = tree + kNodeHead + key;
    for (uint64_t at = tree + kNodeHead; at < child + 8 + key; at += 8)
      damage_each(at, {0, 1, 80, tree, file, file - 8, kNowhere, kNowhere - 8});
    for (const uint64_t place : {child, child + key + 8}) {
      damage(place, tree);  // its own child
      damaged_.back()[tree + 5] = 1;
    }
  }
  expect_all_read("tree");
}

TEST_F(Hdf5Structure, DamagedNodesOfNamesNeitherCrashNorHang) {
  const auto nodes = all_of("SNOD");
  for (size_t i = 0; i < 6; ++i) {
    const uint64_t node = nodes[i], file = sound_.size();
    damage_each(node + 6, {0, 1, 8, 9, 255, 0xffff}, 2);
    damage_each(node + 8, {1, 80, 87, 1ull << 40, kNowhere});
    damage_each(node + 16, {0, 96, node, file - 8, file, kNowhere});
    // A link's kind: an object, a group whose tree and heap are told, a soft link whose target's place in the
    // heap is told.
    for (const char kind : {0, 1, 2, 3, 127})
      for (const uint64_t told : {uint64_t{0}, uint64_t{1}, uint64_t{80}, uint64_t{96}, node, file, kNowhere}) {
        damage(node + 32, told);
        damaged_.back()[node + 24] = kind;
        damage(node + 40, told);
        damaged_.back()[node + 24] = kind;
        std::memcpy(damaged_.back().data() + node + 32, &told, 8);
      }
  }
  expect_all_read("node");
}

/// Headers of groups and of arrays: every byte, and lengths and addresses as a whole.
TEST_F(Hdf5Structure, DamagedHeadersNeitherCrashNorHang) {
  std::set<uint64_t> headers{96};  // the first group's, which stands behind the superblock
  for (const uint64_t node : {all_of("SNOD")[0], all_of("SNOD")[1]})
    for (uint64_t entry = 0; entry < number_at(node + 6, 2); ++entry)
      headers.insert(number_at(node + 16 + 40 * entry));
  for (const uint64_t header : headers) {
    ASSERT_EQ(sound_[header], 1) << "no header at " << header;
    for (uint64_t at = header; at < header + 16 + number_at(header + 8, 4); ++at) {
      damage_each(at, {0, static_cast<uint64_t>(sound_[at] ^ 1), 0xff}, 1);
      if (at % 8 == 0) damage_each(at, {0, header, header + 16, sound_.size() - 8, kNowhere});
    }
  }
  expect_all_read("header");
}

/// The library divides by them.
TEST_F(Hdf5Structure, ChunksWithoutExtentAreRefused) {
  std::string layout("\3\2\2", 3);  // version 3, chunks, rank and one more; then where their tree is
  const uint64_t tree = inner_node(1);
  layout.append(reinterpret_cast<const char*>(&tree), sizeof tree);
  const size_t at = sound_.find(layout);
  ASSERT_NE(at, std::string::npos);
  ASSERT_EQ(number_at(at + 11, 4), 1u);
  damage(at + 11, 0, 4);
  const auto file = open_changed(damaged_.back());
  ASSERT_TRUE(file.ok());
  EXPECT_THAT(file->read<float>("chunked").error().message, HasSubstr("its description is damaged"));
}

/// The list of free room is a writer's matter.
TEST_F(Hdf5Structure, AFreeListWithoutEndIsNotFollowed) {
  const uint64_t heap = all_of("HEAP").front(), free = number_at(heap + 16);
  damage(number_at(heap + 24) + free, free);
  EXPECT_TRUE(ask_for_all(damaged_.front()));
}

TEST_F(Hdf5Structure, WhatIsRefusedIsSaidToBeDamaged) {
  const auto heaps = all_of("HEAP");
  damage(heaps[0] + 8, kNowhere);
  EXPECT_THAT(open_changed(damaged_.back()).error().message, HasSubstr("changed.hdf5 is damaged or cut short"));
  damage(heaps[1] + 8, kNowhere);  // of the first group, "few"
  const auto file = open_changed(damaged_.back());
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file->kind("few"), Hdf5Kind::group);
  EXPECT_EQ(file->kind("few/name17"), Hdf5Kind::other) << "not missing: that is not known";
  EXPECT_EQ(file->kind("numbers/inside"), Hdf5Kind::missing) << "there is nothing in an array";
  EXPECT_THAT(file->children("few").error().message, HasSubstr("few: its members cannot be listed"));
}

/// In a tree, a node that is its own grandchild or has two parents keeps the library for ever.
TEST_F(Hdf5Structure, TreesThatAreNoneAreRefused) {
  for (const int kind : {0, 1}) {
    const uint64_t root = inner_node(kind), key = kind == 0 ? kGroupKey : kChunkKey;
    const uint64_t first = root + kNodeHead + key, second = first + 8 + key;
    ASSERT_GE(number_at(root + 6, 2), 2u);
    damage(first, root);
    damage(first, number_at(second));
    damage(number_at(first) + 5, 1, 1);
    damage(number_at(first) + 4, 1 - kind, 1);
    for (const auto& bytes : damaged_) {
      const auto file = open_changed(bytes);
      ASSERT_TRUE(file.ok());
      EXPECT_FALSE(kind == 0 ? file->children("many").ok() : file->read<float>("chunked").ok());
    }
    damaged_.clear();
  }
}

}  // namespace
}  // namespace vaco
