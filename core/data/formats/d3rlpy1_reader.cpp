// SPDX-License-Identifier: GPL-3.0-or-later
// d3rlpy 1 (MDPDataset.dump): D4RL's names in float32, but an episode ends where episode_terminals says so,
// whose ends without terminals are time limits; discrete actions are int32 [N].
#include "core/data/dataset_builder.h"
#include "core/data/formats/flat_columns.h"
#include "core/data/formats/hdf5_source.h"

namespace vaco {
namespace {

const FlatNeeds kD3rlpy1Needs{
    "a dataset of d3rlpy 1 (it needs observations, actions, rewards, terminals and episode_terminals)"};

class D3rlpy1Reader final : public DatasetReader {
 public:
  [[nodiscard]] std::string name() const override { return "d3rlpy 1 HDF5"; }
  [[nodiscard]] std::string takes() const override { return "an .h5 file of MDPDataset.dump of d3rlpy 1"; }

  [[nodiscard]] double probe(const std::filesystem::path& path) const override {
    const auto file = Hdf5File::open(path);
    if (!file || !file->has_array("episode_terminals")) return 0.0;
    return 0.2 + flat_confidence(Hdf5Source(*file));
  }

  [[nodiscard]] Result<DatasetHead> read_head(const std::filesystem::path& path,
                                              const ReadOptions& options) const override {
    const auto file = Hdf5File::open(path);
    if (!file) return file.error();
    const auto layout = find_flat(Hdf5Source(*file), kD3rlpy1Needs, options);
    if (!layout) return layout.error();
    return DatasetHead{layout->observations.width, layout->actions.width,
                       resolve_environment(path, options, {}), "",
                       layout->discrete() || is_discrete(*file) ? 2 : 0};
  }

  [[nodiscard]] Result<RawRows> read_rows(const std::filesystem::path& path, const ReadOptions& options,
                                          const ProgressFn& progress, std::stop_token stop) const override {
    const auto file = Hdf5File::open(path);
    if (!file) return file.error();
    const Hdf5Source source(*file);
    const auto layout = find_flat(source, kD3rlpy1Needs, options);
    if (!layout) return layout.error();
    auto rows = read_flat(source, *layout, progress, stop);
    if (!rows) return rows;
    if (rows->action_count == 0 && is_discrete(*file)) number_actions(*rows, true);
    rows->files = {path};
    return rows;
  }

 private:
  static bool is_discrete(const Hdf5File& file) {
    if (!file.has_array("discrete_action")) return false;
    const auto said = file.read<uint8_t>("discrete_action");
    return said && said->values.size() == 1 && said->values[0] != 0;
  }
};

}  // namespace

std::unique_ptr<DatasetReader> make_d3rlpy1_reader() {
  return std::make_unique<D3rlpy1Reader>();
}

}  // namespace vaco
