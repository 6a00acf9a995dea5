// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace vaco {

/// A dataset that lies where another tool keeps its own.
struct LocalDataset {
  std::filesystem::path path;
  std::string kind;  ///< "Minari HDF5", or what it is that cannot be read
  uint64_t bytes = 0;
};

/// The folders that are looked through: $MINARI_DATASETS_PATH or ~/.minari/datasets, $D4RL_DATASET_DIR or
/// ~/.d4rl/datasets, ~/.ogbench/data.
std::vector<std::filesystem::path> local_collections();
/// All datasets in these folders, by path; those that are not there have none. Follows no links to folders.
std::vector<LocalDataset> find_local_datasets(const std::vector<std::filesystem::path>& collections);

}  // namespace vaco
