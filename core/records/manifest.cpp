// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/manifest.h"
#include "core/device/compute_info.h"

#include <cctype>
#include <cmath>
#include <ctime>
#include <limits>

#include "core/hdf5/hdf5_file.h"
#include "core/records/run_folder.h"
#include "core/sim/environment.h"
#include "core/tasks/task_names.h"

namespace vaco {
namespace {

/// JSON has no NaN, and "no correlation" is null.
Json number_or_null(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

}  // namespace

std::string program_version() {
  return VACO_VERSION;
}

std::string program_name() {
  return "vaco-workbench " + program_version();
}

std::string library_versions(const ComputeInfo& compute) {
  return compute.libraries + ", " + simulator_version() + ", " + hdf5_version();
}

Json first_manifest(const RunConfig& config, const std::vector<std::string>& arguments,
                    const std::filesystem::path& out) {
  return {{"manifest_version", kManifestVersion},
          {"program", program_name()},
          {"status", "created"},
          {"message", ""},
          {"created", utc_now()},
          {"started", nullptr},
          {"ended", nullptr},
          {"command_line", arguments},
          {"equivalent_command_line", command_line(config, out)},
          {"libraries", nullptr},
          {"device", nullptr},
          {"dataset", {{"path", config.dataset.string()}, {"hash", nullptr}, {"exclude", config.exclude}}},
          {"environment", config.environment},
          {"parent", nullptr},
          {"step", 0},
          {"total_steps", nullptr},
          {"result", nullptr}};
}

double score_of(const EvaluationResult& result) {
  return result.has_reference ? result.normalized_mean : result.mean_return;
}

Json result_json(const RunSummary& summary) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const auto last_and_best = [&](auto number_of) {
    const auto of = [&](const std::optional<EvaluationDone>& evaluation) {
      return number_or_null(evaluation ? number_of(evaluation->result) : kNone);
    };
    return Json{{"last", of(summary.last)}, {"best", of(summary.best)}};
  };
  const auto estimate = [&](const Estimate& e) {
    return Json{{"low", number_or_null(e.low)}, {"high", number_or_null(e.high)}};
  };
  Json json;
  json["normalized_score"] =
      last_and_best([](const EvaluationResult& r) { return r.has_reference ? r.normalized_mean : kNone; });
  json["normalized_std"] = last_and_best(
      [](const EvaluationResult& r) { return r.has_reference && r.has_spread() ? r.normalized_std : kNone; });
  json["return"] = last_and_best([](const EvaluationResult& r) { return r.mean_return; });
  json["return_std"] =
      last_and_best([](const EvaluationResult& r) { return r.has_spread() ? r.std_return : kNone; });
  // Another version of the simulator, or other physics, give other scores.
  json["physics"] = summary.physics.empty() ? Json(nullptr) : Json(summary.physics);
  json["simulator"] = summary.last ? Json(simulator_version()) : Json(nullptr);
  json["evaluated_step"] = Json{{"last", summary.last ? Json(summary.last->result.step) : Json(nullptr)},
                                {"best", summary.best ? Json(summary.best->result.step) : Json(nullptr)}};
  json["pearson_r"] = summary.weights ? number_or_null(summary.weights->pearson.value) : Json(nullptr);
  json["pearson_interval"] = summary.weights ? estimate(summary.weights->pearson) : Json(nullptr);
  json["spearman_rho"] = summary.weights ? number_or_null(summary.weights->spearman.value) : Json(nullptr);
  json["ess"] = summary.weights ? number_or_null(summary.weights->ess) : Json(nullptr);
  json["steps_per_second"] = number_or_null(summary.steps_per_second);
  json["wall_time_s"] = number_or_null(summary.wall_seconds);
  return json;
}

std::string default_folder_name(const RunConfig& config, const std::string& environment_of_data) {
  constexpr size_t kLongest = 120;  // of the 255 bytes that a name may have
  const std::string dataset = config.dataset.stem().string().substr(0, kLongest);
  std::string environment = config.environment;
  if (is_task_file(environment))
    environment = std::filesystem::path(environment).stem().string().substr(0, kLongest);
  if (environment.empty()) environment = environment_of_data.substr(0, kLongest);
  if (environment.empty()) environment = guess_environment(dataset);
  if (environment.empty()) environment = "unknown";
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::localtime_r(&now, &parts);
  char time[32];
  std::strftime(time, sizeof time, "%Y%m%d-%H%M%S", &parts);
  std::string name = environment + "__" + dataset + "__" + config.algorithm + "__s" +
                     std::to_string(config.seed) + "__" + time;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '_' && c != '.') c = '-';
  return name;
}

}  // namespace vaco
