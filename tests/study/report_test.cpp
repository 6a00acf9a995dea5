// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cmath>
#include <fstream>

#include "core/base/files.h"
#include "core/records/events.h"
#include "core/study/report_tables.h"
#include "core/tasks/reference_scores.h"
#include "tests/support/fake_parts.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using vaco::testing::slurp;
using vaco::testing::TemporaryFolder;

/// A return whose normalized score on hopper is this.
double return_of(double score) {
  const auto reference = *reference_scores("hopper");
  return reference.random + score / 100.0 * (reference.expert - reference.random);
}

struct FakeRun {
  std::string name, algorithm = "bc", dataset = "mixed", status = "finished";
  uint64_t seed = 0;
  std::vector<std::vector<double>> evaluations{};  ///< scores of the episodes, one entry for each evaluation
  double pearson = NAN;
  std::string set_key{}, set_value{};
  std::string physics = "v2", precision = "auto", ended = "2025-03-01T14:05:09Z";
};

void write_run(const fs::path& folder, const FakeRun& fake) {
  const fs::path run = folder / fake.name;
  fs::create_directories(run);
  RunConfig config = *make_config(fake.algorithm, "quick");
  config.physics = "v2";
  config.dataset = "/data/" + fake.dataset + ".hdf5";
  config.seed = fake.seed;
  config.physics = fake.physics;
  config.precision = fake.precision;
  if (!fake.set_key.empty()) {
    ASSERT_TRUE(set_param(config, fake.set_key, fake.set_value, Origin::command_line).ok());
  }
  ASSERT_TRUE(write_json(run / "config.json", to_json(config)).ok());
  ASSERT_TRUE(
      write_json(run / "manifest.json", {{"status", fake.status},
                                         {"message", "words"},
                                         {"environment", "hopper"},
                                         {"program", "vaco-workbench 9"},
                                         {"ended", fake.ended},
                                         {"step", 10},
                                         {"total_steps", 100},
                                         {"result", {{"steps_per_second", 50.0}, {"wall_time_s", 120.0}}}})
          .ok());
  std::ofstream evaluations(run / "eval.jsonl"), weights(run / "weights.jsonl");
  int64_t step = 0;
  for (const auto& episodes : fake.evaluations) {
    EvaluationDone done;
    done.phase = "cloning";
    done.result.step = ++step;
    done.result.has_reference = true;
    for (const double score : episodes) {
      done.result.returns.push_back(return_of(score));
      done.result.lengths.push_back(1);
    }
    done.result.normalized_mean = mean(episodes);
    done.result.mean_return = return_of(mean(episodes));
    evaluations << to_line(to_json(done)) << "\n";
  }
  if (!std::isfinite(fake.pearson)) return;
  WeightReport report;
  report.pearson = {fake.pearson, fake.pearson, fake.pearson};
  report.spearman = {0.5, 0.5, 0.5};
  report.ess = 0.25;
  weights << to_line(to_json(report)) << "\n";
}

std::vector<std::string> row_of(const std::vector<ReportTable>& tables, const std::string& key,
                                const std::string& first) {
  for (const auto& table : tables)
    for (const auto& row : table.rows)
      if (table.key == key && row[0] == first) return row;
  return {};
}

class ReportTest : public ::testing::Test {
 protected:
  /// Two datasets, BC with scores 10, 20 (30 at its best) and 40, VACO with 50, 70 and 90, and one that still
  /// runs.
  void SetUp() override {
    write_run(folder(), {.name = "a", .seed = 0, .evaluations = {{10, 10}}});
    write_run(folder(), {.name = "b", .seed = 1, .evaluations = {{30, 30}, {10, 30}}});
    write_run(folder(), {.name = "c", .dataset = "other", .evaluations = {{40, 40}}});
    write_run(folder(), {.name = "d", .algorithm = "vaco", .evaluations = {{60, 40}}, .pearson = 0.9});
    write_run(folder(),
              {.name = "e", .algorithm = "vaco", .seed = 1, .evaluations = {{50, 90}}, .pearson = 0.8});
    write_run(folder(), {.name = "f", .algorithm = "vaco", .dataset = "other", .evaluations = {{90, 90}}});
    write_run(folder(),
              {.name = "g", .algorithm = "vaco", .status = "running", .seed = 2, .evaluations = {{1, 1}}});
  }
  [[nodiscard]] const fs::path& folder() const { return temporary_.path(); }

