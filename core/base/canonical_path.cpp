// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/canonical_path.h"

#include <system_error>

namespace vaco {
namespace fs = std::filesystem;

fs::path canonical_path(const fs::path& path) {
  if (path.empty()) return path;
  std::error_code error;
  fs::path found = fs::weakly_canonical(path, error);
  if (error) {
    found = fs::absolute(path, error);
    found = (error ? path : found).lexically_normal();
  }
  return found.has_filename() ? found : found.parent_path();
}

}  // namespace vaco
