// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/collect/online_sets.h"

#include <algorithm>
#include <utility>

#include "core/base/rng.h"
#include "core/base/rng_streams.h"
#include "core/collect/collecting.h"
#include "core/collect/online_rows.h"
#include "core/records/episode_ends.h"
#include "core/records/manifest.h"
#include "core/stats/statistics.h"
#include "core/tasks/reference_scores.h"

namespace vaco {
namespace {

constexpr int64_t kReplayParts = 4;
/// The sets that are rolled out, with seeds of their own: with the training's in all of them, their episodes
/// would begin in the same states.
enum RolledOut : uint64_t { kRandom, kMedium, kExpert };

Json score_json(const EvaluationDone& evaluation) {
  const auto& r = evaluation.result;
  Json json = {{"policy_step", r.step},
               {"episodes", r.returns.size()},
               {"return_mean", r.mean_return},
               {"return_std", r.has_spread() ? Json(r.std_return) : Json(nullptr)}};
  if (r.has_reference) {
    json["normalized_mean"] = r.normalized_mean;
    json["normalized_std"] = r.has_spread() ? Json(r.normalized_std) : Json(nullptr);
  }
  return json;
}

/// What a dataset holds; an episode that was cut counts as it is. return_std is that of a sample (n − 1).
Json summary_of(const std::string& name, const std::filesystem::path& path, const DatasetColumns& columns) {
  std::vector<double> returns;
  int64_t first = 0;
  for (const int64_t end : episode_ends(columns.terminals, columns.timeouts)) {
    returns.push_back(return_between(columns.rewards, first, end));
    first = end;
  }
  Json json = {{"name", name},
               {"file", path.string()},
               {"rows", columns.rows},
               {"episodes", returns.size()},
               {"return_mean", mean(returns)},
               {"return_std", returns.size() > 1 ? Json(standard_deviation(returns)) : Json(nullptr)}};
  if (const auto reference = reference_scores(columns.environment))
    json["normalized_mean"] = reference->normalized(mean(returns));
  return json;
}

/// Collects and writes one dataset after the other.
class SetMaker {
 public:
  SetMaker(const OnlineSetsRequest& request, const ProgressFn& progress, std::stop_token stop)
      : request_(request), progress_(progress), stop_(std::move(stop)) {}

  Result<DatasetColumns> rolled_out(RolledOut set, const std::string& name,
                                    std::shared_ptr<const PolicySnapshot> policy) const {
    const double noise = policy ? request_.action_noise : 0.0;
    CollectRequest wanted{.environment = request_.environment,
                          .physics = request_.physics,
                          .steps = request_.rows,
                          .seed = Rng(request_.seed, streams::kOnlineSets + set).next(),
                          .shuffle = false,
                          .parts = {}};
    wanted.parts.push_back({{.name = name, .snapshot = std::move(policy), .action_noise = noise}, 1.0});
    return collect_dataset(wanted, progress_, stop_);
  }

  Result<void> write(const std::string& name, DatasetColumns& columns) {
    auto provenance = Json::parse(columns.provenance);
    provenance["medium_policy"] = score_json(request_.chosen.medium);
    provenance["expert_policy"] = score_json(request_.chosen.expert);
    columns.provenance = to_line(provenance);
    const auto path = request_.folder / (request_.environment + "-" + name + ".hdf5");
    if (auto written = write_dataset(path, columns); !written) return written;
    summaries_.push_back(summary_of(name, path, columns));
    return {};
  }

  Json take_summaries() { return std::move(summaries_); }

 private:
  const OnlineSetsRequest& request_;
  const ProgressFn& progress_;
  std::stop_token stop_;
  Json summaries_ = Json::array();
};

/// The training's transitions up to the medium policy. Its parts by age stand in for policies: random, and then
/// equal parts of the learner's own.
DatasetColumns replay_columns(const OnlineSetsRequest& request, const EnvironmentInfo& info,
                              const CollectedRows& replay) {
  const int64_t steps = std::min(request.chosen.medium.result.step, replay.rows);
  auto columns = to_columns(first_rows(replay, info, steps), info, request.physics, "random");
  for (int64_t part = 1; part <= kReplayParts; ++part)
    columns.policy_names.push_back("replay " + std::to_string(part));
  const int64_t random = std::min(request.random_steps, steps);
  for (int64_t row = random; row < steps; ++row)
    columns.policy_ids[static_cast<size_t>(row)] =
        static_cast<int32_t>(1 + (row - random) * kReplayParts / (steps - random));
  columns.provenance = to_line({{"program", "vaco-workbench " + program_version()},
                                {"what", "all transitions of an online TD3 up to its medium policy"},
                                {"environment", request.environment},
                                {"physics", to_text(request.physics)},
                                {"seed", request.seed},
                                {"random_steps", random}});
  return columns;
}

}  // namespace

Result<ChosenPolicies> choose_policies(const std::vector<EvaluationDone>& evaluations) {
  if (evaluations.empty())
    return Error{ErrorCode::usage,
                 "no policy was evaluated, so none can be medium or expert: train for more than random_steps"};
  const auto score = [](const EvaluationDone& e) { return score_of(e.result); };
  const auto expert = std::max_element(evaluations.begin(), evaluations.end(),
                                       [&](const auto& a, const auto& b) { return score(a) < score(b); });
  const auto medium = std::find_if(evaluations.begin(), expert,
                                   [&](const auto& e) { return score(e) >= score(*expert) / 3.0; });
  return ChosenPolicies{.medium = *medium, .expert = *expert};
}

Result<Json> make_online_sets(const OnlineSetsRequest& request, const CollectedRows& replay,
                              const ProgressFn& progress, const std::stop_token& stop) {
  const auto environment = make_environment(request.environment, request.physics);
  if (!environment) return environment.error();
  SetMaker maker(request, progress, stop);
  auto columns = replay_columns(request, (*environment)->info(), replay);
  if (auto r = maker.write("medium-replay", columns); !r) return r.error();

  auto random = maker.rolled_out(kRandom, "random", nullptr);
  if (!random) return random.error();
  if (auto r = maker.write("random", *random); !r) return r.error();

  auto medium = maker.rolled_out(kMedium, "medium", request.medium);
  if (!medium) return medium.error();
  if (auto r = maker.write("medium", *medium); !r) return r.error();

  auto expert = maker.rolled_out(kExpert, "expert", request.expert);
  if (!expert) return expert.error();
  if (auto r = maker.write("expert", *expert); !r) return r.error();

  // As D4RL's: the medium data, then the expert's.
  if (auto joined = medium->append(*expert); !joined) return joined.error();
  auto provenance = Json::parse(medium->provenance), of_expert = Json::parse(expert->provenance);
  provenance["parts"][0]["seed"] = provenance["seed"];
  of_expert["parts"][0]["seed"] = of_expert["seed"];
  provenance["parts"].push_back(of_expert["parts"][0]);
  provenance.erase("seed");
  medium->provenance = to_line(provenance);
  if (auto r = maker.write("medium-expert", *medium); !r) return r.error();
  return maker.take_summaries();
}

}  // namespace vaco
