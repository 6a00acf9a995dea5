// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>

#include "app/cli/command.h"
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/progress_line.h"
#include "app/cli/reading.h"
#include "core/base/readable.h"
#include "core/base/threads.h"
#include "core/explain/explained_run.h"
#include "core/explain/influence.h"
#include "core/explain/nearest.h"
#include "core/explain/row_table.h"
#include "core/explain/trajectory_history.h"

namespace vaco::cli {
namespace {

constexpr const char* kEstimate =
    "estimated to first order by the critics of this checkpoint; nothing is trained again";

struct Explain {
  std::string run, csv, history_csv;
  std::optional<int64_t> trajectory, row;
  EpisodeList without;
  int threads = usable_processors();
  size_t nearest = 5;
  bool sources = false, json = false, force = false;

  [[nodiscard]] int show() {
    if (const auto done = work(); !done) return report_error("explain", done.error());
    return 0;
  }

  [[nodiscard]] Result<void> work() {
    if (!trajectory && !row && !sources && without.empty())
      return Error{ErrorCode::usage,
                   "say what to explain: --trajectory N, --row N, --sources or --without LIST"};
    if (!trajectory && !row && !(csv.empty() && history_csv.empty()))
      return Error{ErrorCode::usage,
                   "--csv and --history write of one trajectory: name it by --trajectory N or --row N"};
    for (const auto& file : {csv, history_csv})
      if (!file.empty())
        if (auto can = check_new_file(file, force ? Existing::replace : Existing::refuse, {run}); !can)
          return can;
    const auto explained = [&] {
      ProgressLine line;
      return explain_run(run, threads, line.teller(), line.stop_token());
    }();
    if (!explained) return explained.error();
    print_warnings(explained->notes);
    if (auto found = find_trajectory(*explained); !found) return found;
    Json out = {{"run", explained->run.string()}, {"step", explained->step}, {"phase", explained->phase}};
    if (!json)
      std::printf("run                %s, step %lld (%s)\n", explained->run.c_str(),
                  static_cast<long long>(explained->step), explained->phase.c_str());
    const InfluenceSums sums(*explained);
    if (trajectory)
      if (auto told = tell_trajectory(*explained, sums, out); !told) return told;
    if (sources)
      if (auto told = tell_sources(*explained, sums, out); !told) return told;
    if (!without.empty())
      if (auto told = tell_without(*explained, sums, out); !told) return told;
    if (json) std::printf("%s\n", to_line(out).c_str());
    return {};
  }

  /// The trajectory that is meant; a row names that which holds it.
  [[nodiscard]] Result<void> find_trajectory(const ExplainedRun& explained) {
    const auto& episodes = explained.table.episodes;
    const int64_t count = explained.trajectories();
    if (row) {
      const auto rows = static_cast<int64_t>(explained.rewards.size());
      if (*row >= rows)
        return Error{ErrorCode::usage, "there is no row " + std::to_string(*row) + "; rows count from 0 to " +
                                           std::to_string(rows - 1)};
      const auto behind = std::upper_bound(episodes.first.begin(), episodes.first.end(), *row);
      trajectory = behind - episodes.first.begin() - 1;
    }
    const int64_t last = std::max(trajectory.value_or(-1), without.last());
    if (last >= count)
      return Error{ErrorCode::usage, "there is no trajectory " + std::to_string(last) +
                                         "; trajectories count from 0 to " + std::to_string(count - 1)};
    return {};
  }

