// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/metric_names.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace vaco::ui {
namespace {

/// Every key that an algorithm reports, and those that the session adds.
constexpr std::array<std::pair<std::string_view, const char*>, 18> kNames{
    {{"value_loss", "Value loss J_V"},
     {"critic_loss", "Critic loss J_Q"},
     {"policy_loss", "Policy loss J_π"},
     {"bc_loss", "Cloning loss J_BC"},
     {"conservative_loss", "Conservative loss of the critics"},
     {"diversity_loss", "Diversity loss of the critics' gradients"},
     {"q_mean", "Mean Q of the data, Q(s, a)"},
     {"v_mean", "Mean value of the data, V(s)"},
     {"policy_q", "Q of the policy, Q(s, π(s))"},
     {"batch_weight", "Mean weight of the batch"},
     {"batch_ess", "Effective sample size of the batch (share)"},
     {"alignment", "Mean alignment c of the batch"},
     {"alignment_share", "Share of samples with alignment c > 0"},
     {"price", "Multiplier of the weight budget"},
     {"entropy", "Entropy of the policy (nats)"},
     {"temperature", "Temperature α"},
     {"time_s", "Wall time (s)"},
     {"steps_per_second", "Gradient steps per second"}}};

const char* nameOf(const std::string& key) {
  const auto found =
      std::find_if(kNames.begin(), kNames.end(), [&](const auto& entry) { return entry.first == key; });
  return found == kNames.end() ? nullptr : found->second;
}

}  // namespace

QString keyWords(const std::string& key) {
  return QString::fromStdString(key).replace('_', ' ');
}

QString metricName(const std::string& key) {
  if (const char* name = nameOf(key)) return QString::fromUtf8(name);
  QString words = keyWords(key);
  if (!words.isEmpty()) words[0] = words[0].toUpper();
  return words;
}

}  // namespace vaco::ui
