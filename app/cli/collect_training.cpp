// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/collect_training.h"

#include <algorithm>
#include <cstdio>

#include "app/cli/console.h"
#include "app/cli/session_console.h"
#include "core/base/files.h"
#include "core/base/threads.h"
#include "core/collect/online_training.h"
#include "core/records/online_schema.h"
#include "core/session/training_session.h"

namespace vaco::cli {
namespace {

Result<RunConfig> config_of(const TrainToCollect& wanted) {
  if (wanted.algorithm != "td3")
    return Error{ErrorCode::usage, "--train takes td3, not '" + wanted.algorithm + "'"};
  if (wanted.environment.empty() || wanted.out.empty())
    return Error{ErrorCode::usage, "--train needs --environment, and --out for the folder to make"};
  auto config = make_config(kOnlineTd3, "");
  if (!config) return config.error();
  config->environment = wanted.environment;
  config->physics = wanted.physics;
  config->seed = wanted.seed;
  config->threads = threads_or_all(wanted.threads);
  auto pairs = parse_sets(wanted.sets);
  if (!pairs) return pairs.error();
  if (wanted.steps > 0) pairs->emplace_back("online_steps", std::to_string(wanted.steps));
  if (wanted.rows > 0) pairs->emplace_back("set_rows", std::to_string(wanted.rows));
  for (const auto& [key, value] : *pairs)
    if (auto set = set_param(*config, key, value, Origin::command_line); !set) return set.error();
  if (const auto warnings = unusual_params(*config)) print_warnings(*warnings);
  return config;
}

Result<std::unique_ptr<TrainingSession>> open_training(const TrainToCollect& wanted) {
  SessionOptions options;
  options.threads = wanted.threads;
  options.accept_changes = wanted.accept_changes;
  if (!wanted.resume.empty()) {
    auto session = TrainingSession::resume(wanted.resume, options);
    if (session && !learns_online((*session)->config()))
      return Error{ErrorCode::usage, wanted.resume + " is a run of " + (*session)->config().algorithm +
                                         " and learns from data; go on with it by vaco resume"};
    return session;
  }
  const auto config = config_of(wanted);
  if (!config) return config.error();
  const auto path = absolute_path(wanted.out);
  if (!path) return path.error();
  const auto folder = path->has_filename() ? *path : path->parent_path();
  options.out = folder.parent_path();
  options.folder_name = folder.filename().string();
  options.command_line = process_arguments();
  return TrainingSession::create(*config, options);
}

void tell(const Json& result, bool json) {
  if (json) {
    std::printf("%s\n", to_line(result).c_str());
    return;
  }
  const auto number = [](const Json& object, const char* key, const char* format) {
    return number_text(object.contains(key) ? object[key] : Json(), format);
  };
  std::printf("%-24s %s\n", "run", result["run"].get<std::string>().c_str());
  for (const char* name : {"medium", "expert"}) {
    const Json& policy = result[name];
    std::printf("%-24s step %s, return %s, normalized score %s\n", name, number(policy, "step", "%.0f").c_str(),
                number(policy, "return_mean", "%.0f").c_str(),
                number(policy, "normalized_mean", "%.1f").c_str());
  }
  for (const Json& set : result["datasets"])
    std::printf("%-24s %s rows, return %s, normalized score %s: %s\n", set["name"].get<std::string>().c_str(),
                number(set, "rows", "%.0f").c_str(),
                with_spread(set["return_mean"], set["return_std"], 0).c_str(),
                number(set, "normalized_mean", "%.1f").c_str(), set["file"].get<std::string>().c_str());
}

}  // namespace

int collect_by_training(const TrainToCollect& wanted) {
  auto training = open_training(wanted);
  if (!training) return report_error("collect", training.error());
  const Outcome outcome = run_session(**training, wanted.quiet);
  if (outcome.exit_code == 0) tell(outcome.result, wanted.json);
  return outcome.exit_code;
}

}  // namespace vaco::cli
