// SPDX-License-Identifier: GPL-3.0-or-later
// Attributes are read by ourselves: what the library writes, and what it would crash on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "core/hdf5/hdf5_file.h"
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

template <class T>
void put_attribute(hid_t owner, const char* name, hid_t stored, hid_t given, const T& value) {
  const hid_t space = H5Screate(H5S_SCALAR),
              made = H5Acreate2(owner, name, stored, space, H5P_DEFAULT, H5P_DEFAULT);
  ASSERT_GE(H5Awrite(made, given, &value), 0);
  H5Aclose(made);
  H5Sclose(space);
}

class Hdf5Attributes : public ::testing::Test {
 protected:
  [[nodiscard]] Hdf5File opened() const {
    auto file = Hdf5File::open(path_);
    EXPECT_TRUE(file.ok()) << file.error().message;
    return std::move(*file);
  }
  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "attributes.h5";
};

TEST_F(Hdf5Attributes, NumbersOfEveryKindAreReadAsTheLibraryWritesThem) {
  const struct {
    hid_t type;
    int64_t least;
  } integers[] = {{H5T_STD_I8LE, -128},          {H5T_STD_I16BE, -32768},   {H5T_STD_I32LE, -2147483647},
                  {H5T_STD_I64BE, -(1ll << 62)}, {H5T_STD_U8LE, 200},       {H5T_STD_U16BE, 60000},
                  {H5T_STD_U32LE, 4000000000},   {H5T_STD_U64BE, 1ll << 62}};
  {
    const H5Writer file(path_);
    int number = 0;
    for (const auto& [type, value] : integers)
      put_attribute(file.id(), ("integer" + std::to_string(number++)).c_str(), type, H5T_NATIVE_INT64, value);
    number = 0;
    for (const hid_t type : {H5T_IEEE_F32LE, H5T_IEEE_F32BE, H5T_IEEE_F64LE, H5T_IEEE_F64BE})
      put_attribute(file.id(), ("real" + std::to_string(number++)).c_str(), type, H5T_NATIVE_DOUBLE, -1234.5);
    put_attribute(file.id(), "most", H5T_STD_U64LE, H5T_NATIVE_UINT64, ~uint64_t{0});
    put_attribute(file.id(), "huge", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 1e300);
    put_attribute(file.id(), "packed", H5T_STD_B8LE, H5T_NATIVE_B8, char{5});
  }
  const auto file = opened();
  int number = 0;
  for (const auto& integer : integers) {
    const std::string name = "integer" + std::to_string(number++);
    EXPECT_EQ(*file.integer_attribute("/", name), integer.least);
    EXPECT_EQ(*file.real_attribute("/", name), static_cast<double>(integer.least));
  }
  for (number = 0; number < 4; ++number) {
    EXPECT_EQ(*file.real_attribute("/", "real" + std::to_string(number)), -1234.5);
    EXPECT_EQ(*file.integer_attribute("/", "real" + std::to_string(number)), -1234);
  }
  EXPECT_EQ(*file.integer_attribute("/", "most"), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(*file.real_attribute("/", "most"), 0x1p64);
  EXPECT_EQ(*file.integer_attribute("/", "huge"), std::numeric_limits<int64_t>::max());
  EXPECT_THAT(file.integer_attribute("/", "packed").error().message, HasSubstr("is not a number"));
  EXPECT_THAT(file.real_attribute("/", "none").error().message, HasSubstr("is missing"));
}

void put_text(hid_t owner, const char* name, const std::string& text) {
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, text.size());
  put_attribute(owner, name, type, type, *text.data());
  H5Tclose(type);
}

/// In files of a newer format, which h5py writes by libver="latest", a header has room for eight attributes;
/// from then on all lie in a heap, whose parts grow with their number.
class DenseAttributes : public Hdf5Attributes {
 protected:
  /// Numbers, then a text of so many bytes.
  void write(int numbers, size_t text_bytes, hsize_t user_block = 0) const {
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS), creation = H5Pcreate(H5P_FILE_CREATE);
    H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V110);
    H5Pset_userblock(creation, user_block);
    const hid_t file = H5Fcreate(path_.c_str(), H5F_ACC_TRUNC, creation, access);
    for (int i = 0; i < numbers; ++i)
      put_attribute(file, ("number" + std::to_string(i)).c_str(), H5T_STD_I64LE, H5T_NATIVE_INT64, int64_t{i});
    put_text(file, "text", std::string(text_bytes, 'a'));
    H5Fclose(file);
    H5Pclose(creation);
    H5Pclose(access);
  }
};

TEST_F(DenseAttributes, AreReadHoweverManyThereAre) {
  // One block, blocks below a root, a tree of one more level, of two.
  for (const int numbers : {9, 30, 400, 3000}) {
    write(numbers, 8);
    const auto file = opened();
    for (int i = 0; i < numbers; i += numbers / 9)
      EXPECT_EQ(file.integer_attribute("/", "number" + std::to_string(i)).value(), i) << numbers;
    EXPECT_EQ(*file.text_attribute("/", "text"), "aaaaaaaa");
    EXPECT_TRUE(file.has_attribute("/", "text"));
    EXPECT_FALSE(file.has_attribute("/", "none"));
    EXPECT_THAT(file.text_attribute("/", "none").error().message, HasSubstr("is missing"));
  }
}