 private:
  TemporaryFolder temporary_;
};

TEST_F(ReportTest, GroupsRunsAndCountsFinishedOnes) {
  const auto report = make_report({folder()});
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->runs.size(), 7u);
  EXPECT_THAT(report->datasets, ElementsAre("mixed", "other"));
  EXPECT_THAT(report->labels, ElementsAre("BC", "VACO"));
  EXPECT_THAT(report->scores("mixed", "BC", ScoreKind::last), ElementsAre(10, 20));
  EXPECT_THAT(report->scores("mixed", "BC", ScoreKind::best), ElementsAre(10, 30));
  EXPECT_THAT(report->scores("mixed", "VACO", ScoreKind::last), ElementsAre(50, 70));
  EXPECT_EQ(*report->baseline(""), "VACO");
  EXPECT_EQ(*report->baseline("BC"), "BC");
  EXPECT_THAT(report->baseline("IQL").error().message, HasSubstr("'BC', 'VACO'"));

  const auto tables = report_tables(*report, "VACO");
  EXPECT_THAT(row_of(tables, "scores_last", "mixed"),
              ElementsAre("mixed", "15.0 ± 7.1 (2)", "60.0 ± 14.1 (2)"));
  EXPECT_THAT(row_of(tables, "scores_best", "mixed"),
              ElementsAre("mixed", "20.0 ± 14.1 (2)", "60.0 ± 14.1 (2)"));
  const auto means = row_of(tables, "scores_last", "mean over 2 datasets [95 %]");
  ASSERT_EQ(means.size(), 3u);
  EXPECT_EQ(means[1], "27.5 [25.0, 30.0]");  // (15 + 40) / 2; resamples of the first task: 10 to 20
  EXPECT_EQ(means[2], "75.0 [70.0, 80.0]");
  EXPECT_EQ(row_of(tables, "scores_last", "IQM over 2 datasets [95 %]")[1].substr(0, 4), "21.7");
  // Pairs: mixed 4 of 4, other 1 of 1.
  EXPECT_THAT(row_of(tables, "improvement", "BC"), ElementsAre("BC", "1.00 [1.00, 1.00]", "2", "3", "3"));
  EXPECT_THAT(row_of(tables, "weights", "mixed, VACO"),
              ElementsAre("mixed, VACO", "0.850 ± 0.071 (2)", "0.800", "0.500 ± 0.000 (2)", "0.250 ± 0.000 (2)",
                          "0.000 ± 0.000 (2)"));
  EXPECT_THAT(row_of(tables, "not_counted", "g"), ElementsAre("g", "running", "10 of 100", "1.0", "words"));
  EXPECT_THAT(row_of(tables, "cost", "BC"),
              ElementsAre("BC", "bc_steps 57,000", "50", "2.0", "10 episodes every 5,000 steps"));
}

TEST_F(ReportTest, ALastEvaluationOfMoreEpisodesIsTold) {
  auto report = make_report({folder()});
  ASSERT_TRUE(report.ok());
  for (auto& run : report->runs) run.config.params.at("final_episodes").value = int64_t{100};
  EXPECT_EQ(row_of(report_tables(*report, "VACO"), "cost", "BC").back(),
            "10 episodes every 5,000 steps, 100 at the end");
}

TEST_F(ReportTest, PickingIsJudgedByEpisodesThatDidNotPick) {
  const auto report = make_report({folder()});
  const auto vaco = report->group("mixed", "VACO");
  // Halves of 60, 40 and of 50, 90: who picks from both by the first halves gets 40, by the second ones 50.
  EXPECT_DOUBLE_EQ(picked_score(vaco, 1), 60.0);
  EXPECT_DOUBLE_EQ(picked_score(vaco, 2), 45.0);
  EXPECT_TRUE(std::isnan(picked_score(vaco, 3)));
}

