// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/collect/demo.h"
#include "core/session/training_session.h"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <memory>
#include <vector>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/figures.h"
#include "app/cli/progress_line.h"
#include "app/cli/session_console.h"

namespace vaco::cli {
namespace {

struct Demo {
  std::string out = "runs";
  uint64_t seed = 0;
  std::vector<std::string> sets;
  bool json = false, quiet = false, no_figures = false;

  [[nodiscard]] int run() const {
    auto experiments = configs();
    if (!experiments) return report_error("demo", experiments.error());
    // Before the data is made, which takes its time.
    if (const auto there = look_at(out); !there && there.error().code != ErrorCode::bad_data)
      return report_error("demo", there.error().within("--out"));
    const auto dataset = make_data();
    if (!dataset) return report_error("demo", dataset.error());
    std::vector<Json> results;
    for (auto& config : *experiments) {
      config.dataset = *dataset;
      SessionOptions options;
      options.out = out;
      options.command_line = process_arguments();
      auto session = TrainingSession::create(config, options);
      if (!session) return report_error("demo", session.error());
      Outcome outcome = run_session(**session, quiet);
      session->reset();
      if (outcome.exit_code != 0) return outcome.exit_code;
      outcome.result["algorithm"] = config.algorithm;
      results.push_back(std::move(outcome.result));
    }
    const int code = no_figures ? 0 : draw(results);
    show(results);
    return code;
  }

  /// One for each algorithm. A parameter is set where there is one of that name.
  [[nodiscard]] Result<std::vector<RunConfig>> configs() const {
    const auto pairs = parse_sets(sets);
    if (!pairs) return pairs.error();
    std::vector<RunConfig> all;
    for (const char* algorithm : {"vaco", "bc"}) {
      auto config = demo_config(algorithm, {});
      if (!config) return config.error();
      config->seed = seed;
      all.push_back(std::move(*config));
    }
    for (const auto& [key, value] : *pairs) {
      const bool known = std::any_of(all.begin(), all.end(),
                                     [&](const RunConfig& config) { return config.params.contains(key); });
      for (auto& config : all)
        if (config.params.contains(key) || !known)
          if (auto set = set_param(config, key, value, Origin::command_line); !set) return set.error();
    }
    return all;
  }

  [[nodiscard]] Result<std::filesystem::path> make_data() const {
    ProgressLine line(quiet);
    return demo_dataset(line.teller(), line.stop_token());
  }

  /// Gives the exit code; a run without figures is still shown.
  static int draw(std::vector<Json>& results) {
    int code = 0;
    for (auto& result : results) {
      const std::filesystem::path folder = result["run"].get<std::string>();
      const auto made = export_figures(folder, folder / "figures", "pdf,png");
      result["figures"] = Json::array();
      if (made)
        for (const auto& file : *made) result["figures"].push_back(file.string());
      else
        code = tell_without_figures("demo", made.error());
    }
    return code;
  }

  static std::string correlation_text(const Json& result) {
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    const auto number = [&](const Json& json) { return json.is_number() ? json.get<double>() : kNone; };
    Estimate r{number(result["pearson_r"]), kNone, kNone};
    if (const Json& interval = result["pearson_interval"]; interval.is_object()) {
      r.low = number(interval["low"]);
      r.high = number(interval["high"]);
    }
    return to_text(r, 3);
  }

  void show(const std::vector<Json>& results) const {
    if (json) {
      std::printf("%s\n", to_line(Json(results)).c_str());
      return;
    }
    std::printf("%-10s %-16s %-16s %-24s %-7s %s\n", "algorithm", "score (last)", "score (best)",
                "Pearson r [95 %]", "ESS", "time");
    for (const auto& r : results) {
      const std::string correlation = correlation_text(r);
      std::printf("%-10s %-16s %-16s %-24s %-7s %s\n", r["algorithm"].get<std::string>().c_str(),
                  score_text(r, "normalized_score", "normalized_std", "last").c_str(),
                  score_text(r, "normalized_score", "normalized_std", "best").c_str(), correlation.c_str(),
                  number_text(r["ess"], "%.3f").c_str(),
                  clock_text(r["wall_time_s"].is_number() ? r["wall_time_s"].get<double>() : -1.0).c_str());
    }
    for (const auto& r : results) {
      std::printf("\n%s\n", r["run"].get<std::string>().c_str());
      if (r.contains("figures"))
        for (const auto& file : r["figures"]) std::printf("  %s\n", file.get<std::string>().c_str());
    }
  }
};

}  // namespace

void add_demo(CLI::App& app, int& exit_code) {
  auto demo = std::make_shared<Demo>();
  CLI::App* command = add_command(app, "demo");
  command->add_option("--out", demo->out, "the run folders are made inside this one")->capture_default_str();
  command->add_option("--seed", demo->seed, "seed of the training")
      ->check(seed_number())
      ->capture_default_str();
  command
      ->add_option("--set", demo->sets,
                   "set a parameter of both runs, or of the one that has it, KEY=VALUE; repeatable")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command->add_flag("--json", demo->json, "print the results as JSON, the last line of stdout");
  command->add_flag("--quiet", demo->quiet, "only errors and warnings on stderr");
  command->add_flag("--no-figures", demo->no_figures, "do not draw figures");
  command->callback([demo, &exit_code] { exit_code = demo->run(); });
}

}  // namespace vaco::cli
