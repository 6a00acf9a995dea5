// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_parts.h"

#include <stdlib.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <thread>

#include "core/base/rng.h"

namespace vaco::testing {
namespace {

constexpr int64_t kObservations = 11, kActions = 3, kRows = 60;

Dataset fake_dataset(const std::filesystem::path& path) {
  Dataset data;
  Rng rng(5);
  data.rows = kRows;
  data.obs_dim = kObservations;
  data.action_dim = kActions;
  for (int64_t i = 0; i < kRows * kObservations; ++i)
    data.observations.push_back(static_cast<float>(rng.normal()));
  data.next_observations = data.observations;
  for (int64_t i = 0; i < kRows * kActions; ++i) data.actions.push_back(static_cast<float>(rng.uniform(-1, 1)));
  data.has_next.assign(kRows, 1);
  data.terminals.assign(kRows, 0);
  data.timeouts.assign(kRows, 0);
  for (int64_t row = 0; row < kRows; ++row) data.rewards.push_back(static_cast<float>(row / 10));
  for (int64_t t = 0; t < kRows / 10; ++t) {
    data.episodes.first.push_back(10 * t);
    data.episodes.length.push_back(10);
    data.episodes.returns.push_back(static_cast<double>(10 * t));
    data.episodes.ended_by.push_back(EndedBy::timeout);
  }
  data.environment = "hopper";
  data.source = {path, 1, "fake-hash", "fake"};
  return data;
}

class FakeAlgorithm : public Algorithm {
 public:
  FakeAlgorithm(const FakeOptions& options, uint64_t seed)
      : options_(options), rng_(seed, 3), weights_(kObservations * kActions, 0.0f) {}

  std::vector<PhaseInfo> phases() const override {
    std::vector<PhaseInfo> phases{{"value", "Value", options_.first_steps},
                                  {"cloning", "Cloning", options_.second_steps},
                                  {"polishing", "Polishing", options_.third_steps}};
    std::erase_if(phases, [](const auto& phase) { return phase.steps == 0; });
    return phases;
  }
  int64_t step() const override { return step_; }
  void update() override {
    if (options_.on_update) options_.on_update();
    if (options_.microseconds_per_step > 0)
      std::this_thread::sleep_for(std::chrono::microseconds(options_.microseconds_per_step));
    if (step_ == options_.throw_at) throw std::runtime_error("the device was lost\n#0 backtrace");
    auto& weight = weights_[rng_.index(weights_.size())];
    weight = 0.9f * weight + 0.1f * static_cast<float>(rng_.normal());
    sum_ += rng_.uniform();
    ++count_;
    ++step_;
  }
  std::vector<MetricValue> take_metrics() override {
    const double mean = sum_ / static_cast<double>(count_);
    sum_ = 0.0;
    count_ = 0;
    const bool broken = options_.nan_at >= 0 && step_ >= options_.nan_at;
    return {{"loss", broken ? std::numeric_limits<double>::quiet_NaN() : mean}};
  }
  std::optional<std::vector<float>> row_weights() override {
    if (!has_policy()) return std::nullopt;
    std::vector<float> rows(kRows);
    for (size_t i = 0; i < rows.size(); ++i)
      rows[i] = static_cast<float>(i / 10) / 10.0f + 0.01f * std::abs(weights_[i % weights_.size()]);
    return rows;
  }
  bool has_policy() const override { return step_ > options_.first_steps; }
  PolicySnapshot policy() const override {
    PolicySnapshot policy;
    policy.algorithm = "fake";
    policy.layers.push_back({kObservations, kActions, weights_, std::vector<float>(kActions, 0.0f)});
    policy.observation_mean.assign(kObservations, 0.0f);
    policy.observation_scale.assign(kObservations, 1.0f);
    policy.action_low.assign(kActions, -1.0f);
    policy.action_high.assign(kActions, 1.0f);
    return policy;
  }
  StateDict save() const override {
    StateDict state;
    const auto& rng = rng_.state();
    state["sampler/rng"] = {{4}, std::vector<uint64_t>(rng.words.begin(), rng.words.end())};
    state["sampler/spare"] = {{2}, std::vector<double>{rng.spare, rng.has_spare ? 1.0 : 0.0}};
    state["policy/weights"] = {{kActions, kObservations}, weights_};
    state["metrics/sum"] = {{}, std::vector<double>{sum_}};
    state["counters"] = {{2}, std::vector<int64_t>{step_, count_}};
    if (options_.ballast > 0)
      state["ballast"] = {{static_cast<int64_t>(options_.ballast)}, std::vector<double>(options_.ballast, 1.5)};
    return state;
  }
  Result<void> load(const StateDict& state) override {
    Rng::State rng;
    const auto& words = std::get<std::vector<uint64_t>>(state.at("sampler/rng").values);
    std::copy(words.begin(), words.end(), rng.words.begin());
    const auto& spare = std::get<std::vector<double>>(state.at("sampler/spare").values);
    rng.spare = spare[0];
    rng.has_spare = spare[1] != 0.0;
    rng_.set_state(rng);
    weights_ = std::get<std::vector<float>>(state.at("policy/weights").values);
    sum_ = std::get<std::vector<double>>(state.at("metrics/sum").values)[0];
    const auto& counters = std::get<std::vector<int64_t>>(state.at("counters").values);
    step_ = counters[0];
    count_ = counters[1];
    return {};
  }