TEST_F(ReportTest, CountsUnfinishedRunsWhenAskedTo) {
  const auto report = make_report({folder()}, {.count_unfinished = true});
  EXPECT_THAT(report->scores("mixed", "VACO", ScoreKind::last), ElementsAre(50, 70, 1));
  const auto tables = report_tables(*report, "VACO");
  EXPECT_THAT(tables.back().title, HasSubstr("(counted)"));
}

TEST_F(ReportTest, RunsWithoutAScoreDecideNothingAboutTheOthers) {
  write_run(folder() / "more", {.name = "none", .algorithm = "iql", .seed = 9});
  write_run(folder() / "more", {.name = "other", .dataset = "wrecked", .status = "failed"});
  const auto report = make_report({folder(), folder() / "more"});
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_TRUE(report->is_normalized("mixed"));
  EXPECT_THAT(report->common_datasets({"BC"}), ElementsAre("mixed", "other"));
  EXPECT_THAT(report->datasets, Not(::testing::Contains("wrecked"))) << "of failed runs alone";
}

TEST_F(ReportTest, APlanNamesAndOrdersTheGroups) {
  Json cells = Json::array();
  for (const char* name : {"d", "e", "g"})
    cells.push_back({{"name", name}, {"dataset", "first"}, {"label", "Ours"}, {"params", {{"meta_lr", 0.1}}}});
  for (const char* name : {"a", "b"})
    cells.push_back({{"name", name}, {"dataset", "first"}, {"label", "Cloning"}, {"params", Json::object()}});
  ASSERT_TRUE(write_json(folder() / "plan.json", {{"cells", cells}}).ok());
  const auto report = make_report({folder()});
  EXPECT_THAT(report->datasets, ElementsAre("first", "other"));
  EXPECT_THAT(report->labels, ElementsAre("Ours, meta_lr = 0.1", "Cloning", "BC", "VACO"));
  EXPECT_THAT(report->scores("first", "Cloning", ScoreKind::last), ElementsAre(10, 20));
}

TEST_F(ReportTest, SettingsThatDifferTellRunsApart) {
  write_run(folder(), {.name = "h", .evaluations = {{5, 5}}, .set_key = "bc_steps", .set_value = "7"});
  const auto report = make_report({folder()});
  EXPECT_THAT(report->labels, ::testing::UnorderedElementsAre("BC, bc_steps 57000", "BC, bc_steps 7", "VACO"));
  // Single runs may be given as well, and a run given twice counts once.
  const auto some = make_report({folder() / "a", folder() / "a", folder() / "h/"});
  EXPECT_EQ(some->runs.size(), 2u);
}

/// What make_report() says of a path.
std::string refusal(const fs::path& path, const ReportOptions& options = {}) {
  const auto report = make_report({path}, options);
  if (report) return {};
  EXPECT_EQ(report.error().code, ErrorCode::bad_data);
  return report.error().message;
}

TEST_F(ReportTest, RefusalsSayWhatIsThereInstead) {
  EXPECT_THAT(refusal(folder() / "nowhere"), HasSubstr("does not exist"));
  EXPECT_THAT(refusal(folder() / "a/config.json"), HasSubstr("is a file"));
  fs::create_directories(folder() / "empty");
  EXPECT_THAT(refusal(folder() / "empty"), HasSubstr("holds no run"));
  EXPECT_THAT(refusal(folder() / "g"), HasSubstr("no finished run; --count-unfinished counts others"));
  EXPECT_EQ(refusal(folder() / "g", {.count_unfinished = true}), "");
}

TEST_F(ReportTest, ADamagedRunDoesNotStopTheOthers) {
  std::ofstream(folder() / "b/config.json") << "{";
  const auto report = make_report({folder()});
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->runs.size(), 6u);
  const auto row = row_of(report_tables(*report, "VACO"), "not_counted", "b");
  ASSERT_EQ(row.size(), 5u);
  EXPECT_EQ(row[1], "unreadable");
  EXPECT_THAT(row[4], HasSubstr("config.json"));
  EXPECT_THAT(refusal(folder() / "b"), HasSubstr("no run can be read"));
}

