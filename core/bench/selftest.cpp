// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bench/selftest.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <memory>
#include <ranges>
#include <stdexcept>
#include <stop_token>

#include "core/base/threads.h"
#include "core/bench/random_data.h"
#include "core/device/check_compute.h"
#include "core/device/step_graph.h"
#include "core/learn/algorithm.h"

namespace vaco {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

struct Variant {
  std::string name, algorithm;
  Settings settings;
};

/// Each algorithm, and of VACO each way to weigh. Shares are of the steps that are taken.
std::vector<Variant> variants(int64_t steps) {
  const auto share = [steps](double part) {
    return std::to_string(std::max<int64_t>(1, std::llround(part * static_cast<double>(steps))));
  };
  const Settings phases{{"value_steps", share(0.3)},
                        {"warmup_steps", share(0.1)},
                        {"bilevel_steps", share(0.4)},
                        {"cloning_steps", share(0.2)},
                        {"weight_refresh_interval", share(0.1)}};
  const auto vaco = [&](const std::string& name, Settings more) {
    more.insert(more.begin(), phases.begin(), phases.end());
    return Variant{name, "vaco", std::move(more)};
  };
  const auto all = std::to_string(steps);
  return {
      {"bc", "bc", {{"bc_steps", all}}},
      {"bc10", "bc10", {{"bc_steps", all}}},
      {"iql", "iql", {{"iql_steps", all}}},
      {"iql, deterministic", "iql", {{"iql_steps", all}, {"policy_type", "deterministic"}}},
      {"td3", "td3", {{"td3_steps", all}}},
      {"td3_bc", "td3_bc", {{"td3_steps", all}}},
      {"awac", "awac", {{"awac_steps", all}}},
      {"rebrac", "rebrac", {{"rebrac_steps", all}}},
      {"cql", "cql", {{"cql_steps", all}, {"sampled_actions", "3"}}},
      {"edac", "edac", {{"edac_steps", all}, {"critics", "4"}}},
      {"weighted_bc", "weighted_bc", {{"value_steps", share(0.5)}, {"bc_steps", share(0.5)}}},
      vaco("vaco", {}),
      vaco("vaco, printed", {{"weight_level", "sample"}}),
      vaco("vaco, batch mean", {{"weight_level", "sample"}, {"weight_normalization", "batch"}, {"trust", "3"}}),
      vaco("vaco, window", {{"weight_level", "window"}, {"weight_window", "7"}}),
      vaco("vaco, Adam-aware", {{"adam_aware", "true"}, {"high_batch", "fresh"}, {"noise_on", "action"}}),
  };
}

ParamSet params_of(const Variant& variant) {
  const auto& schema = (*find_algorithm(variant.algorithm))->schema;
  ParamSet params(schema);
  auto settings = variant.settings;
  settings.insert(settings.end(), {{"hidden_width", "64"}, {"batch_size", "64"}});
  for (const auto& [key, text] : settings) params.set(key, *parse_value(**require_spec(schema, key), text));
  return params;
}

/// One variant on one device, driven step by step.
class Run {
 public:
  Run(const Variant& variant, const TrainingData& data, const ComputeOptions& compute, uint64_t seed)
      : algorithm_(std::move(*make_algorithm(variant.algorithm, params_of(variant), data, seed, compute))) {
    for (const auto& phase : algorithm_->phases()) total_ += phase.steps;
  }
  [[nodiscard]] int64_t total() const { return total_; }
  StateDict after(int64_t step) {
    while (algorithm_->step() < std::min(step, total_)) algorithm_->update();
    return algorithm_->save();
  }
  void load(const StateDict& state) { static_cast<void>(algorithm_->load(state)); }

