// SPDX-License-Identifier: GPL-3.0-or-later
// What vaco explain tells of a run, on stdout and in a file.
#include <algorithm>

#include "tests/cli/program.h"

namespace vaco {
namespace {
using namespace vaco::testing;

class ExplainCommand : public Program {};

TEST_F(ExplainCommand, TellsOfATrajectoryAndWhatLeavingItOutWouldDo) {
  ASSERT_EQ(run(training("vaco", "explained")).exit_code, 0);
  const std::string run_folder = (folder() / "runs/explained").string(), csv = (folder() / "rows.csv").string();
  const Ended told = run({"explain", run_folder, "--trajectory", "2", "--csv", csv});
  ASSERT_EQ(told.exit_code, 0) << told.err;
  for (const char* part :
       {"trajectory         2 of ", "alignment c ", "left out ", "near to it ", "mean of all"})
    EXPECT_NE(told.out.find(part), std::string::npos) << part << "\n" << told.out;
  const std::string rows = slurp(csv);
  EXPECT_EQ(rows.substr(0, rows.find('\n')), "row,time,reward,q,v,advantage,weight,alignment,response");

  const Ended json = run({"explain", run_folder, "--trajectory", "2", "--without", "0-1", "--json"});
  ASSERT_EQ(json.exit_code, 0) << json.err;
  const Json result = Json::parse(json.out);
  EXPECT_EQ(result["step"], 180);
  const auto rows_told = result["trajectory"]["rows"].get<int64_t>();
  EXPECT_EQ(result["columns"]["q"].size(), static_cast<size_t>(rows_told));
  EXPECT_EQ(std::count(rows.begin(), rows.end(), '\n'), rows_told + 1);
  EXPECT_EQ(result["nearest"].size(), 5u);
  EXPECT_EQ(result["without"]["rows"].get<int64_t>() > 0, true);
  EXPECT_GT(result["history"]["step"].size(), 2u);

  // A row names its trajectory.
  const int64_t first = result["trajectory"]["first_row"];
  const Ended row = run({"explain", run_folder, "--row", std::to_string(first), "--json"});
  EXPECT_EQ(Json::parse(row.out)["trajectory"]["index"], 2);
  const Ended sources = run({"explain", run_folder, "--sources"});
  EXPECT_EQ(sources.exit_code, 0) << sources.err;
  EXPECT_NE(sources.out.find("100.0 %"), std::string::npos) << sources.out;
  EXPECT_NE(sources.out.find("nothing is trained again"), std::string::npos);

  const std::string looks = (folder() / "looks.csv").string();
  ASSERT_EQ(run({"explain", run_folder, "--trajectory", "2", "--history", looks}).exit_code, 0);
  EXPECT_TRUE(slurp(looks).starts_with("step,weight,overall,q,v,advantage,alignment\n"));
  EXPECT_EQ(result["history"]["q"].size(), result["history"]["step"].size());
  EXPECT_EQ(run({"explain", run_folder}).exit_code, 2);
  EXPECT_EQ(run({"explain", run_folder, "--trajectory", "100000"}).exit_code, 2);
  EXPECT_EQ(run({"explain", run_folder, "--without", "0-100000"}).exit_code, 2);
  EXPECT_EQ(run({"explain", run_folder, "--sources", "--csv", (folder() / "sources.csv").string()}).exit_code,
            2)
      << "it would be written by none";
  EXPECT_EQ(run({"explain", run_folder, "--trajectory", "2", "--csv", csv}).exit_code, 2);  // it is there
  EXPECT_EQ(run({"explain", (folder() / "nowhere").string(), "--sources"}).exit_code, 3);
}

TEST_F(ExplainCommand, SaysWhereARunHasNothingToTell) {
  ASSERT_EQ(run(training("bc", "cloned")).exit_code, 0);
  const std::string run_folder = (folder() / "runs/cloned").string();
  const Ended sources = run({"explain", run_folder, "--sources"});
  EXPECT_EQ(sources.exit_code, 1);
  EXPECT_NE(sources.err.find("it takes critics"), std::string::npos) << sources.err;
  const Ended trajectory = run({"explain", run_folder, "--trajectory", "0"});
  EXPECT_EQ(trajectory.exit_code, 0);
  EXPECT_NE(trajectory.err.find("bc has no values"), std::string::npos) << trajectory.err;
}

}  // namespace
}  // namespace vaco