TEST_F(ReportTest, DamagedLinesAreLeftOutAndTold) {
  const fs::path file = folder() / "b/eval.jsonl";
  const std::string sound = slurp(file);
  const auto damage = [&](const std::string& text) {
    std::ofstream(file) << text;
    const auto report = make_report({folder()});
    std::string all;
    for (const auto& run : report->runs)
      for (const auto& message : run.damage) all += message;
    return all;
  };
  EXPECT_EQ(damage(sound), "");
  const size_t second = sound.find('\n') + 1;
  const std::string told = damage(sound.substr(0, second) + std::string(40, '\0') + "\n{\"step\": 2}\n");
  EXPECT_THAT(told, HasSubstr("b/eval.jsonl: 2 of 3 lines damaged, the first is line 2"));
  EXPECT_THAT(told, HasSubstr("the last may be an earlier policy's"));
  EXPECT_THAT(make_report({folder()})->scores("mixed", "BC", ScoreKind::last), ElementsAre(10, 30));
  // Nobody writes a finished run: a torn line is damage there, and none in a run that goes on.
  EXPECT_THAT(damage(sound.substr(0, sound.size() - 5)),
              HasSubstr("1 of 2 lines damaged, the first is line 2"));
  damage(sound);
  std::ofstream(folder() / "g/eval.jsonl", std::ios::app) << "{\"step\"";
  EXPECT_EQ(damage(sound), "");
}

TEST_F(ReportTest, LongRunsAreNotReadWhole) {
  const auto before = make_report({folder()});
  ASSERT_TRUE(before.ok());
  // Whoever opens a pipe that nobody writes to waits for ever.
  ASSERT_EQ(::mkfifo((folder() / "a/metrics.jsonl").c_str(), 0600), 0);
  // What stands before the last line is passed over, damaged as it may be.
  const fs::path weights = folder() / "d/weights.jsonl";
  const std::string lines = slurp(weights);
  std::ofstream(weights) << std::string(300000, 'x') + "\n" + lines;
  const auto after = make_report({folder()});
  ASSERT_TRUE(after.ok());
  ASSERT_EQ(after->runs.size(), before->runs.size());
  for (size_t i = 0; i < after->runs.size(); ++i) {
    EXPECT_THAT(after->runs[i].damage, ::testing::IsEmpty());
    EXPECT_EQ(::testing::PrintToString(after->runs[i].last), ::testing::PrintToString(before->runs[i].last));
    EXPECT_EQ(::testing::PrintToString(after->runs[i].pearson),
              ::testing::PrintToString(before->runs[i].pearson));
  }
  // A damaged last line is looked for further up, and told.
  std::ofstream(weights) << lines + "{\n";
  const auto damaged = make_report({folder()});
  ASSERT_TRUE(damaged.ok());
  for (size_t i = 0; i < damaged->runs.size(); ++i) {
    EXPECT_EQ(damaged->runs[i].damage.empty(), damaged->runs[i].folder != folder() / "d");
    EXPECT_EQ(::testing::PrintToString(damaged->runs[i].pearson),
              ::testing::PrintToString(before->runs[i].pearson));
  }
}

TEST_F(ReportTest, OnlySeedsOfOneExperimentShareAGroup) {
  write_run(folder(), {.name = "h", .seed = 5, .evaluations = {{5, 5}}, .physics = "v4"});
  write_run(folder(), {.name = "i", .seed = 6, .evaluations = {{6, 6}}, .precision = "float64"});
  write_run(folder(), {.name = "j", .dataset = "elsewhere/mixed", .seed = 7, .evaluations = {{7, 7}}});
  const auto report = make_report({folder()});
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_THAT(report->datasets,
              ElementsAre("mixed (data), v2", "mixed (data), v4", "mixed (elsewhere), v2", "other"));
  EXPECT_THAT(report->labels, ElementsAre("BC, auto", "BC, float64", "VACO"));
  EXPECT_THAT(report->scores("mixed (data), v2", "BC, auto", ScoreKind::last), ElementsAre(10, 20));
  EXPECT_THAT(report->scores("mixed (data), v4", "BC, auto", ScoreKind::last), ElementsAre(5));
  EXPECT_THAT(report->scores("mixed (elsewhere), v2", "BC, auto", ScoreKind::last), ElementsAre(7));
  // A name of a plan holds no two experiments either.
  Json cells = Json::array();
  for (const char* name : {"a", "b", "i"})
    cells.push_back({{"name", name}, {"dataset", "first"}, {"label", "Cloning"}, {"params", Json::object()}});
  ASSERT_TRUE(write_json(folder() / "plan.json", {{"cells", cells}}).ok());
  const auto planned = make_report({folder()});
  EXPECT_THAT(planned->scores("first", "Cloning, BC, auto", ScoreKind::last), ElementsAre(10, 20));
  EXPECT_THAT(planned->scores("first", "Cloning, BC, float64", ScoreKind::last), ElementsAre(6));
}

