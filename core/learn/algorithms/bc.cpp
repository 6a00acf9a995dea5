// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithms/bc.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <vector>

#include "core/learn/parts/algorithm_base.h"
#include "core/learn/parts/metrics.h"

namespace vaco {
namespace {

/// Rows of the best trajectories, best first, until they hold the share of all rows; in file order.
std::vector<int64_t> best_rows(const TrainingData& data, double share) {
  std::vector<size_t> order(data.trajectory_first.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return data.trajectory_return[a] > data.trajectory_return[b]; });
  std::vector<int64_t> rows;
  for (const size_t t : order) {
    if (!rows.empty() && static_cast<double>(rows.size()) >= share * static_cast<double>(data.rows)) break;
    for (int64_t i = 0; i < data.trajectory_length[t]; ++i) rows.push_back(data.trajectory_first[t] + i);
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

struct Bc10Params : BcParams {
  Bc10Params() { best_share = 0.1; }
};

class Bc final : public AlgorithmBase {
 public:
  Bc(AlgorithmSetup setup, const BcParams& params)
      : AlgorithmBase(std::move(setup), {{"cloning", "Cloning", params.steps}}),
        rows_(params.best_share < 1.0 ? best_rows(data_, params.best_share) : std::vector<int64_t>{}),
        sampler_(sampler(params.policy.batch_size, rows_)),
        cloner_(*compute_, data_, device_data_, params.policy, params.policy_lr_schedule, params.steps,
                params.cloner, init_),
        metrics_(*compute_, own_metrics()) {
    keep(cloner_);
    keep("metrics", metrics_);
    report({&metrics_});
  }
  static MetricList own_metrics() { return {metric::bc_loss}; }

 private:
  void take_step() override {
    if (step() == 0) cloner_.fit(static_cast<double>(rows_.empty() ? data_.rows : std::ssize(rows_)));
    if (!cloner_.prepare(step())) return;
    run_step(0, [this] {
      cloner_.step(sampler_.draw(sampling_), {}, [this] {
        together([this] {
          metrics_.add(metric::bc_loss, cloner_.loss());
          metrics_.count();
        });
      });
    });
  }
  PolicySnapshot snapshot() const override { return cloner_.snapshot(); }

  const std::vector<int64_t> rows_;  ///< that are cloned; empty: all
  RowSampler sampler_;
  Cloner cloner_;
  MetricMeans metrics_;
};

}  // namespace

void BcParams::list(ParamFields& fields) {
  fields.add(steps, {.key = "bc_steps",
                     .symbol = "",
                     .label = "Cloning steps",
                     .help = "Steps of behavior cloning.",
                     .min = 1,
                     .max = 1e9,
                     .warn_min = 10000,
                     .warn_max = 3e6,
                     .scale = ParamScale::logarithmic,
                     .tier = ParamTier::basic,
                     .group = "Schedule",
                     .unit = "steps",
                     .affects = "how closely the data is copied; time",
                     .reference = "CORL"});
  if (best_share < 1.0)
    fields.add(best_share,
               {.key = "best_share",
                .symbol = "",
                .label = "Share of best trajectories",
                .help = "Trajectories of highest return are kept until they hold this share of the rows.",
                .min = 0.0001,
                .max = 1.0,
                .warn_min = 0.01,
                .tier = ParamTier::basic,
                .group = "Schedule",
                .affects = "which behavior is copied",
                .reference = "10 % BC"});
  list_rate_schedule(fields, policy_lr_schedule,
                     "cosine: the learning rate falls along half a cosine to 0 at the last step.",
                     "our choice; CORL: constant");
  policy.list(fields);
  cloner.list(fields, "Schedule");
}

AlgorithmEntry bc_entry() {
  return entry_of<Bc, BcParams>({.key = "bc",
                                 .label = "BC",
                                 .summary = "Plain behavior cloning of all data",
                                 .discrete_actions = true,
                                 .metrics = Bc::own_metrics()});
}

AlgorithmEntry bc10_entry() {
  return entry_of<Bc, Bc10Params>({.key = "bc10",
                                   .label = "10 % BC",
                                   .summary = "Behavior cloning of the trajectories of highest return",
                                   .discrete_actions = true,
                                   .metrics = Bc::own_metrics()});
}

}  // namespace vaco
