// SPDX-License-Identifier: GPL-3.0-or-later
#include <set>

#include "tests/cli/program.h"

namespace vaco {
namespace {
using namespace vaco::testing;

class StudyProgram : public Program {};

TEST_F(StudyProgram, RefusesBeforeItMakesData) {
  const fs::path out = folder() / "refused";
  EXPECT_EQ(run({"study", "poster", "--out", out.string(), "--preset", "swift"}).exit_code, 2);
  EXPECT_EQ(run({"study", "poster", "--out", out.string(), "--set", "wings=2"}).exit_code, 2);
  EXPECT_EQ(run({"study", "fresco", "--out", out.string()}).exit_code, 2);
  EXPECT_EQ(run({"study", "poster", "--out", out.string(), "--only-given"}).exit_code, 2);
  EXPECT_EQ(run({"study", "poster", "--out", out.string(), "--dataset", "no such.hdf5"}).exit_code, 3);
  EXPECT_FALSE(fs::exists(out));
}

TEST_F(StudyProgram, OneCommandMakesRunsAndReportAndGoesOn) {
  const fs::path out = folder() / "a study";
  std::vector<std::string> words{"study",   "poster",  "--out",     out.string(), "--only-given",
                                 "--seeds", "2",       "--dataset", data(),       "--no-figures",
                                 "--json",  "--quiet", "--jobs",    "2"};
  const Json steps{{"eval_interval", 0}, {"eval_episodes", 2}, {"diagnostics_interval", 0}};
  for (const auto& [key, value] : steps.items()) words.insert(words.end(), {"--set", key + "=" + value.dump()});
  // Every number of steps that any algorithm of the study has.
  const Json params = Json::parse(run({"params", "--json"}).out);
  std::set<std::string> keys;
  for (const auto& algorithm : {"vaco", "bc", "bc10", "td3", "td3_bc", "iql"})
    if (params.contains(algorithm))
      for (const auto& spec : params[algorithm]["params"])
        if (const std::string key = spec["key"]; key.ends_with("_steps") && spec["unit"] == "steps")
          keys.insert(key);
  for (const auto& key : keys) words.insert(words.end(), {"--set", key + "=20"});
  const auto ended = run(words);
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const Json report = Json::parse(ended.out);
  EXPECT_EQ(report["baseline"], "VACO");
  EXPECT_EQ(report["tables"][0]["rows"][0][0], "hopper tiny");
  EXPECT_TRUE(fs::exists(out / "report/report.tex"));
  const auto policy = out / "runs/hopper-tiny__VACO__s1/policy.h5";
  const auto time = fs::last_write_time(policy);
  EXPECT_EQ(run(words).exit_code, 0);
  EXPECT_EQ(fs::last_write_time(policy), time);
}

TEST_F(StudyProgram, ReportsReadSweepsAndSingleRuns) {
  const fs::path plan = folder() / "plan.json", out = folder() / "with space";
  ASSERT_TRUE(
      write_json(
          plan, {{"datasets", {{{"path", data()}, {"name", "tiny"}}}},
                 {"algorithms", {"bc", {{"algorithm", "bc"}, {"label", "Short"}, {"set", {{"bc_steps", 10}}}}}},
                 {"seeds", {0, 1}},
                 {"set", {{"bc_steps", 40}, {"eval_interval", 0}, {"eval_episodes", 2}}}})
          .ok());
  ASSERT_EQ(run({"sweep", plan.string(), "--out", out.string(), "--quiet"}).exit_code, 0);
  auto ended = run({"report", out.string(), "--no-figures", "--json"});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const Json json = Json::parse(ended.out);
  EXPECT_EQ(json["tables"][0]["key"], "scores_last");
  EXPECT_EQ(json["tables"][0]["header"], Json({"dataset", "BC", "Short"}));
  EXPECT_TRUE(fs::exists(out / "report/report.md"));
  EXPECT_TRUE(fs::exists(out / "report/groups.csv"));
  ended =
      run({"report", (out / "tiny__BC__s0").string(), "--no-figures", "--out", (folder() / "single").string()});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_NE(ended.out.find("from 1 runs"), std::string::npos);
  EXPECT_EQ(run({"report", out.string(), "--no-figures", "--baseline", "IQL"}).exit_code, 2);
  EXPECT_EQ(run({"report", (folder() / "nothing").string(), "--no-figures"}).exit_code, 3);
}

}  // namespace
}  // namespace vaco
