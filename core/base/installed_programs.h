// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace vaco {

/// The path of the running program.
Result<std::filesystem::path> running_program();
/// Another program of the same build or installation: in the running one's folder, or in the other of bin and
/// libexec/vaco. Errors: it is not there (unavailable), with the folders that were looked in.
Result<std::filesystem::path> program_beside(const std::string& name);

}  // namespace vaco
