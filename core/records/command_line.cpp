// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/shell_word.h"
#include "core/records/run_config.h"

namespace vaco {

std::vector<std::string> train_words(const RunConfig& config, const std::filesystem::path& out) {
  const RunConfig plain;
  std::vector<std::string> words{"train", "--algorithm", config.algorithm};
  const auto option = [&](const std::string& name, const std::string& value) {
    words.push_back("--" + name);
    words.push_back(value);
  };
  option("dataset", config.dataset.string());
  if (!config.exclude.empty()) option("exclude", config.exclude);
  if (!config.columns.empty()) option("columns", config.columns);
  if (!config.observations.empty()) option("observations", config.observations);
  if (!config.subset.empty()) option("subset", config.subset);
  if (!config.preset.empty()) option("preset", config.preset);
  if (!config.environment.empty()) option("environment", config.environment);
  if (config.physics != plain.physics) option("physics", config.physics);
  option("seed", std::to_string(config.seed));
  if (config.device != plain.device) option("device", config.device);
  if (config.precision != plain.precision) option("precision", config.precision);
  if (config.threads != plain.threads) option("threads", std::to_string(config.threads));
  if (!out.empty()) option("out", out.string());
  // Also a value that says it came from the preset, when the preset of this version says something else.
  const auto base = make_config(config.algorithm, config.preset);
  for (const auto& [key, configured] : config.params) {
    const bool as_base = base && base->params.contains(key) && base->params.at(key).value == configured.value;
    if (configured.origin > Origin::preset || !as_base) option("set", key + "=" + to_text(configured.value));
  }
  return words;
}

std::string command_line(const RunConfig& config, const std::filesystem::path& out) {
  std::string text = "vaco";
  for (const auto& word : train_words(config, out)) text += " " + shell_word(word);
  return text;
}

}  // namespace vaco
