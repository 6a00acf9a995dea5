// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hdf5/hdf5_structure.h"

#include <algorithm>
#include <vector>

#include "core/hdf5/hdf5_messages.h"

namespace vaco {
namespace {

/// A node's head: signature, kind (groups' 0, chunks' 1), level (0 for leaves), number of children, siblings.
constexpr size_t kNodeHead = 24;
constexpr uint64_t kChunks = 1;

/// Bytes of a key; 0 where a node of this size has none. Chunks' keys grow with the array's rank, which is told
/// by the node's size: there is room for a fixed number of children.
size_t key_bytes(const Hdf5Bytes& bytes, uint64_t base_address, uint64_t kind, size_t node_bytes) {
  if (kind != kChunks) return 8;
  const auto superblock = bytes.read(base_address, 32);
  const HeaderFields fields(superblock);
  const uint64_t room = 2 * (fields.number(8, 1) == 1 ? fields.number(24, 2) : 32);
  if (node_bytes < kNodeHead + 8 * room) return 0;
  const uint64_t keys = node_bytes - kNodeHead - 8 * room;
  return keys % (room + 1) == 0 ? static_cast<size_t>(keys / (room + 1)) : 0;
}

}  // namespace

bool mend_local_heap(const Hdf5Bytes& bytes, uint64_t base_address, std::span<std::byte> read) {
  constexpr size_t kFreeListAt = 16, kHead = 32;
  if (!begins_with(read, "HEAP")) return true;
  const HeaderFields head(read);
  if (!head.fits(kHead)) return false;
  const uint64_t size = head.number(8, 8), address = head.number(24, 8);
  if (size == 0 || size > bytes.size() || address > bytes.size() - size ||
      base_address > bytes.size() - size - address)
    return false;
  // Names end with a zero, and where one is missing the library goes on behind the heap.
  const auto last = bytes.read(base_address + address + size - 1, 1);
  if (last.size() != 1 || last.front() != std::byte{0}) return false;
  constexpr std::byte kNoFreeRoom[8] = {std::byte{1}};
  std::ranges::copy(kNoFreeRoom, read.begin() + kFreeListAt);
  return true;
}

bool TreeCheck::allows(const Hdf5Bytes& bytes, uint64_t base_address, uint64_t address,
                       std::span<const std::byte> node) {
  if (!begins_with(node, "TREE")) return true;
  const HeaderFields fields(node);
  const uint64_t kind = fields.number(4, 1), level = fields.number(5, 1), count = fields.number(6, 2);
  if (level == 0) return true;
  const size_t key = key_bytes(bytes, base_address, kind, node.size());
  if (key == 0 || !fields.fits(kNodeHead + count * (key + 8))) return false;
  std::vector<uint64_t> children(count);
  for (size_t i = 0; i < count; ++i)
    children[i] = base_address + fields.number(kNodeHead + key + i * (key + 8), 8);
  std::ranges::sort(children);
  if (std::ranges::adjacent_find(children) != children.end()) return false;
  return std::ranges::all_of(children, [&](uint64_t child) {
    const auto head = bytes.read(child, kNodeHead);
    const HeaderFields below(head);
    return begins_with(head, "TREE") && below.number(4, 1) == kind && below.number(5, 1) == level - 1 &&
           parents_.try_emplace(child, address).first->second == address;
  });
}

}  // namespace vaco
