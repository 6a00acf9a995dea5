// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace vaco {

/// The one name of a file or folder: absolute, without links, dots and double slashes, so that two names of one
/// place are equal. Where the disk cannot tell (nothing there, no leave to look), by the text alone. Never
/// throws.
std::filesystem::path canonical_path(const std::filesystem::path& path);

}  // namespace vaco