TEST_F(ReportTest, ASeedCountsOnce) {
  write_run(folder(), {.name = "h", .evaluations = {{12, 12}}, .ended = "2025-03-02T00:00:00Z"});
  write_run(folder(),
            {.name = "i", .status = "stopped", .evaluations = {{1, 1}}, .ended = "2025-03-03T00:00:00Z"});
  for (const bool unfinished : {false, true}) {
    const auto report = make_report({folder()}, {.count_unfinished = unfinished});
    EXPECT_THAT(report->scores("mixed", "BC", ScoreKind::last), ElementsAre(12, 20)) << unfinished;
    const auto row = row_of(report_tables(*report, "VACO"), "not_counted", "a");
    ASSERT_EQ(row.size(), 5u);
    EXPECT_EQ(row[4], "repeats the seed 0, which h counts");
  }
}

TEST_F(ReportTest, SingleRunsHaveNeitherSpreadNorInterval) {
  const auto report = make_report({folder() / "a", folder() / "d"});
  const auto tables = report_tables(*report, "VACO");
  EXPECT_THAT(row_of(tables, "scores_last", "mean over 1 dataset [95 %]"),
              ElementsAre("mean over 1 dataset [95 %]", "10.0", "50.0"));
  EXPECT_EQ(row_of(tables, "improvement", "BC")[1], "1.00");
  EXPECT_THAT(groups_csv(*report), HasSubstr("mixed,BC,bc,v2,1,1,10,,10,,,10,,"));
}

TEST_F(ReportTest, TextsSayWhatTheNumbersAre) {
  const auto report = make_report({folder()});
  const auto tables = report_tables(*report, "VACO");
  const std::string markdown = to_markdown(*report, tables);
  for (const char* text :
       {"6 runs", "2025-03-01", "Seeds: 0, 1", "v2 physics", "hopper: 0 is a return of -20.27",
        "value_steps 40,000", "| mixed | 15.0 ± 7.1 (2) |", "optimistic"})
    EXPECT_THAT(markdown, HasSubstr(text));
  const std::string latex = to_latex(*report, tables);
  EXPECT_THAT(latex, HasSubstr("mixed & 15.0 $\\pm$ 7.1 (2) & 60.0 $\\pm$ 14.1 (2) \\\\"));
  EXPECT_THAT(latex, HasSubstr("95 \\%"));
  EXPECT_THAT(latex, Not(HasSubstr("±")));
  // The same number of cells in every line.
  for (const std::string& csv : {groups_csv(*report), runs_csv(*report)}) {
    std::istringstream lines(csv);
    std::vector<long> commas;
    for (std::string line; std::getline(lines, line);) {
      bool quoted = false;
      long count = 0;
      for (const char c : line) {
        if (c == '"') quoted = !quoted;
        if (c == ',' && !quoted) ++count;
      }
      commas.push_back(count);
    }
    EXPECT_THAT(commas, ::testing::Each(commas.front()));
  }
  EXPECT_THAT(groups_csv(*report), HasSubstr("mixed,BC,bc,v2,1,2,15,7.07"));

  const auto written = write_report(*report, "VACO", folder() / "report");
  ASSERT_TRUE(written.ok()) << written.error().message;
  EXPECT_EQ(slurp(folder() / "report/report.md"), markdown);
  // The report's folder is no run: the next report reads the same runs.
  EXPECT_EQ(make_report({folder()})->runs.size(), 7u);
}

}  // namespace
}  // namespace vaco
