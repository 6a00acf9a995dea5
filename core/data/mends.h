// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace vaco {

/// What to do about a finding, by its key; empty where there is nothing to do.
std::string mend_for(const std::string& key);
/// Whether there is a finding of that key at all.
bool is_finding(const std::string& key);

}  // namespace vaco
