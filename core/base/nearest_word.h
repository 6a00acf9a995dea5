// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vaco {

/// What someone who wrote the word may have meant: the known word that is the fewest edits away, or nothing
/// where all are far.
std::string nearest_word(std::string_view word, const std::vector<std::string>& known);

}  // namespace vaco
