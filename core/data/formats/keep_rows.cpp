// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/formats/keep_rows.h"

#include <algorithm>

namespace vaco {
namespace {

template <class T>
void keep(std::vector<T>& column, const std::vector<int64_t>& kept, int64_t width) {
  if (column.empty()) return;
  std::vector<T> out;
  out.reserve(kept.size() * static_cast<size_t>(width));
  for (const int64_t row : kept) {
    const auto from = column.begin() + row * width;
    out.insert(out.end(), from, from + width);
  }
  column = std::move(out);
}

}  // namespace

void keep_rows(RawRows& rows, const std::vector<int64_t>& kept) {
  keep(rows.observations, kept, rows.obs_dim);
  keep(rows.next_observations, kept, rows.obs_dim);
  keep(rows.actions, kept, rows.action_dim);
  keep(rows.rewards, kept, 1);
  keep(rows.has_next, kept, 1);
  keep(rows.terminals, kept, 1);
  if (rows.timeouts) keep(*rows.timeouts, kept, 1);
  keep(rows.cuts, kept, 1);
  keep(rows.policy_ids, kept, 1);
  rows.rows = static_cast<int64_t>(kept.size());
}

}  // namespace vaco
