// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hdf5/hdf5_dense.h"

#include <algorithm>
#include <bit>
#include <map>
#include <optional>
#include <vector>

namespace vaco {
namespace {

/// Signature, version and checksum stand around every structure here.
constexpr size_t kSignatureBytes = 4, kChecksumBytes = 4;

std::vector<std::byte> read_signed(const Hdf5Bytes& bytes, uint64_t at, size_t size, const char* signature) {
  auto read = bytes.read(at, size);
  if (read.size() != size || !begins_with(read, signature)) read.clear();
  return read;
}

constexpr uint64_t bytes_for(uint64_t number) {
  return (static_cast<uint64_t>(std::bit_width(number)) + 7) / 8;
}

/// A tree (of the second version) of records of one kind and size. Its nodes lie side by side, so that one that
/// takes more bytes than the file has leads round in circles.
class RecordTree {
 public:
  RecordTree(const Hdf5Bytes& bytes, uint64_t base_address, uint64_t kind, size_t record_bytes)
      : bytes_(bytes), base_(base_address), kind_(kind), record_bytes_(record_bytes) {}

  /// Visits every record; false where the tree is damaged, or the visit says so.
  bool walk(uint64_t at, const std::function<bool(const HeaderFields&)>& visit) {
    constexpr size_t kHead = 38;
    const auto head = read_signed(bytes_, at, kHead, "BTHD");
    const HeaderFields fields(head);
    node_bytes_ = static_cast<size_t>(fields.number(6, 4));
    const uint64_t depth = fields.number(12, 2), root = fields.number(16, 8), records = fields.number(24, 2);
    if (head.empty() || fields.number(5, 1) != kind_ || fields.number(10, 2) != record_bytes_ ||
        node_bytes_ < 64 || node_bytes_ > kMostNode || depth > kMostDepth)
      return false;
    // How many records a node of a level can have, and all below it; from these follow the sizes of numbers.
    uint64_t most = (node_bytes_ - kNodeAround) / record_bytes_;
    count_bytes_ = bytes_for(most);
    below_bytes_ = {0};
    for (uint64_t level = 1, below = most; level <= depth; ++level) {
      const uint64_t pointer = 8 + count_bytes_ + below_bytes_.back();
      if (node_bytes_ < kNodeAround + pointer) return false;
      most = (node_bytes_ - kNodeAround - pointer) / (record_bytes_ + pointer);
      below = (most + 1) * below + most;
      below_bytes_.push_back(bytes_for(below));
    }
    return root == kNoAddress || walk_node(root, records, depth, visit);
  }

 private:
  static constexpr size_t kMostNode = 1 << 16, kNodeAround = kSignatureBytes + 2 + kChecksumBytes;
  static constexpr uint64_t kMostDepth = 4;

  bool walk_node(uint64_t at, uint64_t records, uint64_t level,
                 const std::function<bool(const HeaderFields&)>& visit) {
    walked_bytes_ += node_bytes_;
    if (walked_bytes_ > bytes_.size() || at >= bytes_.size() || base_ >= bytes_.size() - at) return false;
    const auto node = read_signed(bytes_, base_ + at, node_bytes_, level == 0 ? "BTLF" : "BTIN");
    const HeaderFields fields(node);
    const size_t pointers = kSignatureBytes + 2 + records * record_bytes_;
    const size_t pointer = level == 0 ? 0 : 8 + count_bytes_ + below_bytes_[level - 1];
    if (node.empty() || !fields.fits(pointers + (level == 0 ? 0 : (records + 1) * pointer) + kChecksumBytes))
      return false;
    for (uint64_t i = 0; i < records; ++i)
      if (!visit(fields.part(kSignatureBytes + 2 + i * record_bytes_, record_bytes_))) return false;
    for (uint64_t i = 0; level > 0 && i <= records; ++i) {
      const size_t to = pointers + i * pointer;
      if (!walk_node(fields.number(to, 8), fields.number(to + 8, count_bytes_), level - 1, visit)) return false;
    }
    return true;
  }

  const Hdf5Bytes& bytes_;
  uint64_t base_, kind_, walked_bytes_ = 0;
  size_t record_bytes_, node_bytes_ = 0, count_bytes_ = 0;
  std::vector<uint64_t> below_bytes_;  ///< by level
};

/// Bytes of the file that hold an attribute's message.
struct Stretch {
  uint64_t at = 0, size = 0;
};

/// A heap whose blocks grow: `width` a row, the second row as large as the first, each further one twice as the
/// row before. A place in it counts the blocks' bytes one after the other.
class FractalHeap {
 public:
  static std::optional<FractalHeap> read(const Hdf5Bytes& bytes, uint64_t at, uint64_t base_address) {
    const auto head = read_signed(bytes, at, 144, "FRHP");
    const HeaderFields fields(head);
    FractalHeap heap;
    heap.base_ = base_address;
    heap.width_ = fields.number(110, 2);
    heap.first_ = fields.number(112, 8);
    heap.largest_ = fields.number(120, 8);
    heap.bits_ = fields.number(128, 2);
    heap.root_ = fields.number(132, 8);
    heap.rows_ = fields.number(140, 2);
    const uint64_t most_object = fields.number(10, 4), packed = fields.number(7, 2);
    if (head.empty() || packed != 0 || heap.width_ == 0 || heap.width_ > 64 ||
        !std::has_single_bit(heap.first_) || !std::has_single_bit(heap.largest_) ||
        heap.largest_ < heap.first_ || heap.largest_ > kMostBlock || heap.bits_ == 0 || heap.bits_ > 64 ||
        heap.rows_ > 64)
      return std::nullopt;
    heap.place_bytes_ = (heap.bits_ + 7) / 8;
    const auto block_bits = static_cast<uint64_t>(std::bit_width(heap.largest_)) - 1;
    heap.size_bytes_ = static_cast<size_t>(std::min((block_bits + 7) / 8, bytes_for(most_object)));
    if (heap.rows_ > 0)
      heap.root_block_ = read_signed(bytes, heap.address(bytes, heap.root_),
                                     heap.head_of_blocks() + 8 * heap.rows_ * heap.width_, "FHIB");
    heap.read_large_objects(bytes, fields.number(22, 8));
    return heap;
  }

