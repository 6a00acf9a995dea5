// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/policy_export.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "core/base/files.h"
#include "core/base/json.h"
#include "core/base/readable.h"
#include "core/base/rng.h"
#include "core/export/onnx_policy.h"
#include "core/export/torchscript.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

constexpr double kTolerance = 1e-5;
constexpr int64_t kRows = 512;
constexpr double kFarOutside = 10.0;  // deviations of the data
// Sums in another order differ by some units in float32's last place of the largest output.
constexpr double kRounding = 1e-6;

/// Rows around the data's mean, the second half of them spread ten times as far as the data; the first is the
/// mean itself.
std::vector<float> probes(const PolicySnapshot& policy) {
  Rng rng(17);
  std::vector<float> rows;
  for (int64_t row = 0; row < kRows; ++row) {
    const double reach = row == 0 ? 0.0 : row < kRows / 2 ? 1.0 : kFarOutside;
    for (size_t i = 0; i < policy.observation_mean.size(); ++i)
      rows.push_back(
          static_cast<float>(policy.observation_mean[i] + reach * policy.observation_scale[i] * rng.normal()));
  }
  return rows;
}

Result<void> write_as(const PolicySnapshot& policy, const fs::path& path, PolicyFormat format) {
  if (format == PolicyFormat::torchscript) return write_torchscript(path, policy);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  const auto bytes = to_onnx(policy);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) return Error{ErrorCode::failed, "cannot write " + path.string() + ": " + last_system_error()};
  return {};
}

Result<std::vector<float>> read_back(const PolicySnapshot& policy, const fs::path& path, PolicyFormat format,
                                     const std::vector<float>& observations, bool logits) {
  if (format == PolicyFormat::torchscript) return run_torchscript(path, observations, policy.obs_dim(), logits);
  const auto bytes = read_text(path, uintmax_t{4} << 30);
  if (!bytes) return bytes.error();
  const auto model = OnnxPolicy::parse(*bytes);
  if (!model) return model.error();
  return model->run(observations, logits ? "logits" : "action");
}

/// What a policy's rows are compared by: actions, or of choices the outputs that they are made by.
struct Values {
  std::vector<float> choices;  ///< [rows] of discrete actions only
  std::vector<float> compared;
  std::array<double, 2> reach{};  ///< the largest output of the rows near the data, and of those far from it
};
Values values_of(const PolicySnapshot& policy, const std::vector<float>& observations) {
  Values values;
  PolicyActor actor(policy);
  const auto obs_dim = static_cast<size_t>(policy.obs_dim());
  std::vector<float> action(static_cast<size_t>(policy.action_dim()));
  for (size_t at = 0; at < observations.size(); at += obs_dim) {
    const auto row = std::span(observations).subspan(at, obs_dim);
    actor.act(row, action);
    if (policy.action_count > 0) values.choices.push_back(action[0]);
    const auto last = actor.output(row);
    double& reach = values.reach[at / obs_dim < kRows / 2 ? 0 : 1];
    for (const float output : last)
      reach = std::isfinite(output) ? std::max(reach, std::abs(static_cast<double>(output))) : INFINITY;
    if (policy.action_count > 0)
      values.compared.insert(values.compared.end(), last.begin(), last.end());
    else
      values.compared.insert(values.compared.end(), action.begin(), action.end());
  }
  return values;
}

/// Half the range of the d-th action; outputs of choices have no unit.
double unit_of(const PolicySnapshot& policy, size_t d) {
  if (policy.action_count > 0) return 1.0;
  return std::max(0.5 * (static_cast<double>(policy.action_high[d]) - policy.action_low[d]), 1e-12);
}

/// The same values in double precision.
std::vector<double> exact_values(const PolicySnapshot& policy, const std::vector<float>& observations) {
  std::vector<double> all;
  const auto obs_dim = static_cast<size_t>(policy.obs_dim());
  for (size_t at = 0; at < observations.size(); at += obs_dim) {
    std::vector<double> h(obs_dim);
    for (size_t i = 0; i < obs_dim; ++i)
      h[i] = (static_cast<double>(observations[at + i]) - policy.observation_mean[i]) /
             policy.observation_scale[i];
    for (const auto& layer : policy.layers) {
      if (&layer != &policy.layers.front())
        for (auto& v : h) v = std::max(v, 0.0);
      std::vector<double> next(layer.bias.begin(), layer.bias.end());
      for (size_t k = 0; k < next.size(); ++k)
        for (size_t i = 0; i < h.size(); ++i) next[k] += layer.weight[k * h.size() + i] * h[i];
      h = std::move(next);
    }
    if (policy.action_count == 0)
      for (size_t d = 0; d < h.size(); ++d)
        h[d] = 0.5 * (static_cast<double>(policy.action_high[d]) + policy.action_low[d]) +
               unit_of(policy, d) * std::tanh(h[d]);
    all.insert(all.end(), h.begin(), h.end());
  }
  return all;
}