 private:
  std::unique_ptr<Algorithm> algorithm_;
  int64_t total_ = 0;
};

double relative_difference(const std::vector<float>& ours, const std::vector<float>& reference) {
  double difference = 0.0, size = 0.0;
  for (size_t i = 0; i < ours.size(); ++i) {
    const double d = static_cast<double>(ours[i]) - static_cast<double>(reference[i]);
    difference += d * d;
    size += static_cast<double>(reference[i]) * static_cast<double>(reference[i]);
  }
  // What is nearly nothing, as Adam's moments at first, is compared as it is.
  return std::sqrt(difference) / std::max(std::sqrt(size), 1e-3);
}

/// The largest difference of a tensor that both have, and its name.
std::pair<double, std::string> largest_difference(const StateDict& ours, const StateDict& reference) {
  std::pair<double, std::string> largest;
  for (const auto& [name, array] : reference) {
    const auto* expected = std::get_if<std::vector<float>>(&array.values);
    const auto found = ours.find(name);
    const auto* given = found == ours.end() ? nullptr : std::get_if<std::vector<float>>(&found->second.values);
    if (!expected || !given || expected->size() != given->size()) continue;
    const double difference = relative_difference(*given, *expected);
    if (!(difference <= largest.first)) largest = {difference, name};  // NaN too
  }
  return largest;
}

/// All stretches of a run, compared.
void compare_stretches(Run& ours, Run& exact, SelftestRow& row) {
  std::vector<double> differences;
  StateDict state = exact.after(0);
  for (int64_t step = 0; step < row.steps; step += kSelftestStretch) {
    ours.load(state);
    state = exact.after(step + kSelftestStretch);
    const auto [difference, name] = largest_difference(ours.after(step + kSelftestStretch), state);
    differences.push_back(difference);
    if (difference <= row.largest) continue;
    row.largest = difference;
    row.worst = name + " after " + std::to_string(std::min(row.steps, step + kSelftestStretch)) + " steps";
  }
  std::ranges::sort(differences);
  row.difference = differences[(differences.size() - 1) * 9 / 10] / kSelftestTolerance;
  row.agrees = row.difference <= 1.0 && row.largest <= kSelftestLargest;
}

SelftestRow test(const Variant& variant, const TrainingData& data, const ComputeOptions& device) {
  SelftestRow row{.name = variant.name};
  Run stretches(variant, data, device, 1),
      exact(variant, data, {.device = "rehearsal", .precision = "float64"}, 1);
  row.steps = exact.total();
  compare_stretches(stretches, exact, row);

  Run ours(variant, data, device, 1);
  const auto half_way = ours.after(row.steps / 2);
  const auto end = ours.after(row.steps);

  if (device.device == "cuda") {
    observe_steps([](int64_t, const std::function<void()>& work) { work(); });
    row.replays = Run(variant, data, device, 1).after(row.steps) == end;
    observe_steps({});
  }

  Run resumed(variant, data, device, 1);
  resumed.load(half_way);
  row.resumes = resumed.after(row.steps) == end;

  const auto other_end = Run(variant, data, device, 2).after(row.steps);
  StateDict other_beside;
  std::string problem;
  auto other = start_thread([&](const std::stop_token&) {
    try {
      other_beside = Run(variant, data, device, 2).after(row.steps);
    } catch (const std::exception& error) {
      problem = error.what();
    }
  });
  if (!other) throw std::runtime_error(other.error().message);
  StateDict beside;
  try {
    beside = Run(variant, data, device, 1).after(row.steps);
  } catch (const std::exception& error) {
    row.problem = error.what();
  }
  other->join();
  if (row.problem.empty()) row.problem = problem;
  row.beside = beside == end && other_beside == other_end;
  return row;
}

}  // namespace

Result<std::vector<SelftestRow>> run_selftest(const std::string& device, int64_t steps, const std::string& only,
                                              const std::function<void(std::string_view)>& say) {
  const ComputeOptions options{.device = device, .precision = "float32"};
  if (auto checked = check_compute(options); !checked) return checked.error();
  const auto data = random_data(7, 3, 10, 50);
  std::vector<SelftestRow> rows;
  for (const auto& variant : variants(steps)) {
    if (variant.name.find(only) == std::string::npos) continue;
    if (say) say(variant.name);
    try {
      rows.push_back(test(variant, data, options));
    } catch (const std::exception& error) {
      observe_steps({});
      rows.push_back({.name = variant.name, .problem = error.what()});
    }
  }
  return rows;
}

}  // namespace vaco
