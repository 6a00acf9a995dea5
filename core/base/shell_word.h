// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace vaco {

/// Text quoted so that a POSIX shell reads it back as one word.
std::string shell_word(const std::string& text);

}  // namespace vaco
