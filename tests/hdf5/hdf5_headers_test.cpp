// SPDX-License-Identifier: GPL-3.0-or-later
// Arrays of every kind and layout with every byte and word of their headers damaged, one at a time: none may
// crash the library or keep it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "tests/data/fuzz.h"
#include "tests/data/h5_fixture.h"
#include "tests/hdf5/changed_file.h"

namespace vaco {
namespace {

using testing::bytes_of;
using testing::H5Writer;

/// All that can be asked of an object, an array or not.
void ask_for_everything(const std::string& bytes, const std::string& name) {
  const auto file = testing::open_changed(bytes);
  if (!file) return;
  static_cast<void>(file->kind(name));
  static_cast<void>(file->kind(name + "/inside"));
  static_cast<void>(file->describe(name).ok());
  static_cast<void>(file->read<float>(name).ok());
  static_cast<void>(file->read<int64_t>(name).ok());
  static_cast<void>(file->read_texts(name).ok());
  static_cast<void>(file->children(name).ok());
  static_cast<void>(file->text_attribute(name, "text").ok());
}

/// An array of each kind; name by name, so that each has a header of its own.
void write_kinds(H5Writer& file) {
  const std::vector<float> numbers(24, 0.5f);
  file.floats("plain", {6, 4}, numbers);
  file.floats("big endian", {6, 4}, numbers, {}, H5T_IEEE_F64BE);
  file.floats("compact", {6, 4}, numbers, {.compact = true});
  file.floats("scalar", {}, numbers);
  file.floats(
      "packed", {6, 4}, numbers,
      {.chunk = {2, 3}, .deflate = true, .shuffle = true, .fletcher = true, .largest = {H5S_UNLIMITED, 4}});
  file.floats("cube", {2, 3, 4}, numbers, {.chunk = {1, 2, 3}});
  file.flags("flags", {0, 1, 1, 0}, {.chunk = {3}});
  file.text("text", "some words");
  const hid_t words = H5Tcopy(H5T_C_S1), pair = H5Tcreate(H5T_COMPOUND, 12),
              lists = H5Tvlen_create(H5T_STD_I32LE);
  H5Tset_size(words, H5T_VARIABLE);
  H5Tinsert(pair, "x", 0, H5T_IEEE_F32LE);
  H5Tinsert(pair, "y", 4, H5T_STD_I64LE);
  const char* texts[] = {"one", "two"};
  file.put("words", words, words, {2}, texts);
  const std::string zeros(64, '\0');
  file.put("pairs", pair, pair, {3}, zeros.data());
  file.put("lists", lists, lists, {2}, zeros.data());
  const hsize_t four = 4;
  const hid_t array = H5Tarray_create2(H5T_STD_I16LE, 1, &four);
  file.put("arrays", array, array, {3}, zeros.data());
  H5Tcommit2(file.id(), "type", pair, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_soft("/plain", file.id(), "link", H5P_DEFAULT, H5P_DEFAULT);
  const hid_t space = H5Screate_simple(1, &four, nullptr), creation = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(creation, 1, &four);
  H5Pset_scaleoffset(creation, H5Z_SO_INT, 0);
  const int filling = 7;
  H5Pset_fill_value(creation, H5T_NATIVE_INT, &filling);
  H5Dclose(H5Dcreate2(file.id(), "scaled", H5T_STD_I32LE, space, H5P_DEFAULT, creation, H5P_DEFAULT));
  for (const hid_t id : {words, pair, lists, array}) H5Tclose(id);
  H5Sclose(space);
  H5Pclose(creation);
}

TEST(Hdf5Headers, OfEveryKindOfArrayNeitherCrashNorHangDamaged) {
  const testing::TemporaryFolder folder;
  std::vector<std::pair<std::string, haddr_t>> headers;
  {
    H5Writer file(folder / "kinds.hdf5");
    write_kinds(file);
    const auto note = [](hid_t group, const char* name, const H5L_info_t* link, void* to) -> herr_t {
      H5O_info_t info;
      if (link->type == H5L_TYPE_HARD &&
          H5Oget_info_by_name2(group, name, &info, H5O_INFO_BASIC, H5P_DEFAULT) >= 0)
        static_cast<decltype(headers)*>(to)->emplace_back(name, info.addr);
      return 0;
    };
    H5Literate(file.id(), H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, note, &headers);
  }
  const std::string sound = bytes_of(folder / "kinds.hdf5");
  ASSERT_GE(headers.size(), 14u);
  for (const auto& [name, header] : headers) {
    testing::FuzzReader reader([&, &own = name](const std::string& bytes) { ask_for_everything(bytes, own); });
    std::vector<std::string> damaged;
    const auto damage = [&](size_t at, uint64_t value, size_t width) {
      if (at + width > sound.size()) return;
      damaged.push_back(sound);
      std::memcpy(damaged.back().data() + at, &value, width);
    };
    uint32_t size = 0;
    std::memcpy(&size, sound.data() + header + 8, sizeof size);
    for (size_t at = header; at < header + 16 + size; ++at) {
      const auto byte = static_cast<uint64_t>(static_cast<unsigned char>(sound[at]));
      for (const uint64_t value : {byte ^ 1, byte ^ 8, uint64_t{0}, uint64_t{0xff}}) damage(at, value, 1);
      if (at % 4 == 0)
        for (const uint64_t value : {0u, 0x7fffffffu, 0xffffffffu}) damage(at, value, 4);
      if (at % 8 == 0)
        for (const uint64_t value :
             {uint64_t{0}, ~uint64_t{0}, static_cast<uint64_t>(sound.size()), uint64_t{header}})
          damage(at, value, 8);
    }
    reader.read_all(damaged, name);
  }
}

}  // namespace
}  // namespace vaco
