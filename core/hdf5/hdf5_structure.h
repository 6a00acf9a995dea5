// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>

#include "core/hdf5/hdf5_bytes.h"

namespace vaco {

/// Makes a group's local heap, whose head has just been read, fit for the library, which trusts its sizes;
/// addresses in it count from base_address. False where it is damaged. Its list of free room, which the library
/// follows without end and only a writer needs, is taken out. What is read is no heap's head: true, and nothing
/// is done.
bool mend_local_heap(const Hdf5Bytes& bytes, uint64_t base_address, std::span<std::byte> read);

/// Holds the trees of one file to being trees. The library goes down to a node's children wherever they lie: a
/// node among its own ancestors, or among the children of two, keeps it for ever or ends its stack.
class TreeCheck {
 public:
  /// Whether the library may have the node that it has just read from `address`. What is no such node is let
  /// through.
  bool allows(const Hdf5Bytes& bytes, uint64_t base_address, uint64_t address, std::span<const std::byte> node);

 private:
  std::unordered_map<uint64_t, uint64_t> parents_;  ///< addresses of the nodes below those that were read
};

}  // namespace vaco
