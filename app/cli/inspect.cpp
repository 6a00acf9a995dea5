// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstdio>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/progress_line.h"
#include "app/cli/reading.h"
#include "core/collect/physics_of_data.h"
#include "core/data/lint_report.h"
#include "core/data/local_datasets.h"
#include "core/tasks/task_names.h"

namespace vaco::cli {
namespace {

/// Each episode, and the ends of the file: what another reader of the same file is compared with.
void add_episodes(const Dataset& d, Json& json) {
  Json& list = json["episode_list"] = Json::array();
  for (size_t e = 0; e < d.episodes.size(); ++e)
    list.push_back({{"first", d.episodes.first[e]},
                    {"length", d.episodes.length[e]},
                    {"return", d.episodes.returns[e]},
                    {"ended_by", to_text(d.episodes.ended_by[e])}});
  const auto row = [](const std::vector<float>& column, int64_t at, int64_t width) {
    return std::vector<float>(column.begin() + at * width, column.begin() + (at + 1) * width);
  };
  const int64_t last = d.rows - 1;
  json["first"] = {{"observation", row(d.observations, 0, d.obs_dim)},
                   {"action", row(d.actions, 0, d.action_dim)}};
  json["last"] = {{"observation", row(d.observations, last, d.obs_dim)},
                  {"action", row(d.actions, last, d.action_dim)}};
  if (d.has_next.back()) json["last"]["next_observation"] = row(d.next_observations, last, d.obs_dim);
}

/// Adds what the rows tell of the physics they were made in, and whether the file says another.
void tell_physics(const PhysicsOfData& found, DatasetSummary& summary) {
  summary.restepped = to_text(found);
  if (summary.environment.empty() || summary.physics.empty()) return;
  if (auto warning = physics_warning(found, summary.environment, summary.physics); !warning.empty())
    summary.findings.push_back({Severity::warning, "other_physics", std::move(warning)});
}

struct Inspect {
  std::vector<std::string> files;
  ReadOptions options;
  bool json = false, lint = false, markdown = false, episodes = false, local = false;
  std::string fail_on;

  [[nodiscard]] int run() const {
    if (auto known = check_environment_name(options.environment); !known)
      return report_error("inspect", known.error());
    if (local) return list_local();
    if (files.empty())
      return report_error("inspect",
                          {ErrorCode::usage, "name a dataset, or --local to list those of other tools"});
    int exit = 0;
    Json summaries = Json::array();
    bool first = true;
    for (const auto& file : files) {
      if (stop_was_asked()) return report_error("inspect", {ErrorCode::stopped, "stopped before " + file});
      const auto dataset = [&] {
        ProgressLine line;
        return read_dataset(file, options, line.teller(), line.stop_token());
      }();
      if (!dataset) {
        exit = std::max(exit, report_error("inspect", dataset.error()));
        continue;
      }
      DatasetSummary summary = summarize(*dataset);
      const auto restepped = physics_of_data(*dataset);
      if (restepped) tell_physics(*restepped, summary);
      exit = std::max(exit, judge(summary));
      if (json) {
        summaries.push_back(to_json(summary));
        summaries.back()["restepped"] = restepped ? to_json(*restepped) : Json(nullptr);
        if (episodes) add_episodes(*dataset, summaries.back());
        continue;
      }
      const std::string text = markdown ? to_lint_markdown(summary)
                               : lint   ? to_lint_text(summary)
                                        : to_report(summary);
      std::printf("%s%s", first ? "" : "\n", text.c_str());
      first = false;
    }
    if (json && !summaries.empty()) {
      const Json& shown = files.size() > 1 ? summaries : summaries[0];
      std::printf("%s\n", shown.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    }
    return exit;
  }

  /// The exit code that --fail-on asks for.
  [[nodiscard]] int judge(const DatasetSummary& summary) const {
    if (fail_on.empty()) return 0;
    const auto least = fail_on == "note"      ? Severity::note
                       : fail_on == "warning" ? Severity::warning
                                              : Severity::error;
    const auto count = std::count_if(summary.findings.begin(), summary.findings.end(),
                                     [&](const Finding& finding) { return finding.severity >= least; });
    if (count == 0) return 0;
    return report_error("inspect",
                        {ErrorCode::bad_data, summary.source.path.string() + ": " + std::to_string(count) +
                                                  (count == 1 ? " finding" : " findings") + " of '" + fail_on +
                                                  "' or worse (--fail-on)"});
  }

  static int list_local() {
    const auto collections = local_collections();
    const auto found = find_local_datasets(collections);
    for (const auto& dataset : found)
      std::printf("%s\t%s\t%.1f MB\n", dataset.path.string().c_str(), dataset.kind.c_str(),
                  static_cast<double>(dataset.bytes) / 1e6);
    if (!found.empty()) return 0;
    std::string text;
    for (const auto& folder : collections) text += (text.empty() ? "" : ", ") + folder.string();
    std::fprintf(stderr, "no datasets of other tools are in %s\n", text.c_str());
    return 0;
  }
};

}  // namespace

void add_inspect(CLI::App& app, int& exit_code) {
  auto inspect = std::make_shared<Inspect>();
  CLI::App* command = add_command(app, "inspect");
  command->add_option("files", inspect->files, "datasets: files, or folders of layouts that have some")
      ->type_name("FILE");
  CLI::Option* json = command->add_flag("--json", inspect->json,
                                        "JSON on stdout: an object for one file, an array for several");
  command
      ->add_flag("--episodes", inspect->episodes, "in the JSON also each episode, and the first and last row")
      ->needs(json);
  command->add_flag("--lint", inspect->lint,
                    "only what is odd, each finding with its first row, count and mend");
  command->add_flag("--markdown", inspect->markdown, "the findings as a table in Markdown")->excludes(json);
  command
      ->add_option("--fail-on", inspect->fail_on,
                   "exit code 3 where there is a finding of this severity or worse")
      ->check(CLI::IsMember({"note", "warning", "error"}));
  command->add_flag("--local", inspect->local, "list the datasets in the folders of Minari, D4RL and OGBench");
  command->add_flag("--d4rl-exact", inspect->options.d4rl_exact,
                    "read the rows exactly as d4rl.qlearning_dataset does");
  add_reading_options(*command, inspect->options);
  command->footer(layouts_help());
  command->callback([inspect, &exit_code] { exit_code = inspect->run(); });
}

}  // namespace vaco::cli