  [[nodiscard]] Result<void> tell_trajectory(const ExplainedRun& explained, const InfluenceSums& sums,
                                             Json& out) {
    const RowTable table = row_table(explained, *trajectory);
    const auto history = read_trajectory_history(explained.run, *trajectory);
    if (!history) return history.error();
    const auto neighbors = nearest_trajectories(explained.features, *trajectory, nearest);
    const auto summary = summarize_trajectory(explained, *trajectory);
    if (!csv.empty()) {
      if (auto written = write_text_atomically(csv, to_csv(table)); !written) return written;
      std::fprintf(stderr, "%s: %zu rows\n", csv.c_str(), table.rows());
    }
    if (!history_csv.empty()) {
      if (auto written = write_text_atomically(history_csv, to_csv(*history)); !written) return written;
      std::fprintf(stderr, "%s: %zu looks\n", history_csv.c_str(), history->steps.size());
    }
    const auto influence = sums.of({&*trajectory, 1});
    if (json) {
      out["trajectory"] = to_json(summary);
      out["columns"] = to_json(table);
      out["history"] = to_json(*history);
      Json& near = out["nearest"] = Json::array();
      for (const auto& [t, distance] : neighbors) near.push_back({{"trajectory", t}, {"distance", distance}});
      if (sums.known()) out["left_out"] = influence_json(influence);
      return {};
    }
    std::printf("trajectory         %lld of %lld: rows %lld to %lld, source %s, ended by %s\n",
                static_cast<long long>(*trajectory), static_cast<long long>(explained.trajectories()),
                static_cast<long long>(summary.first),
                static_cast<long long>(summary.first + summary.length - 1), summary.source.c_str(),
                summary.ended_by.c_str());
    std::printf("return             %s (rank %lld)\n", fixed(summary.total_reward, 2).c_str(),
                static_cast<long long>(summary.return_rank));
    std::string means;
    for (const auto& column : table.columns)
      if (column.key != "reward")
        means += (means.empty() ? "" : ", ") + column.label + " " + significant(column.mean(), 4);
    std::printf("means              %s\n", means.c_str());
    if (summary.weight_rank > 0)
      std::printf("weight             rank %lld\n", static_cast<long long>(summary.weight_rank));
    if (sums.known())
      std::printf("left out           the policy's value would change by %s (%s)\n",
                  significant(influence.change, 3).c_str(), kEstimate);
    for (const auto& [t, distance] : neighbors)
      std::printf("near to it         trajectory %lld, distance %s, source %s, return %s\n",
                  static_cast<long long>(t), significant(distance, 3).c_str(), explained.source_of(t).c_str(),
                  fixed(explained.table.episodes.returns[static_cast<size_t>(t)], 2).c_str());
    show_history(*history);
    show_rows(table);
    return {};
  }

  static void show_history(const TrajectoryHistory& history) {
    if (history.steps.empty()) return;
    const auto advantage = history.advantage();
    const std::pair<const char*, const std::vector<double>*> columns[] = {
        {"weight", &history.weight}, {"mean of all", &history.overall}, {"Q", &history.q},
        {"V", &history.v},           {"advantage", &advantage},         {"c", &history.alignment}};
    std::printf("\n%12s", "step");
    for (const auto& [name, column] : columns)
      if (!column->empty()) std::printf(" %12s", name);
    std::printf("\n");
    for (size_t i = 0; i < history.steps.size(); ++i) {
      std::printf("%12lld", static_cast<long long>(history.steps[i]));
      for (const auto& [name, column] : columns)
        if (!column->empty()) std::printf(" %12s", significant((*column)[i], 4).c_str());
      std::printf("\n");
    }
  }

  /// The row that was asked for, or some that lie evenly in the trajectory.
  void show_rows(const RowTable& table) const {
    constexpr size_t kShown = 20;
    std::printf("\n%8s %10s", "time", "row");
    for (const auto& column : table.columns) std::printf(" %12s", column.key.c_str());
    std::printf("\n");
    const size_t rows = table.rows(), stride = std::max<size_t>(1, (rows + kShown - 1) / kShown);
    for (size_t i = 0; i < rows; ++i) {
      if (row ? table.first + static_cast<int64_t>(i) != *row : i % stride != 0 && i + 1 != rows) continue;
      std::printf("%8zu %10lld", i, static_cast<long long>(table.first + static_cast<int64_t>(i)));
      for (const auto& column : table.columns) std::printf(" %12s", significant(column.values[i], 5).c_str());
      std::printf("\n");
    }
  }