 private:
  FakeOptions options_;
  Rng rng_;
  std::vector<float> weights_;
  double sum_ = 0.0;
  int64_t count_ = 0, step_ = 0;
};

Result<EvaluationResult> fake_evaluation(const FakeOptions& fake, const PolicySnapshot& policy,
                                         const EvaluationOptions& options, std::stop_token stop) {
  for (int waited = 0; waited < fake.evaluation_milliseconds; ++waited) {
    if (stop.stop_requested()) return Error{ErrorCode::stopped, "stopped"};
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  if (fake.evaluated_in) *fake.evaluated_in = to_text(options.physics);
  EvaluationResult result;
  result.step = policy.step;
  Rng rng(options.seed);
  for (int i = 0; i < options.episodes; ++i) {
    result.returns.push_back(100.0 * rng.uniform() + policy.layers[0].weight[static_cast<size_t>(i)]);
    result.lengths.push_back(10 + i);
    result.mean_return += result.returns.back() / options.episodes;
  }
  result.std_return = 1.0 / 3.0;
  result.has_reference = true;
  result.normalized_mean = result.mean_return / 30.0;
  result.normalized_std = result.std_return / 30.0;
  return result;
}

}  // namespace

std::shared_ptr<const SessionParts> fake_parts(const FakeOptions& options) {
  auto parts = std::make_shared<SessionParts>();
  parts->read_head = [options](const std::filesystem::path&, const ReadOptions&) -> Result<DatasetHead> {
    return DatasetHead{kObservations, kActions, "hopper", options.physics};
  };
  parts->read = [options](const std::filesystem::path& path, const ReadOptions&, const ProgressFn& progress,
                          std::stop_token) -> Result<Dataset> {
    if (progress) progress(0.5, "reading");
    auto data = fake_dataset(path);
    data.physics = options.physics;
    data.findings = options.findings;
    return data;
  };
  parts->make = [options](const std::string&, const ParamSet& params, const TrainingData&, uint64_t seed,
                          const ComputeOptions&) -> Result<std::unique_ptr<Algorithm>> {
    FakeOptions own = options;
    if (params.contains("bc_steps")) own.second_steps = params.integer("bc_steps");
    return std::unique_ptr<Algorithm>(std::make_unique<FakeAlgorithm>(own, seed));
  };
  parts->evaluate = [options](const PolicySnapshot& policy, const EvaluationOptions& evaluation,
                              std::stop_token stop) {
    return fake_evaluation(options, policy, evaluation, stop);
  };
  return parts;
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "vaco-run-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

RunConfig fake_config(const std::filesystem::path& folder) {
  auto config = make_config("bc", "");
  if (!config) throw std::runtime_error(config.error().message);
  config->dataset = folder / "fake data's.hdf5";
  std::ofstream(config->dataset) << "stands for a dataset";
  for (const auto& [key, value] : {std::pair{"log_interval", "7"},
                                   {"eval_interval", "50"},
                                   {"eval_episodes", "3"},
                                   {"diagnostics_interval", "40"},
                                   {"checkpoint_interval", "30"},
                                   {"bc_steps", "300"}})
    if (auto set = set_param(*config, key, value, Origin::run); !set)
      throw std::runtime_error(set.error().message);
  config->threads = 1;
  return *config;
}

RunState run_to_end(TrainingSession& session) {
  session.start();
  session.wait();
  return session.state();
}

std::string slurp(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string timeless(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string text;
  for (std::string line; std::getline(in, line);) {
    const Json json = Json::parse(line);
    Json kept = Json::object();
    for (const auto& [key, value] : json.items())
      if (key.find("time") == std::string::npos && key.find("per_second") == std::string::npos)
        kept[key] = value;
    text += kept.dump() + "\n";
  }
  return text;
}

}  // namespace vaco::testing
