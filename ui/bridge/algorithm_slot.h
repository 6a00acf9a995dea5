// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace vaco::ui {

/// The place of an algorithm in the colour cycle: its runs have the same colour alone, beside others and in
/// exported figures. -1 when it is not known.
int algorithmSlot(const std::string& key);

}  // namespace vaco::ui
