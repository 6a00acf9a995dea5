// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/algorithm_slot.h"

#include "core/learn/algorithm.h"

namespace vaco::ui {

int algorithmSlot(const std::string& key) {
  constexpr int kColors = 7;  // more would only repeat them
  const auto& all = algorithms();
  for (size_t i = 0; i < all.size(); ++i)
    if (all[i].key == key) return static_cast<int>(i) % kColors;
  return -1;
}

}  // namespace vaco::ui