Error not_the_same(const fs::path& path, const std::string& what) {
  return {ErrorCode::failed, "nothing was written to " + path.string() + ": read back, " + what +
                                 ". Please report this with the run's policy.h5, which acts as it should"};
}

/// The largest error among a half of the rows, those near the data (0) or far from it (1).
double largest_error(const PolicySnapshot& policy, const std::vector<float>& values,
                     const std::vector<double>& exact, size_t half) {
  const size_t width = exact.size() / kRows, rows = kRows / 2;
  double largest = 0.0;
  for (size_t i = half * rows * width; i < (half + 1) * rows * width; ++i) {
    const double error = std::abs(static_cast<double>(values[i]) - exact[i]) / unit_of(policy, i % width);
    largest = std::isfinite(error) ? std::max(largest, error) : INFINITY;
  }
  return largest;
}

/// Whether choices are the same wherever the two best are told apart by more than rounding.
bool same_choices(const Values& expected, const std::vector<float>& got, const std::array<double, 2>& allowed) {
  const size_t count = expected.compared.size() / expected.choices.size();
  for (size_t row = 0; row < got.size(); ++row) {
    const auto first = expected.compared.begin() + static_cast<std::ptrdiff_t>(row * count);
    std::vector<float> best(first, first + static_cast<std::ptrdiff_t>(count));
    std::partial_sort(best.begin(), best.begin() + 2, best.end(), std::greater<>());
    const bool clear = best[0] - best[1] > 2.0 * allowed[row / (kRows / 2)];
    if (clear && got[row] != expected.choices[row]) return false;
  }
  return true;
}

Result<PolicyParity> check(const PolicySnapshot& policy, const fs::path& written, const fs::path& path,
                           PolicyFormat format) {
  const bool discrete = policy.action_count > 0;
  const auto observations = probes(policy);
  const auto expected = values_of(policy, observations);
  const auto exact = exact_values(policy, observations);
  const auto got = read_back(policy, written, format, observations, discrete);
  if (!got) return got.error();
  if (got->size() != exact.size()) return not_the_same(path, "it gives another number of actions");
  std::array<double, 2> errors{}, allowed{};
  for (const size_t half : {0u, 1u}) {
    errors[half] = largest_error(policy, *got, exact, half);
    allowed[half] = std::max(kTolerance, kRounding * expected.reach[half]);
    if (!std::isfinite(allowed[half]) || !(errors[half] <= allowed[half]))
      return not_the_same(path, "its actions differ by " + significant(errors[half], 2) + " of their range");
  }
  if (discrete) {
    const auto choices = read_back(policy, written, format, observations, false);
    if (!choices) return choices.error();
    if (choices->size() != expected.choices.size() || !same_choices(expected, *choices, allowed))
      return not_the_same(path, "it chooses otherwise in some states");
  }
  return PolicyParity{.rows = kRows, .error_near = errors[0], .error_far = errors[1]};
}

/// An observation of the data's kind with the action that belongs to it, in the form that the file takes and
/// gives.
Json example_of(const PolicySnapshot& policy, const fs::path& path, PolicyFormat format) {
  const auto observations = probes(policy);
  const auto width = observations.begin() + policy.obs_dim();
  const std::vector<float> observation(width, width + policy.obs_dim());
  const auto expected = values_of(policy, observation);
  Json example = {{"policy", path.filename().string()},
                  {"format", format == PolicyFormat::onnx ? "ONNX" : "TorchScript"},
                  {"environment", policy.environment},
                  {"algorithm", policy.algorithm},
                  {"step", policy.step},
                  {"observation", observation}};
  if (policy.action_count > 0) {
    example["action"] = static_cast<int64_t>(expected.choices[0]);
    example["logits"] = expected.compared;
  } else {
    example["action"] = expected.compared;
    example["action_low"] = policy.action_low;
    example["action_high"] = policy.action_high;
  }
  return example;
}

}  // namespace

std::optional<PolicyFormat> policy_format_of(const fs::path& path) {
  const auto extension = path.extension();
  if (extension == ".onnx") return PolicyFormat::onnx;
  if (extension == ".pt" || extension == ".torchscript") return PolicyFormat::torchscript;
  return std::nullopt;
}

fs::path example_path(const fs::path& path) {
  return path.string() + ".example.json";
}

Result<PolicyParity> export_policy(const PolicySnapshot& policy, const fs::path& path, PolicyFormat format) {
  if (const auto problem = policy.problem(); !problem.empty())
    return Error{ErrorCode::bad_data, "the policy cannot be used: " + problem};
  PolicyParity parity;
  auto written = write_file_atomically(path, [&](const fs::path& temporary) -> Result<void> {
    if (auto done = write_as(policy, temporary, format); !done) return done;
    auto checked = check(policy, temporary, path, format);
    if (!checked) return checked.error();
    parity = *checked;
    return {};
  });
  if (!written) return written.error();
  if (auto example = write_json(example_path(path), example_of(policy, path, format)); !example)
    return example.error();
  return parity;
}

}  // namespace vaco