  [[nodiscard]] static Json influence_json(const Influence& influence) {
    return {{"rows", influence.rows},           {"weight_share", influence.weight_share},
            {"alignment", influence.alignment}, {"per_step", influence.per_step},
            {"change", influence.change},       {"note", kEstimate}};
  }

  [[nodiscard]] static Error nothing_known(const ExplainedRun& explained) {
    return {ErrorCode::unavailable,
            "no influence can be told of " + explained.run.string() + " at step " +
                std::to_string(explained.step) +
                ": it takes critics and a policy that has learned (VACO, IQL, weighted cloning by values)"};
  }

  static void show_header() {
    std::printf("\n%-20s %10s %8s %10s %12s\n", "left out", "rows", "weight", "c", "change");
  }
  static void show_line(const std::string& name, const Influence& influence) {
    std::printf("%-20s %10s %6s %% %10s %12s\n", name.c_str(), grouped(influence.rows).c_str(),
                fixed(100.0 * influence.weight_share, 1).c_str(), significant(influence.alignment, 3).c_str(),
                significant(influence.change, 3).c_str());
  }

  [[nodiscard]] Result<void> tell_sources(const ExplainedRun& explained, const InfluenceSums& sums, Json& out) {
    if (!sums.known()) return nothing_known(explained);
    const auto groups = trajectories_by_source(explained.table);
    if (!json) show_header();
    for (size_t s = 0; s < groups.size(); ++s) {
      const auto influence = sums.of(groups[s]);
      if (json) {
        out["sources"].push_back(influence_json(influence));
        out["sources"].back()["source"] = explained.table.sources[s];
      } else {
        show_line(explained.table.sources[s], influence);
      }
    }
    if (!json) std::printf("change of the policy's value E Q(s, π(s)) in scaled rewards, %s\n", kEstimate);
    return {};
  }

  [[nodiscard]] Result<void> tell_without(const ExplainedRun& explained, const InfluenceSums& sums, Json& out) {
    if (!sums.known()) return nothing_known(explained);
    const auto influence = sums.of(without.numbers());
    if (json) {
      out["without"] = influence_json(influence);
    } else {
      show_header();
      show_line(std::to_string(without.size()) + (without.size() == 1 ? " trajectory" : " trajectories"),
                influence);
    }
    return {};
  }
};

}  // namespace

void add_explain(CLI::App& app, int& exit_code) {
  auto explain = std::make_shared<Explain>();
  CLI::App* command = add_command(app, "explain");
  command
      ->add_option("run", explain->run,
                   "a run folder (its newest checkpoint; also while it trains), or a checkpoint in one")
      ->required()
      ->type_name("RUN");
  command->add_option("--trajectory", explain->trajectory, "explain this one; they count from 0")
      ->type_name("N")
      ->check(row_number());
  command->add_option("--row", explain->row, "explain this row of the dataset and its trajectory")
      ->type_name("N")
      ->check(row_number())
      ->excludes("--trajectory");
  command->add_flag("--sources", explain->sources, "what leaving each source out would change");
  add_episode_list(*command, "--without", explain->without,
                   "what leaving these trajectories out together would change: 3,17,20-25, or a file of them");
  command
      ->add_option("--nearest", explain->nearest, "how many trajectories that the scoring network finds alike")
      ->capture_default_str()
      ->check(CLI::Range(0, 1000));
  command->add_option("--csv", explain->csv, "write the trajectory's rows here")->type_name("FILE");
  command
      ->add_option("--history", explain->history_csv,
                   "write its weight, Q, V, advantage and c at every look that the run took here")
      ->type_name("FILE");
  command->add_flag("--force", explain->force, "replace the files if they are there");
  command->add_option("--threads", explain->threads, "changes the time, not the numbers")
      ->check(CLI::Range(1, 1024));
  command->add_flag("--json", explain->json, "the result as JSON, the last line of stdout");
  command->footer(
      "Example:\n  vaco explain runs/hopper__... --trajectory 17 --csv trajectory_17.csv\n"
      "  vaco explain runs/hopper__... --sources");
  command->callback([explain, &exit_code] { exit_code = explain->show(); });
}

}  // namespace vaco::cli
