// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cctype>

#include "core/run/run_config.h"

namespace vaco {
namespace {

/// As a POSIX shell reads it back as one word.
std::string quoted(const std::string& word) {
  const auto plain = [](unsigned char c) {
    return std::isalnum(c) || c == '-' || c == '_' || c == '.' || c == '/' || c == '=' || c == '+' ||
           c == ',' || c == ':';
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), plain)) return word;
  std::string text = "'";
  for (const char c : word) {
    if (c == '\'')
      text += "'\\''";
    else
      text += c;
  }
  return text + "'";
}

}  // namespace

std::string command_line(const RunConfig& config, const std::filesystem::path& out) {
  const RunConfig plain;
  std::string text = "vaco train --algorithm " + quoted(config.algorithm);
  const auto option = [&](const std::string& name, const std::string& value) {
    text += " --" + name + " " + quoted(value);
  };
  option("dataset", config.dataset.string());
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
  return text;
}

}  // namespace vaco
