// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/installed_programs.h"

#include <unistd.h>

namespace vaco {
namespace fs = std::filesystem;

Result<fs::path> running_program() {
  std::error_code status;
  auto path = fs::read_symlink("/proc/self/exe", status);
  if (status) return Error{ErrorCode::failed, "cannot find the own program: " + status.message()};
  return path;
}

Result<fs::path> program_beside(const std::string& name) {
  const auto self = running_program();
  if (!self) return self.error();
  const fs::path here = self->parent_path();
  std::string looked;
  for (const fs::path& folder : {here, here / "../libexec/vaco", here / "../../bin"}) {
    const fs::path path = (folder / name).lexically_normal();
    if (::access(path.c_str(), X_OK) == 0) return path;
    looked += (looked.empty() ? "" : ", ") + path.parent_path().string();
  }
  return Error{ErrorCode::unavailable,
               "the program " + name + " is in none of " + looked + "; build or install it again"};
}

}  // namespace vaco
