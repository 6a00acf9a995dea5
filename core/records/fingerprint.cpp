// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/fingerprint.h"

#include "core/base/json_value.h"
#include "core/base/shell_word.h"
#include "core/records/checkpoint.h"
#include "core/records/manifest.h"
#include "core/records/run_folder.h"
#include "core/sim/environment.h"

namespace vaco {
namespace {

constexpr std::string_view kProgram = "vaco-workbench ";

/// Neither HDF5 nor anything behind it touches a number.
std::string calculating(const std::string& libraries) {
  return libraries.substr(0, libraries.find(", HDF5 "));
}

/// The configuration that a noted command line makes.
RunConfig config_of(const std::vector<std::string>& words) {
  std::map<std::string, std::string> options;
  std::vector<std::string> sets;
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if (!words[i].starts_with("--")) continue;
    if (words[i] == "--set")
      sets.push_back(words[++i]);
    else
      options[words[i].substr(2)] = words[i + 1];
  }
  auto config = make_config(options["algorithm"], options["preset"]);
  if (!config) return {};
  config->physics = options["physics"];
  config->exclude = options["exclude"];
  config->columns = options["columns"];
  config->observations = options["observations"];
  config->subset = options["subset"];
  config->seed = std::strtoull(options["seed"].c_str(), nullptr, 10);
  if (options.contains("precision")) config->precision = options["precision"];
  for (const auto& set : sets)
    if (const size_t at = set.find('='); at != std::string::npos)
      // What this version does not know any more cannot differ.
      static_cast<void>(set_param(*config, set.substr(0, at), set.substr(at + 1), Origin::command_line));
  return *config;
}

}  // namespace

Fingerprint settings_fingerprint(const RunConfig& config) {
  Fingerprint print{{"algorithm", config.algorithm},
                    {"seed", std::to_string(config.seed)},
                    {"precision", config.precision == "auto" ? "float32" : config.precision}};
  if (!config.physics.empty()) print["physics"] = config.physics;
  const auto chosen = [](const std::string& text, const char* nothing) {
    return text.empty() ? std::string(nothing) : text;
  };
  print["excluded episodes"] = chosen(config.exclude, "none");
  print["columns"] = chosen(config.columns, "by name");
  print["chosen observations"] = chosen(config.observations, "all");
  print["subset"] = chosen(config.subset, "all");
  for (const auto& [key, configured] : config.params)
    if (key != "checkpoint_interval") print[key] = to_text(configured.value);
  return print;
}

Fingerprint program_fingerprint(const RunConfig& config, const ComputeInfo& compute) {
  const bool on_card = config.device == "cuda" || (config.device == "auto" && compute.cuda);
  Fingerprint print{{"program", program_version()},
                    {"libraries", calculating(library_versions(compute))},
                    {"device", config.device == "auto" ? (on_card ? "cuda" : "cpu") : config.device}};
  if (on_card)
    print["card"] = compute.card;
  else
    print["instruction set"] = compute.instructions;
  return print;
}

Fingerprint fingerprint_of_manifest(const Json& manifest) {
  Fingerprint print;
  const auto take = [&](const char* name, std::string text) {
    if (!text.empty()) print[name] = std::move(text);
  };
  if (const auto line = value_or<std::string>(manifest, "equivalent_command_line", {}); !line.empty())
    if (const RunConfig config = config_of(split_shell_words(line)); !config.params.empty())
      print = settings_fingerprint(config);
  const auto program = value_or<std::string>(manifest, "program", {});
  if (program.starts_with(kProgram)) take("program", program.substr(kProgram.size()));
  take("libraries", calculating(value_or<std::string>(manifest, "libraries", {})));
  const auto device = value_or<std::string>(manifest, "device", {});
  if (const size_t from = device.find('('), to = device.find(')'); from != std::string::npos && to > from)
    take("instruction set", device.substr(from + 1, to - from - 1));
  take("environment", value_or<std::string>(manifest, "environment", {}));
  if (manifest.is_object() && manifest.contains("dataset"))
    take("dataset", value_or<std::string>(manifest["dataset"], "hash", {}));
  return print;
}

Fingerprint begun_as(const Checkpoint& checkpoint, const Json& manifest) {
  return checkpoint.fingerprint.empty() ? fingerprint_of_manifest(manifest) : checkpoint.fingerprint;
}

std::vector<Difference> differences(const Fingerprint& before, const Fingerprint& now) {
  std::vector<Difference> all;
  for (const auto& [what, text] : before)
    if (const auto found = now.find(what); found != now.end() && found->second != text)
      all.push_back({what, text, found->second});
  return all;
}

std::string to_text(const std::vector<Difference>& differences) {
  std::string text;
  for (const auto& [what, before, now] : differences)
    text += (text.empty() ? "" : "; ") + what + ": " + before + " before, " + now + " now";
  return text;
}

Error refusal(const std::vector<Difference>& differences, const std::string& run_folder,
              const std::string& resume) {
  const std::string folder = shell_word(run_folder);
  const std::string fork = resume == "vaco resume"
                               ? " or start a run of its own from here: vaco fork " + folder + ";"
                               : std::string();
  return {ErrorCode::usage, "the run " + run_folder +
                                " cannot go on bit for bit, as it is no longer what it was begun as (" +
                                to_text(differences) + "). Put that back;" + fork +
                                " or go on all the same, which the run's records will say: " + resume + " " +
                                folder + " --accept-changes"};
}

Json to_json(const std::vector<Difference>& differences, int64_t step) {
  Json changed = Json::array();
  for (const auto& [what, before, now] : differences)
    changed.push_back({{"what", what}, {"before", before}, {"now", now}});
  return {{"step", step}, {"time", utc_now()}, {"changed", changed}};
}

}  // namespace vaco
