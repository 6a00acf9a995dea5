// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/explained_run.h"

#include <utility>

#include "core/base/guard.h"
#include "core/base/threads.h"
#include "core/learn/algorithm.h"
#include "core/records/manifest.h"
#include "core/records/online_schema.h"
#include "core/records/opened_checkpoint.h"
#include "core/session/prepare_data.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

/// Share of the progress that reading takes.
constexpr double kReading = 0.3;

Result<RunConfig> config_of(const fs::path& run) {
  const auto json = read_json(run / "config.json");
  if (!json) return json.error();
  auto config = config_from_json(*json);
  if (!config) return config.error().within((run / "config.json").string());
  if (config->algorithm == kOnlineTd3)
    return Error{ErrorCode::usage, run.string() +
                                       " learns in the environment, so there is no dataset whose rows could be "
                                       "explained"};
  return config;
}

Result<ExplainedRun> explain(const fs::path& given, int threads, const ProgressFn& progress,
                             const std::stop_token& stop, const DatasetRead& read) {
  const auto path = absolute_path(given);
  if (!path) return path.error();
  auto opened = open_checkpoint(*path);
  if (!opened) return opened.error();
  ExplainedRun explained;
  explained.run = opened->run;
  explained.notes = opened->notes;
  explained.step = opened->checkpoint.step;
  explained.phase = opened->checkpoint.phase;
  auto config = config_of(opened->run);
  if (!config) return config.error();
  const auto manifest = read_json(opened->run / "manifest.json");
  const auto begun = begun_as(opened->checkpoint, manifest ? *manifest : Json());
  const auto preparation = take_settled(*config, begun);
  explained.config = *config;

  const auto tell = [&](double fraction, std::string_view doing) {
    if (progress) progress(kReading * fraction, doing);
  };
  const auto reading = reading_of(*config);
  if (!reading) return reading.error();
  auto dataset = read(config->dataset, *reading, tell, stop);
  if (!dataset) return dataset.error();
  if (const auto hash = begun.find("dataset"); hash != begun.end() && hash->second != dataset->source.hash)
    return Error{ErrorCode::bad_data, "the dataset " + config->dataset.string() +
                                          " is not the one this run learned from (its content has changed); "
                                          "bring the old file back to explain its rows"};
  explained.rewards = dataset->rewards;
  auto prepared = prepare_data(std::move(*dataset), *config, preparation);
  if (!prepared) return prepared.error();
  explained.environment = prepared->environment;
  explained.physics = prepared->physics;

  const ComputeOptions compute{
      .device = config->device, .precision = config->precision, .threads = startable_threads(threads)};
  auto algorithm =
      make_algorithm(config->algorithm, config->param_set(), prepared->training, config->seed, compute);
  if (!algorithm) return algorithm.error();
  if (auto loaded = (*algorithm)->load(opened->checkpoint.state); !loaded)
    return loaded.error().within("the checkpoint of step " + std::to_string(explained.step) + " does not fit");
  if (auto weights = (*algorithm)->row_weights()) explained.weight = std::move(*weights);
  if (auto* explains = dynamic_cast<Explains*>(algorithm->get())) {
    auto rows = explains->row_values(
        [&](double fraction, std::string_view doing) {
          if (progress) progress(kReading + (1.0 - kReading) * fraction, doing);
        },
        stop);
    if (!rows) return rows.error();
    explained.rows = std::move(*rows);
    explained.features = explains->trajectory_features();
    if (auto values = explains->value_snapshot())
      explained.values = std::make_shared<const ValueSnapshot>(std::move(*values));
  } else {
    explained.notes.push_back(config->algorithm + " has no values by which rows could be explained" +
                              (explained.weight.empty() ? "" : ", only weights"));
  }
  if ((*algorithm)->has_policy()) {
    PolicySnapshot policy = (*algorithm)->policy();
    policy.environment = prepared->environment;
    policy.action_low = prepared->action_low;
    policy.action_high = prepared->action_high;
    explained.policy = std::make_shared<const PolicySnapshot>(std::move(policy));
  }
  explained.obs_dim = prepared->training.obs_dim;
  explained.observations = std::move(prepared->training.observations);
  explained.observation_mean = prepared->training.observation_mean;
  explained.observation_scale = prepared->training.observation_scale;
  explained.table = std::move(prepared->diagnostics);
  return explained;
}

}  // namespace

Result<ExplainedRun> explain_run(const fs::path& run_or_checkpoint, int threads, const ProgressFn& progress,
                                 const std::stop_token& stop, const DatasetRead& read) {
  return guarded("explaining " + run_or_checkpoint.string(),
                 [&] { return explain(run_or_checkpoint, threads, progress, stop, read); });
}

}  // namespace vaco
