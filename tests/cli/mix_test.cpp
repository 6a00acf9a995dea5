// SPDX-License-Identifier: GPL-3.0-or-later
// Choosing data on the command line: by what a run has learned, by return, by finding; and what files say
// wrongly.
#include <algorithm>
#include <numeric>

#include "core/data/reader.h"
#include "core/data/row_states.h"
#include "core/hdf5/hdf5_file.h"
#include "tests/cli/program.h"

namespace vaco {
namespace {
using namespace vaco::testing;

class MixCommand : public Program {
 protected:
  static std::string path(const std::string& name) { return (folder() / name).string(); }
  static Dataset read(const std::string& name) {
    auto dataset = read_dataset(path(name));
    EXPECT_TRUE(dataset.ok()) << (dataset ? "" : dataset.error().message);
    return dataset ? std::move(*dataset) : Dataset{};
  }
  /// The episodes of the whole data that are in a part of it, told by their first observation.
  static std::vector<size_t> episodes_in(const Dataset& part) {
    const auto whole = read_dataset(data()).value();
    std::vector<size_t> found;
    for (size_t e = 0; e < part.episodes.size(); ++e)
      for (size_t w = 0; w < whole.episodes.size(); ++w)
        if (std::equal(part.observations.begin() + part.episodes.first[e] * 11,
                       part.observations.begin() + part.episodes.first[e] * 11 + 11,
                       whole.observations.begin() + whole.episodes.first[w] * 11))
          found.push_back(w);
    EXPECT_EQ(found.size(), part.episodes.size());
    return found;
  }
};

TEST_F(MixCommand, TakesTheTrajectoriesThatARunHasGivenTheGreatestWeights) {
  auto words = training("vaco", "weighs");
  words.insert(words.end(), {"--exclude", "1"});
  ASSERT_EQ(run(words).exit_code, 0);
  const fs::path run_folder = folder() / "runs/weighs";
  const auto ended = run(
      {"mix", path("best.hdf5"), data(), "--by-weight", run_folder.string(), "--keep", "0.3", "--keep-order"});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const auto best = read("best.hdf5");
  const auto chosen = episodes_in(best);
  EXPECT_TRUE(std::is_sorted(chosen.begin(), chosen.end()));

  std::vector<fs::path> reports;
  for (const auto& entry : fs::directory_iterator(run_folder / "diagnostics")) reports.push_back(entry.path());
  const auto report = Hdf5File::open(*std::max_element(reports.begin(), reports.end()));
  const auto weights = report->read<double>("trajectory/weight")->values;
  const auto whole = read_dataset(data()).value();
  ASSERT_EQ(weights.size(), whole.episodes.size() - 1) << "the run left episode 1 out";
  double least = 2.0, most = -1.0;
  for (size_t e = 0; e < whole.episodes.size(); ++e) {
    if (e == 1) continue;
    const double weight = weights[e == 0 ? 0 : e - 1];
    if (std::find(chosen.begin(), chosen.end(), e) != chosen.end())
      least = std::min(least, weight);
    else
      most = std::max(most, weight);
  }
  EXPECT_GE(least, most);
  EXPECT_EQ(std::find(chosen.begin(), chosen.end(), size_t{1}), chosen.end());
  EXPECT_NEAR(static_cast<double>(best.rows) / static_cast<double>(whole.rows), 0.3, 0.05);
  EXPECT_NE(slurp(path("best.hdf5")).find("best_by"), std::string::npos) << "the file says how it was made";

  const auto other =
      run({"mix", path("other.hdf5"), path("best.hdf5"), "--by-weight", run_folder.string(), "--keep", "0.5"});
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_NE(other.err.find("was trained on other data"), std::string::npos) << other.err;
  EXPECT_EQ(run({"mix", path("x.hdf5"), data(), "--keep", "0.5"}).exit_code, 2);
  EXPECT_EQ(run({"mix", path("x.hdf5"), data(), "--by-weight", folder().string(), "--keep", "0.5"}).exit_code,
            3);
}

TEST_F(MixCommand, ChoosesByReturnLengthAndList) {
  const auto whole = read_dataset(data()).value();
  auto returns = whole.episodes.returns;
  std::sort(returns.begin(), returns.end());
  const double middle = returns[returns.size() / 2];
  ASSERT_EQ(run({"mix", path("high.hdf5"), data(), "--min-return", std::to_string(middle)}).exit_code, 0);
  for (const double value : read("high.hdf5").episodes.returns) EXPECT_GE(value, middle - 1e-4);
  std::ofstream(path("list.txt")) << "# by hand\n2\n0\n";
  ASSERT_EQ(run({"mix", path("list.hdf5"), data(), "--episodes", path("list.txt"), "--keep-order"}).exit_code,
            0);
  EXPECT_EQ(episodes_in(read("list.hdf5")), (std::vector<size_t>{0, 2}));
  ASSERT_EQ(run({"mix", path("rest.hdf5"), data(), "--exclude", "0-1", "--keep-order"}).exit_code, 0);
  EXPECT_EQ(read("rest.hdf5").episodes.size(), whole.episodes.size() - 2);
  EXPECT_EQ(episodes_in(read("rest.hdf5")).front(), 2u);
  const auto none = run({"mix", path("none.hdf5"), data(), "--min-return", "1e9"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_NE(none.err.find("meets what is asked for"), std::string::npos) << none.err;
}

TEST_F(MixCommand, KeepsTheSimulatorsStatesWhereAllFilesHaveThem) {
  ASSERT_EQ(
      run({"collect", "--env", "hopper", "--policy", "random", "--steps", "400", "--out", path("own.hdf5")})
          .exit_code,
      0);
  const auto whole = read("own.hdf5");
  const auto states = read_row_states(whole).value();
  ASSERT_EQ(states.qpos_dim, 6);
  const std::vector<double> expected(states.qpos.begin() + whole.episodes.first[1] * 6, states.qpos.end());
  ASSERT_EQ(run({"mix", path("rest_of.hdf5"), path("own.hdf5"), "--exclude", "0", "--keep-order"}).exit_code,
            0);
  const auto kept = read_row_states(read("rest_of.hdf5")).value();
  EXPECT_EQ(kept.qpos, expected);
  EXPECT_EQ(kept.qvel.size(), kept.qpos.size());
  ASSERT_EQ(run({"repair", path("rest_of.hdf5"), path("mended.hdf5")}).exit_code, 0);
  EXPECT_EQ(read_row_states(read("mended.hdf5")).value().qpos, expected);

  // Of a file that has none nothing can be made up.
  const auto mixed = run({"mix", path("some.hdf5"), path("own.hdf5"), data()});
  ASSERT_EQ(mixed.exit_code, 0) << mixed.err;
  EXPECT_NE(mixed.err.find("are left out, as not all files have them"), std::string::npos) << mixed.err;
  EXPECT_TRUE(read_row_states(read("some.hdf5")).value().empty());
}

TEST_F(MixCommand, WritesMinari) {
  const auto ended =
      run({"mix", path("hopper-tiny-v0"), data(), "--format", "minari", "--keep-order", "--max-length", "400"});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const auto minari = read("hopper-tiny-v0");
  EXPECT_EQ(minari.source.format, "Minari HDF5");
  EXPECT_EQ(minari.environment, "hopper");
  EXPECT_GT(minari.episodes.size(), 2u);
  EXPECT_EQ(run({"mix", path("hopper-tiny-v0"), data(), "--format", "minari"}).exit_code, 2);
  EXPECT_EQ(run({"mix", path("hopper-tiny-v0"), data(), "--format", "minari", "--force"}).exit_code, 0);
  EXPECT_EQ(run({"mix", path("hopper-tiny"), data(), "--format", "minari"}).exit_code, 2);
}

TEST_F(MixCommand, AFileThatNamesAnotherPhysicsThanItsRowsIsToldOf) {
  const auto d = read_dataset(data()).value();
  DatasetColumns columns;
  columns.rows = d.rows;
  columns.obs_dim = 11;
  columns.action_dim = 3;
  columns.observations = d.observations;
  columns.next_observations = d.next_observations;
  columns.actions = d.actions;
  columns.rewards = d.rewards;
  columns.terminals = d.terminals;
  columns.timeouts = d.timeouts;
  columns.environment = "hopper";
  for (const char* physics : {"v2", "v4"}) {
    columns.physics = physics;
    ASSERT_TRUE(write_dataset(path("claims.hdf5"), columns).ok());
    const auto ended = run({"inspect", path("claims.hdf5"), "--lint"});
    EXPECT_EQ(ended.out.find("other_physics") != std::string::npos, columns.physics == "v4") << ended.out;
  }
}

}  // namespace
}  // namespace vaco
