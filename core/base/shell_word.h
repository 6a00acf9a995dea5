// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace vaco {

/// Text quoted so that a POSIX shell reads it back as one word.
std::string shell_word(const std::string& text);
/// The words of a line of such words; quotes and backslashes as shell_word() sets them.
std::vector<std::string> split_shell_words(const std::string& line);

}  // namespace vaco
