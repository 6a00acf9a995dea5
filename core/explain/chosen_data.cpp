// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/chosen_data.h"

#include <algorithm>
#include <vector>

#include "core/base/files.h"
#include "core/data/mixer.h"
#include "core/data/writer.h"

namespace vaco {
namespace {

template <class T>
void take(std::vector<T>& to, const std::vector<T>& from, int64_t first, int64_t rows, int64_t width) {
  if (!from.empty()) to.insert(to.end(), from.begin() + first * width, from.begin() + (first + rows) * width);
}

Dataset part_of(const Dataset& whole, std::span<const int> chosen, Kept kept) {
  Dataset part;
  part.obs_dim = whole.obs_dim;
  part.action_dim = whole.action_dim;
  part.action_count = whole.action_count;
  part.policy_names = whole.policy_names;
  part.environment = whole.environment;
  part.physics = whole.physics;
  part.source = whole.source;
  const auto& episodes = whole.episodes;
  for (size_t e = 0; e < episodes.size(); ++e) {
    const bool is_chosen = std::binary_search(chosen.begin(), chosen.end(), static_cast<int>(e));
    if (is_chosen != (kept == Kept::chosen)) continue;
    const int64_t first = episodes.first[e], length = episodes.length[e];
    part.episodes.first.push_back(part.rows);
    part.episodes.length.push_back(length);
    part.episodes.returns.push_back(episodes.returns[e]);
    part.episodes.ended_by.push_back(episodes.ended_by[e]);
    take(part.observations, whole.observations, first, length, whole.obs_dim);
    take(part.next_observations, whole.next_observations, first, length, whole.obs_dim);
    take(part.actions, whole.actions, first, length, whole.action_dim);
    take(part.rewards, whole.rewards, first, length, 1);
    take(part.has_next, whole.has_next, first, length, 1);
    take(part.terminals, whole.terminals, first, length, 1);
    take(part.timeouts, whole.timeouts, first, length, 1);
    take(part.policy_ids, whole.policy_ids, first, length, 1);
    part.rows += length;
  }
  return part;
}

}  // namespace

Result<void> write_chosen(const std::filesystem::path& file, const Dataset& dataset,
                          std::span<const int> chosen, Kept kept) {
  if (auto can = check_new_file(file, Existing::replace, {dataset.source.path}); !can) return can;
  MixPart part;
  part.dataset = part_of(dataset, chosen, kept);
  part.name = "all";
  if (part.dataset.rows == 0) return Error{ErrorCode::usage, "no episode would be left to write"};
  const auto columns = mix_datasets({&part, 1}, 0, 0);
  if (!columns) return columns.error();
  return write_dataset(file, *columns);
}

}  // namespace vaco