TEST_F(DenseAttributes, AreReadWhereTheyAreTooLargeForTheHeapsBlocks) {
  for (const size_t size : {5000, 100000}) {
    write(12, size, 512);
    EXPECT_EQ(opened().text_attribute("/", "text").value(), std::string(size, 'a'));
  }
  write(12, size_t{17} << 20);
  const auto file = opened();
  EXPECT_TRUE(file.has_attribute("/", "text"));
  EXPECT_THAT(file.text_attribute("/", "text").error().message, HasSubstr("very large"));
  EXPECT_EQ(*file.integer_attribute("/", "number11"), 11) << "beside it";
}

TEST_F(DenseAttributes, AreRefusedWhereverTheyAreDamaged) {
  write(30, 5000);
  const std::string sound = bytes_of(path_);
  std::vector<std::string> damaged;
  for (const char* part : {"FRHP", "FHIB", "FHDB", "BTHD", "BTIN", "BTLF"})
    for (size_t at = sound.find(part); at != std::string::npos; at = sound.find(part, at + 1))
      for (size_t byte = 0; byte < 120 && at + byte < sound.size(); ++byte) {
        damaged.push_back(sound);
        damaged.back()[at + byte] =
            static_cast<char>(sound[at + byte] ^ (byte % 3 == 0 ? 0xff : 1 << byte % 8));
      }
  ASSERT_GT(damaged.size(), 500u);
  const auto ask = [](const std::string& bytes) {
    const auto file = open_changed(bytes);
    if (!file) return;
    for (int i = 0; i < 30; i += 7) {
      const auto number = file->integer_attribute("/", "number" + std::to_string(i));
      if (number && *number != i) ::abort();  // checksums stand over all
    }
    const auto text = file->text_attribute("/", "text");
    static_cast<void>(text);
  };
  testing::FuzzReader(ask).read_all(damaged, "dense");
}

/// A file of one group with some attributes, and where the first of them begins in it.
class DamagedAttributes : public Hdf5Attributes {
 protected:
  void SetUp() override {
    {
      const H5Writer file(path_);
      const hid_t group = H5Gcreate2(file.id(), "data", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
      const hid_t text = H5Tcopy(H5T_C_S1), choice = H5Tenum_create(H5T_STD_I8LE);
      H5Tset_size(text, 8);
      const int8_t no = 0, yes = 1;
      H5Tenum_insert(choice, "FALSE", &no);
      H5Tenum_insert(choice, "TRUE", &yes);
      put_attribute(group, "flagged", choice, choice, yes);
      put_attribute(group, "number", H5T_STD_I64LE, H5T_NATIVE_INT64, int64_t{7});
      put_attribute(group, "text", text, text, *"a text\0");
      H5Tclose(choice);
      H5Tclose(text);
      H5Gclose(group);
    }
    sound_ = bytes_of(path_);
    begin_ = sound_.find("flagged") - 8;
    ASSERT_LT(begin_, sound_.size());
    end_ = sound_.find("a text") + 8;
    ASSERT_LE(end_, sound_.size());
  }
  /// Whether all three are read as they were written.
  static bool read_all(const std::string& bytes) {
    const auto file = open_changed(bytes);
    if (!file) return false;
    static_cast<void>(file->has_attribute("data", "none"));
    const auto number = file->integer_attribute("data", "number");
    const auto text = file->text_attribute("data", "text");
    return file->has_attribute("data", "flagged") && number && *number == 7 && text && *text == "a text";
  }
  std::string sound_;
  size_t begin_ = 0, end_ = 0;
};

TEST_F(DamagedAttributes, AreRefusedAtEveryByteAndBit) {
  ASSERT_TRUE(read_all(sound_));
  int refused = 0;
  for (size_t at = begin_; at < end_; ++at)
    for (int bit = 0; bit < 9; ++bit) {
      std::string damaged = sound_;
      damaged[at] = bit == 8 ? '\xff' : static_cast<char>(damaged[at] ^ (1 << bit));
      refused += !read_all(damaged);
    }
  EXPECT_GT(refused, 200);
}

/// The library decodes all attributes on its way to the one that is asked for. Of an enum it copies the
/// members' values, each as large as the file says, and 1.10.8 crashes where that is more than the file has.
TEST_F(DamagedAttributes, AnAttributeThatSaysItIsLargerThanItsHeaderIsNotFollowed) {
  const auto refusal = [&](size_t at, uint16_t value) {
    std::string damaged = sound_;
    std::memcpy(damaged.data() + begin_ + at, &value, sizeof value);
    const auto file = open_changed(damaged);
    EXPECT_TRUE(file.ok());
    return file->text_attribute("data", "flagged").error().message;
  };
  EXPECT_THAT(refusal(2, 0xfff0), HasSubstr("the object's header is damaged")) << "its name";
  EXPECT_THAT(refusal(4, 0xfff0), HasSubstr("the object's header is damaged")) << "its type";
  EXPECT_THAT(refusal(6, 0xfff0), HasSubstr("the object's header is damaged")) << "its shape";
  EXPECT_THAT(refusal(17, 0xffff), HasSubstr("is not a text")) << "the members of its enum";
  EXPECT_THAT(refusal(30, 0x4000), HasSubstr("is not a text")) << "the values of its enum";
}

}  // namespace
}  // namespace vaco
