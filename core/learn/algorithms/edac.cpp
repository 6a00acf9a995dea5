// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithms/edac.h"

#include <ATen/ATen.h>

#include "core/learn/algorithms/soft_actor_critic.h"

namespace vaco {
namespace {

/// η/(N − 1) E Σ_{i≠j} ⟨ĝ_i, ĝ_j⟩ and its gradient.
class GradientDiversity {
 public:
  GradientDiversity(double weight, int64_t obs_dim, int64_t action_dim)
      : weight_(weight), obs_dim_(obs_dim), action_dim_(action_dim) {}

  /// After td_gradient(): adds the term's gradient to critics.gradient() and gives its value [].
  at::Tensor add_gradient(CriticEnsemble& critics) const {
    auto& tape = critics.td_tape();
    const auto& shape = critics.mlp().shape();
    const double pairs = static_cast<double>(tape.rows) * static_cast<double>(shape.copies - 1);
    tape.output_gradient.fill_(1.0);
    critics.mlp().backward_to_input(critics.parameters(), tape);
    const auto g = tape.input_gradient.narrow(2, obs_dim_, action_dim_);
    const auto norm = g.norm(2, at::IntArrayRef{2}, true).clamp_min_(1e-20), length = norm + 1e-10;
    const auto unit = g / length, sum = unit.sum(0);
    const auto value = (sum.square().sum() - unit.square().sum()).mul_(weight_ / pairs);

    // h = ∂L/∂ĝ_k = 2η/(B (N − 1)) (Σ_j ĝ_j − ĝ_k);   v = h/(‖g‖ + ε) − g ⟨h, g⟩ / (‖g‖ (‖g‖ + ε)²)
    const auto h = (sum - unit).mul_(2.0 * weight_ / pairs);
    const auto v = h / length - g * (h * g).sum(2, true) / (norm * length * length);

    auto tangent = v;
    for (int64_t l = 0; l < shape.layers(); ++l) {
      const bool last = l == shape.hidden_layers;
      // Of the first layer only the rows of the actions: v has no part along the observations.
      const int64_t skipped = l == 0 ? obs_dim_ : 0, fan_in = shape.fan_in(l) - skipped;
      const auto weight = [&](const at::Tensor& flat) {
        return flat.narrow(1, shape.weight_at(l) + skipped * shape.fan_out(l), fan_in * shape.fan_out(l))
            .view({shape.copies, fan_in, shape.fan_out(l)});
      };
      const auto& delta = last ? tape.output_gradient : tape.hidden_gradient[static_cast<size_t>(l)];
      weight(critics.gradient()).add_(at::bmm(tangent.transpose(1, 2), delta));
      if (!last)
        tangent =
            at::bmm(tangent, weight(critics.parameters())).mul_(tape.hidden[static_cast<size_t>(l)].gt(0));
    }
    return value;
  }

 private:
  double weight_;
  int64_t obs_dim_, action_dim_;
};

struct EdacParams {
  int64_t steps = 3000000, critics = 10;
  double diversity = 1.0;
  TdParams td;
  SacPolicyParams sac;
  void list(ParamFields& fields);
};

constexpr Metric kDiversityLoss{"diversity_loss", "Diversity loss of the critics' gradients", ""};

class Edac final : public SoftActorCritic {
 public:
  Edac(AlgorithmSetup setup, const EdacParams& params)
      : SoftActorCritic(std::move(setup), {"edac", "EDAC", params.steps}, params.sac, params.td, params.critics,
                        true, kDiversityLoss),
        diversity_weight_(params.diversity),
        diversity_(params.diversity, data_.obs_dim, data_.action_dim) {}
  static MetricList reported() { return metric_list(kDiversityLoss); }

 private:
  void regularize(const TanhGaussianTape&) override {
    if (diversity_weight_ > 0.0 && critics_.copies() > 1)
      metrics_.add(kDiversityLoss, diversity_.add_gradient(critics_));
  }

  double diversity_weight_;
  GradientDiversity diversity_;
};

void EdacParams::list(ParamFields& fields) {
  list_training_steps(fields, steps, "edac_steps", "EDAC",
                      "Steps of EDAC; each moves the critics, the policy and its temperature.", "EDAC");
  fields.add(critics,
             {.key = "critics",
              .symbol = "N",
              .label = "Critics",
              .help = "Size of the ensemble whose minimum is the policy's value; more are more cautious.",
              .min = 1,
              .max = 500,
              .warn_min = 2,
              .warn_max = 100,
              .tier = ParamTier::basic,
              .group = "EDAC",
              .affects = "how much values outside the data are lowered; time",
              .reference = "EDAC (hopper 50)"});
  fields.add(diversity,
             {.key = "diversity",
              .symbol = "η",
              .label = "Gradient diversity",
              .help = "Weight of the term that keeps the critics' action gradients apart; 0 is SAC-N.",
              .min = 0.0,
              .max = 1e6,
              .warn_max = 100.0,
              .tier = ParamTier::basic,
              .group = "EDAC",
              .affects = "how few critics suffice",
              .reference = "EDAC (chosen per dataset)"});
  td.list(fields, "EDAC");
  sac.list(fields, "EDAC");
}

}  // namespace

AlgorithmEntry edac_entry() {
  return entry_of<Edac, EdacParams>(
      {.key = "edac",
       .label = "EDAC",
       .summary = "Soft actor-critic with an ensemble of critics whose action gradients differ",
       .metrics = Edac::reported()});
}

}  // namespace vaco
