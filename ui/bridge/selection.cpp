// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/selection.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace vaco::ui {

bool Selection::contains(int trajectory) const {
  return std::binary_search(chosen_.begin(), chosen_.end(), trajectory);
}

void Selection::setCount(int count) {
  if (count == count_) return;
  count_ = count;
  clear();
  setCurrent(-1);
}

void Selection::choose(std::vector<int> trajectories, How how) {
  std::sort(trajectories.begin(), trajectories.end());
  trajectories.erase(std::unique(trajectories.begin(), trajectories.end()), trajectories.end());
  std::erase_if(trajectories, [this](int t) { return t < 0 || t >= count_; });
  std::vector<int> chosen;
  switch (how) {
    case How::replace:
      chosen = std::move(trajectories);
      break;
    case How::add:
      std::set_union(chosen_.begin(), chosen_.end(), trajectories.begin(), trajectories.end(),
                     std::back_inserter(chosen));
      break;
    case How::remove:
      std::set_difference(chosen_.begin(), chosen_.end(), trajectories.begin(), trajectories.end(),
                          std::back_inserter(chosen));
      break;
  }
  if (chosen == chosen_) return;
  chosen_ = std::move(chosen);
  emit changed();
}

void Selection::setCurrent(int trajectory) {
  if (trajectory < 0 || trajectory >= count_) trajectory = -1;
  if (trajectory == current_) return;
  current_ = trajectory;
  emit currentChanged(current_);
}

}  // namespace vaco::ui
