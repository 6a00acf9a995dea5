// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/zip/zip_archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace vaco {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

// Written by numpy: one archive of stored entries with ZIP64 local headers, one of deflated ones.
const fs::path kStored = fs::path(VACO_TEST_DATA) / "formats/npz/hopper_qlearning.npz";
const fs::path kDeflated = fs::path(VACO_TEST_DATA) / "formats/npz/hopper_d4rl_keys.npz";

std::string read_all(const ZipArchive& archive, const ZipEntry& entry, size_t piece) {
  auto stream = ZipStream::open(archive, entry);
  EXPECT_TRUE(stream.ok());
  std::string all, buffer(piece, '\0');
  while (true) {
    const auto got = stream->read(std::as_writable_bytes(std::span(buffer)));
    EXPECT_TRUE(got.ok()) << (got.ok() ? "" : got.error().message);
    if (!got || *got == 0) return all;
    all.append(buffer, 0, *got);
  }
}

TEST(ZipArchive, StoredAndDeflatedEntriesHoldTheSame) {
  const auto stored = ZipArchive::open(kStored), deflated = ZipArchive::open(kDeflated);
  ASSERT_TRUE(stored.ok() && deflated.ok());
  const ZipEntry* plain = stored->find("observations.npy");
  const ZipEntry* packed = deflated->find("observations.npy");
  ASSERT_TRUE(plain && packed);
  EXPECT_EQ(plain->method, 0);
  EXPECT_EQ(packed->method, 8);
  EXPECT_EQ(plain->bytes, 128u + 152 * 11 * 4);
  const std::string bytes = read_all(*stored, *plain, 1000);
  EXPECT_EQ(bytes.size(), plain->bytes);
  EXPECT_EQ(bytes, read_all(*deflated, *packed, 77)) << "whatever the pieces";
  EXPECT_EQ(stored->find("none.npy"), nullptr);
}

TEST(ZipArchive, CutAndDamagedOnesSaySo) {
  std::ifstream file(kStored, std::ios::binary);
  const std::string whole{std::istreambuf_iterator<char>(file), {}};
  const fs::path path = fs::path(::testing::TempDir()) / "vaco-zip-test.npz";
  const auto write = [&](const std::string& bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  };
  write(whole.substr(0, 5000));
  const auto cut = ZipArchive::open(path);
  ASSERT_FALSE(cut.ok());
  EXPECT_THAT(cut.error().message, HasSubstr("cut short: it has 5000 bytes"));
  std::string flipped = whole;
  flipped[1000] = static_cast<char>(flipped[1000] ^ 1);
  write(flipped);
  const auto damaged = ZipArchive::open(path);
  ASSERT_TRUE(damaged.ok());
  auto stream = ZipStream::open(*damaged, damaged->entries().front());
  ASSERT_TRUE(stream.ok());
  std::string all(damaged->entries().front().bytes, '\0');
  const auto read = stream->read(std::as_writable_bytes(std::span(all)));
  ASSERT_FALSE(read.ok());
  EXPECT_THAT(read.error().message, HasSubstr("checksum"));
  fs::remove(path);
}

}  // namespace
}  // namespace vaco
