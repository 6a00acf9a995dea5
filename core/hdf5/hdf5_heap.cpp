// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hdf5/hdf5_heap.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace vaco {
namespace {

constexpr uint64_t kMostHeapBytes = uint64_t{64} << 20;
constexpr size_t kHeapHead = 16, kObjectHead = 16;

uint64_t number(const std::byte* at, size_t width) {
  uint64_t value = 0;
  for (size_t i = width; i-- > 0;) value = value << 8 | std::to_integer<uint64_t>(at[i]);
  return value;
}

/// A collection of the global heap: "GCOL", version 1, its size, then objects of number, count, size and bytes
/// padded to eight; number 0 is the free rest.
class Heap {
 public:
  static std::optional<Heap> read(const Hdf5Bytes& bytes, uint64_t address) {
    const auto head = bytes.read(address, kHeapHead);
    if (head.size() < kHeapHead || !begins_with(head, "GCOL") || number(head.data() + 4, 1) != 1)
      return std::nullopt;
    const uint64_t size = number(head.data() + 8, 8);
    if (size < kHeapHead || size > kMostHeapBytes || size > bytes.size() - address) return std::nullopt;
    Heap heap;
    heap.bytes_ = bytes.read(address, static_cast<size_t>(size));
    if (heap.bytes_.size() != size) return std::nullopt;
    for (size_t at = kHeapHead; at + kObjectHead <= heap.bytes_.size();) {
      const std::byte* object = heap.bytes_.data() + at;
      const uint64_t index = number(object, 2), own = number(object + 8, 8);
      at += kObjectHead;
      if (index == 0) break;
      if (own > heap.bytes_.size() - at) return std::nullopt;
      heap.objects_[index] = {at, static_cast<size_t>(own)};
      at += std::min(static_cast<size_t>((own + 7) / 8 * 8), heap.bytes_.size() - at);
    }
    return heap;
  }
  /// The first `length` bytes of an object; nothing where there is none, or it is shorter.
  [[nodiscard]] std::optional<std::string> text(uint64_t index, size_t length) const {
    const auto found = objects_.find(index);
    if (found == objects_.end() || found->second.second < length) return std::nullopt;
    const auto* begin = reinterpret_cast<const char*>(bytes_.data() + found->second.first);
    return std::string(begin, strnlen(begin, length));
  }

  [[nodiscard]] size_t size() const { return bytes_.size(); }

 private:
  std::vector<std::byte> bytes_;
  std::map<uint64_t, std::pair<size_t, size_t>> objects_;  ///< first byte and size by number
};

}  // namespace

std::string trimmed_text(std::string_view padded) {
  std::string text(padded.substr(0, padded.find('\0')));
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

std::string read_heap_texts(const Hdf5Bytes& bytes, uint64_t offset, size_t count, uint64_t base_address,
                            size_t most_bytes, std::vector<std::string>& texts) {
  const auto places = bytes.read(offset, count * kHeapPlaceBytes);
  if (places.size() != count * kHeapPlaceBytes) return "it claims more bytes than the file has";
  const std::string damaged = "its texts are damaged";
  std::map<uint64_t, std::optional<Heap>> heaps;
  size_t total = 0;
  uint64_t heap_bytes = 0;
  for (size_t i = 0; i < count; ++i) {
    const std::byte* place = places.data() + i * kHeapPlaceBytes;
    const size_t length = static_cast<size_t>(number(place, 4));
    const uint64_t address = number(place + 4, 8), index = number(place + 12, 4);
    if (length == 0) {
      texts.emplace_back();
      continue;
    }
    if (total += length; total > most_bytes) return "its texts are too long";
    if (address >= bytes.size() || base_address >= bytes.size() - address) return damaged;
    auto& heap = heaps[address];
    if (!heap) {
      heap = Heap::read(bytes, base_address + address);
      if (heap && (heap_bytes += heap->size()) > kMostHeapBytes) return "its texts are too long";
    }
    auto text = heap ? heap->text(index, length) : std::nullopt;
    if (!text) return damaged;
    texts.push_back(std::move(*text));
  }
  return {};
}

}  // namespace vaco
