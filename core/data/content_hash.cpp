// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/content_hash.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <fstream>
#include <vector>

#include "core/base/files.h"

namespace vaco {
namespace {

// The constants of the XXH64 specification.
constexpr uint64_t kPrime1 = 0x9E3779B185EBCA87ull;
constexpr uint64_t kPrime2 = 0xC2B2AE3D27D4EB4Full;
constexpr uint64_t kPrime3 = 0x165667B19E3779F9ull;
constexpr uint64_t kPrime4 = 0x85EBCA77C2B2AE63ull;
constexpr uint64_t kPrime5 = 0x27D4EB2F165667C5ull;

template <class Word>
Word load(const std::byte* at) {
  static_assert(std::endian::native == std::endian::little);
  Word word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

uint64_t round_lane(uint64_t lane, uint64_t word) {
  return std::rotl(lane + word * kPrime2, 31) * kPrime1;
}

}  // namespace

ContentHash::ContentHash() : lanes_{kPrime1 + kPrime2, kPrime2, 0, 0 - kPrime1} {}

void ContentHash::add(std::span<const std::byte> bytes) {
  total_ += bytes.size();
  const auto stripe = [&](const std::byte* at) {
    for (size_t lane = 0; lane < 4; ++lane)
      lanes_[lane] = round_lane(lanes_[lane], load<uint64_t>(at + 8 * lane));
  };
  if (rest_size_ > 0) {
    const size_t taken = std::min(bytes.size(), rest_.size() - rest_size_);
    std::copy_n(bytes.begin(), taken, rest_.begin() + static_cast<ptrdiff_t>(rest_size_));
    rest_size_ += taken;
    bytes = bytes.subspan(taken);
    if (rest_size_ < rest_.size()) return;
    stripe(rest_.data());
    rest_size_ = 0;
  }
  for (; bytes.size() >= rest_.size(); bytes = bytes.subspan(rest_.size())) stripe(bytes.data());
  std::copy(bytes.begin(), bytes.end(), rest_.begin());
  rest_size_ = bytes.size();
}

uint64_t ContentHash::value() const {
  uint64_t hash = kPrime5;
  if (total_ >= rest_.size()) {
    hash =
        std::rotl(lanes_[0], 1) + std::rotl(lanes_[1], 7) + std::rotl(lanes_[2], 12) + std::rotl(lanes_[3], 18);
    for (const uint64_t lane : lanes_) hash = (hash ^ round_lane(0, lane)) * kPrime1 + kPrime4;
  }
  hash += total_;
  const std::byte* at = rest_.data();
  const std::byte* end = at + rest_size_;
  for (; end - at >= 8; at += 8)
    hash = std::rotl(hash ^ round_lane(0, load<uint64_t>(at)), 27) * kPrime1 + kPrime4;
  if (end - at >= 4) {
    hash = std::rotl(hash ^ load<uint32_t>(at) * kPrime1, 23) * kPrime2 + kPrime3;
    at += 4;
  }
  for (; at < end; ++at) hash = std::rotl(hash ^ std::to_integer<uint64_t>(*at) * kPrime5, 11) * kPrime1;
  hash = (hash ^ hash >> 33) * kPrime2;
  hash = (hash ^ hash >> 29) * kPrime3;
  return hash ^ hash >> 32;
}

std::string ContentHash::hex() const {
  constexpr char kDigits[] = "0123456789abcdef";
  const uint64_t number = value();
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += kDigits[number >> shift & 0xf];
  return text;
}

Result<std::string> hash_files(std::span<const std::filesystem::path> paths) {
  std::vector<char> buffer(size_t{1} << 20);
  ContentHash hash;
  for (const auto& path : paths) {
    const auto cannot = [&] {
      return Error{ErrorCode::failed, "cannot read " + path.string() + ": " + last_system_error()};
    };
    std::ifstream file(path, std::ios::binary);
    if (!file) return cannot();
    while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || file.gcount() > 0)
      hash.add(std::as_bytes(std::span(buffer.data(), static_cast<size_t>(file.gcount()))));
    if (file.bad()) return cannot();
  }
  return hash.hex();
}

Result<std::string> hash_file(const std::filesystem::path& path) {
  return hash_files({&path, 1});
}

}  // namespace vaco
