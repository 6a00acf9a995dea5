// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/param_spec.h"
#include "core/base/result.h"

namespace vaco {

/// Where a parameter's value came from; the strongest (last) one wins.
enum class Origin { default_value, preset, run, command_line };
std::string to_text(Origin origin);

struct ConfiguredValue {
  ParamValue value;
  Origin origin = Origin::default_value;
};

/// All that decides a run's numbers (and where it is written). Stored as config.json.
struct RunConfig {
  std::string algorithm = "vaco";
  std::string preset;  ///< "quick", "paper", "demo", or empty
  std::filesystem::path dataset;
  std::string exclude;       ///< episodes of the dataset that are left out, as EpisodeList writes them
  std::string columns;       ///< how the dataset is read, see ReadOptions: what stands where,
  std::string observations;  ///< which named observations, parted by commas,
  std::string subset;        ///< and which subset of episodes
  std::string environment;   ///< empty = as the dataset says
  std::string physics;       ///< empty = as the dataset says; a run that was started has it settled
  uint64_t seed = 0;
  std::string device = "auto";
  std::string precision = "auto";
  int threads = 0;                                ///< 0 = all cores (command line) or all but one (window)
  std::map<std::string, ConfiguredValue> params;  ///< complete for full_schema(algorithm)
  [[nodiscard]] ParamSet param_set() const;
};

struct ReadOptions;  // core/data/reader.h
/// How a run reads its dataset. Usage error where what is left out is no list of episodes.
Result<ReadOptions> reading_of(const RunConfig& config);
/// Takes over all of it but the environment.
void set_reading(RunConfig& config, const ReadOptions& reading);

/// The algorithm's parameters followed by those every run has (eval_interval, eval_episodes, log_interval,
/// diagnostics_interval, checkpoint_interval, normalize_observations, reward_scaling).
Result<std::vector<ParamSpec>> full_schema(const std::string& algorithm);

/// A named set of values, read from the embedded resources/presets/*.json.
struct Preset {
  std::string key, label, summary;
  std::map<std::string, Json> values;  ///< for every algorithm that has the key
  std::map<std::string, std::map<std::string, Json>> algorithm_values;  ///< on top, per algorithm
};
const std::vector<Preset>& presets();

/// The spec of an algorithm's parameter. The usage error says who has it, or which known one is nearest.
Result<ParamSpec> require_param(const std::string& algorithm, const std::string& key);

/// Defaults, then the preset. Usage error for an unknown algorithm or preset.
Result<RunConfig> make_config(const std::string& algorithm, const std::string& preset);
/// Sets one parameter from text, checked against its spec.
Result<void> set_param(RunConfig& config, const std::string& key, const std::string& text, Origin origin);
/// A sentence for each parameter outside its warning range. What a preset chose is not for the user to mend,
/// and not told.
Result<std::vector<std::string>> unusual_params(const RunConfig& config);

Json to_json(const RunConfig& config);
Result<RunConfig> config_from_json(const Json& json);
/// The words behind "vaco" that make the same run: "train", "--algorithm", "vaco", ...; out is left away if
/// empty.
std::vector<std::string> train_words(const RunConfig& config, const std::filesystem::path& out);
/// The exact command line that makes the same run ("vaco train --algorithm vaco ... --set expectile=0.8").
std::string command_line(const RunConfig& config, const std::filesystem::path& out);

}  // namespace vaco
