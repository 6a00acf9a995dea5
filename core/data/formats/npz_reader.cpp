// SPDX-License-Identifier: GPL-3.0-or-later
// Arrays of numpy.savez under the names people use: D4RL's, RLkit's, stable-baselines3's ([N, environments,
// d]).
#include "core/data/dataset_builder.h"
#include "core/data/formats/flat_columns.h"
#include "core/data/formats/npz_source.h"

namespace vaco {
namespace {

const FlatNeeds kNpzNeeds{
    "a dataset (it needs observations and actions, and rewards and ends of episodes under a usual "
    "name; --columns says which array is what)",
    false, false};

bool is_zip(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  char magic[4] = {};
  return file.read(magic, 4) && magic[0] == 'P' && magic[1] == 'K' && magic[2] == 3 && magic[3] == 4;
}

class NpzReader final : public DatasetReader {
 public:
  [[nodiscard]] std::string name() const override { return "npz"; }
  [[nodiscard]] std::string takes() const override {
    return "an .npz archive of numpy with observations, actions, rewards, terminals or dones (timeouts, next "
           "ones)";
  }

  [[nodiscard]] double probe(const std::filesystem::path& path) const override {
    if (!is_zip(path)) return 0.0;
    const auto source = NpzSource::open(path);
    if (!source) return path.extension() == ".npz" ? 0.1 : 0.0;
    if (source->arrays().empty()) return 0.0;
    return std::max(0.1, flat_confidence(*source));
  }

  [[nodiscard]] Result<DatasetHead> read_head(const std::filesystem::path& path,
                                              const ReadOptions& options) const override {
    const auto source = NpzSource::open(path);
    if (!source) return source.error();
    const auto layout = find_flat(*source, kNpzNeeds, options);
    if (!layout) return layout.error();
    return DatasetHead{layout->observations.width, layout->actions.width,
                       resolve_environment(path, options, {}), "", layout->discrete() ? 2 : 0};
  }

  [[nodiscard]] Result<RawRows> read_rows(const std::filesystem::path& path, const ReadOptions& options,
                                          const ProgressFn& progress, std::stop_token stop) const override {
    const auto source = NpzSource::open(path);
    if (!source) return source.error();
    const auto layout = find_flat(*source, kNpzNeeds, options);
    if (!layout) return layout.error();
    auto rows = read_flat(*source, *layout, progress, stop);
    if (!rows) return rows;
    rows->files = {path};
    return rows;
  }
};

}  // namespace

std::unique_ptr<DatasetReader> make_npz_reader() {
  return std::make_unique<NpzReader>();
}

}  // namespace vaco
