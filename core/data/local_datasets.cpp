// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/local_datasets.h"

#include <algorithm>
#include <cstdlib>

#include "core/base/files.h"
#include "core/data/reader.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;

constexpr int kMostLevels = 8;
constexpr size_t kMostDatasets = 10000;

bool is_dataset_file(const fs::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".hdf5" || extension == ".h5" || extension == ".npz";
}

uint64_t size_of(const fs::path& file) {
  std::error_code status;
  const uintmax_t bytes = fs::file_size(file, status);
  return status ? 0 : bytes;
}

void look_in(const fs::path& folder, int level, std::vector<LocalDataset>& found) {
  // A Minari dataset is a folder whose rows lie in data.
  if (is_file(folder / "data" / "metadata.json") || is_file(folder / "data" / "main_data.hdf5")) {
    found.push_back({folder, dataset_kind(folder), size_of(folder / "data" / "main_data.hdf5")});
    return;
  }
  for (const auto& path : entries_of(folder)) {
    if (found.size() >= kMostDatasets) return;
    std::error_code none;
    if (is_folder(path)) {
      if (level < kMostLevels && !fs::is_symlink(path, none)) look_in(path, level + 1, found);
    } else if (is_dataset_file(path) && is_file(path)) {
      found.push_back({path, dataset_kind(path), size_of(path)});
    }
  }
}

}  // namespace

std::vector<fs::path> local_collections() {
  std::vector<fs::path> folders;
  const char* home = std::getenv("HOME");
  const auto add = [&](const char* variable, const char* usual) {
    const char* said = variable ? std::getenv(variable) : nullptr;
    if (said && *said)
      folders.emplace_back(said);
    else if (home && *home)
      folders.push_back(fs::path(home) / usual);
  };
  add("MINARI_DATASETS_PATH", ".minari/datasets");
  add("D4RL_DATASET_DIR", ".d4rl/datasets");
  add(nullptr, ".ogbench/data");
  return folders;
}

std::vector<LocalDataset> find_local_datasets(const std::vector<fs::path>& collections) {
  std::vector<LocalDataset> found;
  for (const auto& folder : collections) look_in(folder, 0, found);
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return found;
}

}  // namespace vaco
