// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/chosen_data.h"

#include <vector>

#include "core/base/files.h"
#include "core/data/mixer.h"
#include "core/data/writer.h"

namespace vaco {

Result<void> write_chosen(const std::filesystem::path& file, const Dataset& dataset,
                          std::span<const int> chosen) {
  if (auto can = check_new_file(file, Existing::replace, {dataset.source.path}); !can) return can;
  if (chosen.empty()) return Error{ErrorCode::usage, "no episode is chosen, so there is nothing to write"};
  std::vector<bool> taken(dataset.episodes.size(), false);
  for (const int episode : chosen) taken[static_cast<size_t>(episode)] = true;
  auto states = read_row_states(dataset);
  if (!states) return states.error();
  const MixPart all{.dataset = dataset, .name = "all", .taken = std::move(taken), .states = std::move(*states)};
  const auto columns = mix_datasets({&all, 1}, {.keep_order = true});
  if (!columns) return columns.error();
  return write_dataset(file, *columns);
}

}  // namespace vaco
