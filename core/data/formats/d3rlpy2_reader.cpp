// SPDX-License-Identifier: GPL-3.0-or-later
// d3rlpy 2 (ReplayBuffer.dump): observations_i, actions_i, rewards_i [T, 1] and a scalar terminated_i for each
// of num_episodes episodes; observations_i_j for tuples. There is no final observation, and no environment.
#include "core/data/dataset_builder.h"
#include "core/data/formats/episode_reader.h"
#include "core/data/formats/hdf5_source.h"

namespace vaco {
namespace {

Result<int64_t> count_episodes(const Hdf5File& file) {
  const auto said = file.read<int64_t>("num_episodes");
  if (!said) return said.error();
  // Each episode is four arrays of the file at the least, so that a claim beyond this is none.
  constexpr int64_t kMost = 10'000'000;
  if (said->values.size() != 1 || said->values[0] < 1 || said->values[0] > kMost)
    return Error{ErrorCode::bad_data, file.name() + ": num_episodes: it says that there are no episodes"};
  return said->values[0];
}

Result<EpisodeArrays> arrays_of(const Hdf5File& file, int64_t episode) {
  const std::string number = std::to_string(episode);
  EpisodeArrays arrays;
  const std::string observations = "observations_" + number;
  if (file.kind(observations) != Hdf5Kind::missing)
    arrays.observations = {observations};
  else
    for (int64_t part = 0; file.has_array(observations + "_" + std::to_string(part)); ++part)
      arrays.observations.push_back(observations + "_" + std::to_string(part));
  if (arrays.observations.empty())
    return Error{ErrorCode::bad_data, file.name() + ": " + observations + ": there is no such array"};
  arrays.actions = "actions_" + number;
  arrays.rewards = "rewards_" + number;
  const auto terminated = file.read<uint8_t>("terminated_" + number);
  if (!terminated) return terminated.error();
  arrays.ends_terminal = !terminated->values.empty() && terminated->values[0] != 0;
  arrays.ends_by_time = !arrays.ends_terminal;
  return arrays;
}

/// The labels of observations_12_0 differ from episode to episode; its place in the tuple is what counts.
void label_parts(std::vector<ObservationPart>& parts) {
  for (size_t i = 0; i < parts.size(); ++i) parts[i].name = "part " + std::to_string(i);
}

class D3rlpy2Reader final : public DatasetReader {
 public:
  [[nodiscard]] std::string name() const override { return "d3rlpy 2 HDF5"; }
  [[nodiscard]] std::string takes() const override { return "an .h5 file of ReplayBuffer.dump of d3rlpy 2"; }
  [[nodiscard]] LayoutOptions options() const override { return {}; }

  [[nodiscard]] double probe(const std::filesystem::path& path) const override {
    const auto file = Hdf5File::open(path);
    if (!file || !file->has_array("num_episodes")) return 0.0;
    return file->has_array("actions_0") && file->has_array("rewards_0") ? 1.0 : 0.5;
  }

  [[nodiscard]] Result<DatasetHead> read_head(const std::filesystem::path& path,
                                              const ReadOptions& options) const override {
    const auto file = Hdf5File::open(path);
    if (!file) return file.error();
    const Hdf5Source source(*file);
    EpisodeReader reader(source, path);
    auto arrays = arrays_of(*file, 0);
    if (!arrays) return arrays.error();
    if (auto added = reader.add(std::move(*arrays)); !added) return added.error();
    DatasetHead head = reader.head();
    head.environment = resolve_environment(path, options, {});
    return head;
  }

  [[nodiscard]] Result<RawRows> read_rows(const std::filesystem::path& path, const ReadOptions&,
                                          const ProgressFn& progress, std::stop_token stop) const override {
    const auto file = Hdf5File::open(path);
    if (!file) return file.error();
    const auto episodes = count_episodes(*file);
    if (!episodes) return episodes.error();
    const Hdf5Source source(*file);
    EpisodeReader reader(source, path);
    for (int64_t e = 0; e < *episodes; ++e) {
      if (stop.stop_requested()) return Error{ErrorCode::stopped, "stopped reading " + path.string()};
      auto arrays = arrays_of(*file, e);
      if (!arrays) return arrays.error();
      if (auto added = reader.add(std::move(*arrays)); !added) return added.error();
    }
    auto rows = reader.read(false, progress, stop);
    if (!rows) return rows;
    label_parts(rows->observation_parts);
    rows->files = {path};
    return rows;
  }
};

}  // namespace

std::unique_ptr<DatasetReader> make_d3rlpy2_reader() {
  return std::make_unique<D3rlpy2Reader>();
}

}  // namespace vaco
