// SPDX-License-Identifier: GPL-3.0-or-later
// What is done between two updates: metrics, weight diagnostics, evaluation, checkpoints.
#include <algorithm>
#include <cmath>

#include "core/base/readable.h"
#include "core/base/rng_streams.h"
#include "core/base/threads.h"
#include "core/collect/online_training.h"
#include "core/data/policy_file.h"
#include "core/learn/explanation.h"
#include "core/records/trajectory_values.h"
#include "core/records/weight_report.h"
#include "core/session/session_core.h"

namespace vaco {
namespace {

constexpr double kCollapsedShare = 0.05;
/// Whose values are kept at a look, of all the data's: little beside the training between two looks.
constexpr int64_t kLookRows = 4096;

/// Name of the first array of a state that holds a NaN, or empty.
std::string array_with_nan(const StateDict& state) {
  for (const auto& [name, array] : state) {
    const bool found = std::visit(
        [](const auto& values) {
          return std::any_of(values.begin(), values.end(), [](auto v) { return v != v; });
        },
        array.values);
    if (found) return name;
  }
  return {};
}

Error diverged(int64_t step, const std::string& what) {
  return {ErrorCode::failed,
          "step " + std::to_string(step) + ": " + what +
              " is no longer a finite number, so training has diverged. Fork the run with smaller "
              "learning rates, or look for outliers in the data with vaco inspect"};
}

}  // namespace

bool SessionCore::is_phase_end(int64_t step) const {
  return step == meter_->total() || meter_->phase_at(step) != meter_->phase_at(step - 1);
}

const std::string& SessionCore::phase_done() const {
  return meter_->phase(meter_->phase_at(std::max<int64_t>(0, step_ - 1))).key;
}

bool SessionCore::evaluates() const {
  return data_.can_evaluate && evaluation_episodes_ > 0 && algorithm_->has_policy();
}

Result<void> SessionCore::after_step() {
  const bool ends = is_phase_end(step_);
  if (ends || is_due(step_, every_.log))
    if (auto r = log_metrics(); !r) return r;
  if (ends || is_due(step_, every_.diagnostics))
    if (auto r = look_at_weights(); !r) return r;
  const bool last = step_ == meter_->total();
  if ((last || is_due(step_, every_.evaluation)) && evaluates()) {
    evaluation_due_ = true;
    if (auto r = evaluate(); !r) return r.error().code == ErrorCode::stopped ? stop_here() : r;
  }
  if (last || (new_best_ && !online_) || is_due(step_, every_.checkpoint)) return save(new_best_);
  return {};
}

Result<void> SessionCore::log_metrics() {
  Metrics metrics;
  metrics.step = step_;
  metrics.phase = phase_done();
  metrics.values = algorithm_->take_metrics();
  std::string bad;
  for (const auto& [key, value] : metrics.values)
    if (bad.empty() && !std::isfinite(value)) bad = key;
  meter_->look(step_, Clock::now());
  const double seconds = meter_->seconds() - logged_seconds_;
  metrics.values.push_back({"time_s", wall_seconds()});
  metrics.values.push_back(
      {"steps_per_second", seconds > 0.0 ? static_cast<double>(step_ - logged_step_) / seconds : 0.0});
  logged_seconds_ = meter_->seconds();
  logged_step_ = step_;
  if (auto r = folder_.append_metrics(to_json(metrics)); !r) return r;
  shared_.events.publish(std::move(metrics));
  if (!bad.empty()) return diverged(step_, bad);
  return {};
}

Result<void> SessionCore::look_at_weights() {
  const auto weights = algorithm_->row_weights();
  if (!weights) return {};
  WeightReport report = make_weight_report(*weights, data_.diagnostics, step_, phase_done());
  for (const auto& histogram : report.histograms)
    if (histogram.not_a_number > 0) return diverged(step_, "a sample weight");
  const auto& episodes = data_.diagnostics.episodes;
  TrajectoryValues values;
  if (auto* explains = dynamic_cast<Explains*>(algorithm_.get())) {
    const auto look = look_rows(episodes, kLookRows);
    values = trajectory_values(look, explains->values_of(look.rows), episodes.size());
  }
  if (auto r = write_trajectory_weights(folder_.diagnostics_path(step_), report, episodes, values); !r)
    return r;
  if (auto r = folder_.append_weights(to_json(report)); !r) return r;
  const bool collapsed = report.ess < kCollapsedShare;
  if (collapsed && !weights_collapsed_) {
    alarm("weight_collapse", "weights are collapsing: the effective sample size is " +
                                 fixed(100.0 * report.ess, 1) +
                                 " % of the data, so very few samples carry the policy");
  }
  weights_collapsed_ = collapsed;
  summary_.weights = report;
  shared_.events.publish(std::move(report));
  return {};
}

Result<void> SessionCore::evaluate() {
  const auto policy = snapshot();
  if (const auto problem = policy->problem(); !problem.empty())
    return diverged(step_, "a weight of the policy (" + problem + ")");
  shared_.set_policy(policy);
  EvaluationOptions options;
  options.environment = data_.environment;
  if (const auto physics = parse_physics(data_.physics)) options.physics = *physics;
  const bool last = final_episodes_ > 0 && step_ == meter_->total();
  options.episodes = static_cast<int>(last ? final_episodes_ : evaluation_episodes_);
  // Other episodes at every evaluation, the same ones in every repetition of the run.
  options.seed = Rng(config_.seed, streams::kEvaluation + static_cast<uint64_t>(step_)).next();
  options.threads = threads_or_all(config_.threads);
  meter_->stop_clock(step_, Clock::now());
  auto result = parts_->evaluate(*policy, options, shared_.mailbox.stop_token());
  if (clock_runs_) meter_->start_clock(step_, Clock::now());
  if (!result) return result.error();
  if (const int asked = std::min(options.threads, options.episodes);
      result->threads > 0 && result->threads < asked)
    alarm("threads", fewer_threads_text(asked, result->threads));
  evaluation_due_ = false;
  EvaluationDone done{std::move(*result), phase_done()};
  done.result.step = step_;
  Json line = to_json(done);
  // Which simulator gave the score: another version, or other physics, give others.
  line["physics"] = data_.physics;
  line["simulator"] = simulator_version();
  if (online_)
    if (auto r = write_policy(online_policy_path(folder_.path(), step_), *policy, origin()); !r) return r;
  if (auto r = folder_.append_evaluation(line); !r) return r;
  if (auto r = write_policy(folder_.path() / "policy.h5", *policy, origin()); !r) return r;
  summary_.last = done;
  if (!summary_.best || score_of(done.result) > score_of(summary_.best->result)) {
    summary_.best = done;
    new_best_ = true;
    if (auto r = write_policy(folder_.path() / "best_policy.h5", *policy, origin()); !r) return r;
  }
  shared_.events.publish(std::move(done));
  return {};
}

Result<void> SessionCore::save(bool best) {
  // All policies of an online run are kept, and its checkpoints are large: they hold every transition.
  best = best && !online_;
  Checkpoint checkpoint;
  checkpoint.state = algorithm_->save();
  if (const auto name = array_with_nan(checkpoint.state); !name.empty()) return diverged(step_, name);
  checkpoint.step = step_;
  checkpoint.algorithm = config_.algorithm;
  const size_t phase = meter_->phase_at(step_);
  checkpoint.phase = meter_->phase(phase).key;
  checkpoint.phase_start = meter_->phase_start(phase);
  checkpoint.evaluation_due = evaluation_due_;
  checkpoint.training_seconds = wall_seconds();
  checkpoint.fingerprint = fingerprint_;
  auto path = folder_.save_checkpoint(std::move(checkpoint), best);
  if (!path) return path.error();
  saved_step_ = step_;
  if (best) new_best_ = false;
  if (auto r = folder_.update_manifest({{"step", step_}}); !r) return r;
  shared_.events.publish(CheckpointSaved{step_, *path});
  return {};
}

Result<void> SessionCore::write_policies() {
  if (!algorithm_->has_policy()) return {};
  publish_policy();
  const auto policy = shared_.policy();
  if (const auto problem = policy->problem(); !problem.empty())
    return diverged(step_, "a weight of the policy (" + problem + ")");
  return write_policy(folder_.path() / "policy.h5", *policy, origin());
}

Result<void> SessionCore::make_sets() {
  const auto tell = [&](double fraction, std::string_view doing) {
    Progress progress;
    progress.phase = "datasets";
    progress.phase_label = doing;
    progress.phase_steps = 1000;
    progress.phase_step = static_cast<int64_t>(1000 * fraction);
    shared_.events.publish(std::move(progress));
  };
  auto sets =
      make_sets_of_run(folder_.path(), config_, origin(), online_->rows(), tell, shared_.mailbox.stop_token());
  if (!sets && sets.error().code == ErrorCode::stopped)
    return Error{ErrorCode::stopped, "stopped while the datasets were made"};
  if (!sets) return sets.error();
  sets_ = std::move(*sets);
  return {};
}

void SessionCore::publish_policy() {
  if (algorithm_->has_policy()) shared_.set_policy(snapshot());
}

std::shared_ptr<PolicySnapshot> SessionCore::snapshot() const {
  auto policy = std::make_shared<PolicySnapshot>(algorithm_->policy());
  policy->step = step_;
  policy->algorithm = config_.algorithm;
  policy->environment = data_.environment;
  policy->action_low = data_.action_low;
  policy->action_high = data_.action_high;
  return policy;
}

PolicyOrigin SessionCore::origin() const {
  return {.physics = data_.physics,
          .simulator = data_.can_evaluate ? simulator_version() : std::string(),
          .program = program_name(),
          .dataset = config_.dataset.filename().string(),
          .dataset_hash = dataset_hash_};
}

void SessionCore::alarm(const std::string& key, const std::string& message) {
  folder_.log(message);
  shared_.events.publish(Alarm{step_, key, message});
}

}  // namespace vaco
