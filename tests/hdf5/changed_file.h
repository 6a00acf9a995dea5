// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>

#include "core/hdf5/hdf5_file.h"

namespace vaco::testing {

/// Opens the bytes of a file that a test has changed.
inline Result<Hdf5File> open_changed(const std::string& bytes) {
  return Hdf5File::open(std::as_bytes(std::span(bytes)), "changed.hdf5");
}

}  // namespace vaco::testing