  /// Where an object of the heap is by its name of eight bytes: what kind it is of, then its place and size, or
  /// the number of one too large for the blocks. Nothing where we do not find it.
  [[nodiscard]] std::optional<Stretch> find(const Hdf5Bytes& bytes, const HeaderFields& name) const {
    constexpr uint64_t kInBlock = 0x00, kLarge = 0x10;
    const uint64_t kind = name.number(0, 1);
    if (kind == kInBlock)
      return find_in_blocks(bytes, name.number(1, place_bytes_), name.number(1 + place_bytes_, size_bytes_));
    const auto large = kind == kLarge ? large_.find(name.number(1, 7)) : large_.end();
    return large == large_.end() ? std::nullopt : std::optional(large->second);
  }

 private:
  static constexpr uint64_t kMostBlock = uint64_t{1} << 20;

  [[nodiscard]] std::optional<Stretch> find_in_blocks(const Hdf5Bytes& bytes, uint64_t place,
                                                      uint64_t size) const {
    if (rows_ == 0) return within(bytes, root_, first_, place, size);
    const HeaderFields entries = HeaderFields(root_block_).part(head_of_blocks(), root_block_.size());
    for (uint64_t entry = 0; entries.fits(8 * entry + 8); ++entry) {
      const uint64_t row = entry / width_, block = row < 2 ? first_ : first_ << (row - 1);
      if (block > largest_) break;  // there are further blocks of blocks
      if (place < block) return within(bytes, entries.number(8 * entry, 8), block, place, size);
      place -= block;
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<Stretch> within(const Hdf5Bytes& bytes, uint64_t block_address, uint64_t block,
                                              uint64_t place, uint64_t size) const {
    const uint64_t at = address(bytes, block_address);
    if (place > block || size > block - place || read_signed(bytes, at, kSignatureBytes, "FHDB").empty())
      return std::nullopt;
    return Stretch{at + place, size};
  }

  /// Those too large for the blocks: a record has the object's address, its size and its number.
  void read_large_objects(const Hdf5Bytes& bytes, uint64_t tree) {
    constexpr uint64_t kLargeObjects = 1, kMostBytes = uint64_t{16} << 20;
    const auto keep = [&](const HeaderFields& record) {
      if (record.number(8, 8) <= kMostBytes)
        large_[record.number(16, 8)] = {address(bytes, record.number(0, 8)), record.number(8, 8)};
      return true;
    };
    if (tree != kNoAddress) RecordTree(bytes, base_, kLargeObjects, 24).walk(address(bytes, tree), keep);
  }

  /// Where a block of blocks begins to list them.
  [[nodiscard]] size_t head_of_blocks() const { return kSignatureBytes + 9 + place_bytes_; }

  /// Beyond the file where the address is.
  [[nodiscard]] uint64_t address(const Hdf5Bytes& bytes, uint64_t told) const {
    return told < bytes.size() ? base_ + told : bytes.size();
  }

  uint64_t base_ = 0, width_ = 0, first_ = 0, largest_ = 0, bits_ = 0, root_ = 0, rows_ = 0;
  size_t place_bytes_ = 0, size_bytes_ = 0;
  std::vector<std::byte> root_block_;  ///< where there are rows
  std::map<uint64_t, Stretch> large_;  ///< by number
};

}  // namespace

HeaderWalk walk_dense_attributes(const Hdf5Bytes& bytes, const DenseAttributes& attributes,
                                 uint64_t base_address, const std::function<bool(const HeaderMessage&)>& visit,
                                 bool& partial) {
  const auto heap = FractalHeap::read(bytes, attributes.heap, base_address);
  if (!heap) return HeaderWalk::damaged;
  bool ended = false;
  uint64_t read = 0;  // no more than the file has, or messages share their bytes
  const auto look = [&](const HeaderFields& record) {
    auto place = heap->find(bytes, record);
    if (place && (read += place->size) > bytes.size()) place.reset();
    const auto content =
        place ? bytes.read(place->at, static_cast<size_t>(place->size)) : std::vector<std::byte>();
    partial = partial || !place;
    if (!place) return true;
    HeaderMessage message;
    message.type = kAttributeMessage;
    message.flags = record.number(8, 1);
    message.offset = place->at;
    message.body = HeaderFields(content);
    ended = !visit(message);
    return !ended;
  };
  // A record has the name of an object of the heap, the message's flags, and what we do not need.
  constexpr uint64_t kAttributeNames = 8;
  const bool walked = RecordTree(bytes, base_address, kAttributeNames, 17).walk(attributes.index, look);
  return ended ? HeaderWalk::ended : walked ? HeaderWalk::whole : HeaderWalk::damaged;
}

}  // namespace vaco
