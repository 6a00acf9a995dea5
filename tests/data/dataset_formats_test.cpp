// SPDX-License-Identifier: GPL-3.0-or-later
// Small files as other tools' own writers write them, and what must be read from each
// (fixtures/formats/expected.json).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <tuple>

#include "core/base/json.h"
#include "core/data/local_datasets.h"
#include "core/data/reader.h"
#include "tests/data/fuzz.h"
#include "tests/data/h5_fixture.h"

namespace vaco {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

const fs::path kFiles = fs::path(VACO_TEST_DATA) / "formats";

const Json& expected() {
  static const Json json = *read_json(kFiles / "expected.json");
  return json;
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const auto& [name, value] : expected().items()) all.push_back(name);
  return all;
}

class DatasetFormat : public ::testing::TestWithParam<std::string> {
 protected:
  static bool is_near(double value, double wanted) {
    return std::abs(value - wanted) <= 1e-6 * std::max(1.0, std::abs(wanted));
  }
  static void expect_row(const std::vector<float>& column, int64_t at, int64_t width, const Json& wanted,
                         const std::string& what) {
    ASSERT_EQ(static_cast<size_t>(width), wanted.size()) << what;
    for (size_t i = 0; i < wanted.size(); ++i)
      EXPECT_PRED2(is_near, column[static_cast<size_t>(at * width) + i], wanted[i].get<double>())
          << what << " " << i;
  }
};

TEST_P(DatasetFormat, IsReadAsItsWriterMeantOrNamed) {
  const Json& wanted = expected()[GetParam()];
  const auto read = read_dataset(kFiles / GetParam());
  if (wanted.contains("refused")) {
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, ErrorCode::bad_data);
    EXPECT_THAT(read.error().message, HasSubstr(wanted["refused"].get<std::string>()));
    EXPECT_THAT(read.error().message, ::testing::Not(HasSubstr("damaged")));
    return;
  }
  ASSERT_TRUE(read.ok()) << read.error().message;
  const Dataset& d = *read;
  EXPECT_EQ(d.source.format, wanted["format"]);
  const auto count = [&](const char* key, int64_t otherwise) { return wanted.value(key, otherwise); };
  EXPECT_EQ(d.rows, count("transitions", d.rows));
  EXPECT_EQ(static_cast<int64_t>(d.episodes.size()),
            count("episodes", static_cast<int64_t>(d.episodes.size())));
  EXPECT_EQ(d.episodes.length, wanted.value("lengths", d.episodes.length));
  if (wanted.contains("returns")) {
    ASSERT_EQ(d.episodes.size(), wanted["returns"].size());
    for (size_t e = 0; e < d.episodes.size(); ++e)
      EXPECT_PRED2(is_near, d.episodes.returns[e], wanted["returns"][e].get<double>()) << "episode " << e;
  }
  if (wanted.contains("terminated")) {
    ASSERT_EQ(d.episodes.size(), wanted["terminated"].size());
    for (size_t e = 0; e < d.episodes.size(); ++e)
      EXPECT_EQ(d.episodes.ended_by[e] == EndedBy::terminal, wanted["terminated"][e].get<bool>())
          << "episode " << e;
  }
  const double sum = std::accumulate(d.episodes.returns.begin(), d.episodes.returns.end(), 0.0);
  EXPECT_PRED2(is_near, sum, wanted.value("sum_rewards", sum));
  const auto one = [](const Json& value) { return value.is_array() ? value : Json::array({value}); };
  const auto compare = [&](const char* key, const std::vector<float>& column, int64_t row, int64_t width) {
    if (wanted.contains(key)) expect_row(column, row, width, one(wanted[key]), key);
  };
  compare("first_obs", d.observations, 0, d.obs_dim);
  compare("first_action", d.actions, 0, d.action_dim);
  compare("last_action", d.actions, d.rows - 1, d.action_dim);
  if (d.has_next.back() && !d.terminals.back())
    compare("final_obs", d.next_observations, d.rows - 1, d.obs_dim);
  EXPECT_EQ(d.action_count > 0, wanted.value("discrete", false));
}

INSTANTIATE_TEST_SUITE_P(Files, DatasetFormat, ::testing::ValuesIn(names()), [](const auto& tested) {
  std::string name;
  for (const char c : tested.param) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
});

const Finding* find(const Dataset& d, const std::string& key) {
  for (const auto& finding : d.findings)
    if (finding.key == key) return &finding;
  return nullptr;
}

TEST(DatasetFormats, AMinariDatasetIsItsFileItsDataFolderOrItsFolder) {
  const auto folder = kFiles / "minari-0.5.4/mujoco/hopper/random-v0";
  const auto file = read_dataset(folder / "data/main_data.hdf5");
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_EQ(file->environment, "hopper");
  EXPECT_EQ(file->physics, "v5");
  for (const auto& path : {folder, folder / "data"}) {
    const auto read = read_dataset(path);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(read->observations, file->observations);
    EXPECT_EQ(read->source.hash, file->source.hash) << "the same rows are the same dataset";
    const auto head = read_dataset_head(path);
    ASSERT_TRUE(head.ok());
    EXPECT_EQ(head->obs_dim, 11);
    EXPECT_EQ(head->environment, "hopper");
  }
  // T + 1 observations: every row has a successor, also one that a time limit ends.
  EXPECT_THAT(file->has_next, ::testing::Each(1));
}

TEST(DatasetFormats, DictObservationsAreLaidOutByNameOrAsAskedFor) {
  const auto path = kFiles / "minari-0.5.4/toy/pointmaze-v0";
  const auto all = read_dataset(path);
  ASSERT_TRUE(all.ok()) << all.error().message;
  ASSERT_EQ(all->observation_parts.size(), 3u);
  EXPECT_EQ(all->observation_parts[0].name, "achieved_goal");
  EXPECT_EQ(all->observation_parts[2].name, "observation");
  EXPECT_EQ(all->observation_parts[2].width, 4);
  ReadOptions options;
  options.observation_keys = {"observation", "desired_goal"};
  const auto some = read_dataset(path, options);
  ASSERT_TRUE(some.ok()) << some.error().message;
  EXPECT_EQ(some->obs_dim, 6);
  EXPECT_EQ(some->observations[0], all->observations[4]);
  EXPECT_EQ(some->observations[4], all->observations[2]);
  options.observation_keys = {"colour"};
  const auto none = read_dataset(path, options);
  ASSERT_FALSE(none.ok());
  EXPECT_THAT(none.error().message, HasSubstr("desired_goal"));
}

TEST(DatasetFormats, AFewLinesOfNumbersARowAreOneAfterTheOther) {
  const testing::TemporaryFolder folder;
  const testing::SmallRows rows;
  std::vector<float> twice;
  for (int i = 0; i < 10; ++i)
    for (int line = 0; line < 2; ++line)
      twice.insert(twice.end(), {static_cast<float>(i), static_cast<float>(10 * line)});
  {
    testing::H5Writer f(folder / "lines.hdf5");
    f.floats("observations", {10, 2, 2}, twice);
    f.floats("actions", {10, 1}, rows.actions);
    f.floats("rewards", {10}, rows.rewards);
    f.flags("terminals", rows.terminals);
    f.flags("timeouts", rows.timeouts);
  }
  const auto dataset = read_dataset(folder / "lines.hdf5");
  ASSERT_TRUE(dataset.ok()) << dataset.error().message;
  EXPECT_EQ(dataset->obs_dim, 4);
  EXPECT_EQ(dataset->observations, twice);
}

TEST(DatasetFormats, RobomimicSubsetsAreTheirMasks) {
  const auto path = kFiles / "robomimic-0.5.0/low_dim_no_next.hdf5";
  ReadOptions options;
  options.subset = "valid";
  const auto valid = read_dataset(path, options);
  ASSERT_TRUE(valid.ok()) << valid.error().message;
  EXPECT_THAT(valid->episodes.length, ::testing::ElementsAre(40, 4));
  options.subset = "best";
  EXPECT_THAT(read_dataset(path, options).error().message, HasSubstr("train, valid"));
}

TEST(DatasetFormats, OptionsThatSayNothingOfALayoutAreRefused) {
  ReadOptions columns, keys, subset;
  columns.columns = "rewards=r";
  keys.observation_keys = {"a"};
  subset.subset = "train";
  const struct {
    const char* file;
    ReadOptions options;
    const char* option;
  } cases[] = {{"csv/hopper_episode_id.csv", subset, "--subset"},
               {"csv/hopper_episode_id.csv", keys, "--observations"},
               {"minari-0.5.4/toy/pointmaze-v0", columns, "--columns"},
               {"robomimic-0.5.0/low_dim_no_next.hdf5", columns, "--columns"},
               {"hdf5-variants/hopper_singular_names.hdf5", subset, "--subset"}};
  for (const auto& [file, options, option] : cases) {
    const auto read = read_dataset(kFiles / file, options);
    ASSERT_FALSE(read.ok()) << file << " " << option;
    EXPECT_EQ(read.error().code, ErrorCode::usage) << file;
    EXPECT_THAT(read.error().message, HasSubstr(option)) << file;
    EXPECT_FALSE(read_dataset_head(kFiles / file, options).ok()) << file << " " << option;
  }
}

TEST(DatasetFormats, EndsThatAreMixedAreSaid) {
  const auto done = read_dataset(kFiles / "hdf5-variants/hopper_singular_names.hdf5");
  ASSERT_TRUE(done.ok());
  ASSERT_TRUE(find(*done, "ends_are_mixed"));
  EXPECT_EQ(find(*done, "ends_are_mixed")->count, 3);
  const auto maze = read_dataset(kFiles / "d4rl-89141a6/maze2d-toy-v1.hdf5");
  ASSERT_TRUE(maze.ok());
  ASSERT_TRUE(find(*maze, "time_limits_as_terminals"));
  EXPECT_EQ(find(*maze, "time_limits_as_terminals")->row, 39);
  EXPECT_TRUE(find(*read_dataset(kFiles / "hdf5-variants/hopper_dsrl.hdf5"), "costs"));
  EXPECT_TRUE(find(*read_dataset(kFiles / "ogbench-1.2.2/pointmaze-medium-navigate-v0.npz"), "no_rewards"));
}

TEST(DatasetFormats, CollectionsOfOtherToolsAreLookedThrough) {
  const auto found =
      find_local_datasets({kFiles / "minari-0.5.4", kFiles / "ogbench-1.2.2", kFiles / "nowhere"});
  const auto kind_of = [&](const fs::path& path) -> std::string {
    for (const auto& dataset : found)
      if (dataset.path == kFiles / path) return dataset.kind;
    return {};
  };
  EXPECT_EQ(kind_of("minari-0.5.4/mujoco/hopper/random-v0"), "Minari HDF5");
  EXPECT_THAT(kind_of("minari-0.5.4/mujoco/hopper/arrow-v0"), HasSubstr("Arrow"));
  EXPECT_EQ(kind_of("ogbench-1.2.2/pointmaze-medium-navigate-v0.npz"), "OGBench npz");
  EXPECT_EQ(kind_of("minari-0.5.4/mujoco/hopper/random-v0/data/main_data.hdf5"), "")
      << "the folder is the dataset";
}

/// OGBench's three ways of writing are the same transitions.
TEST(DatasetFormats, OgbenchRawRegularAndCompactAreTheSame) {
  const auto raw = read_dataset(kFiles / "ogbench-1.2.2/pointmaze-medium-navigate-v0.npz");
  ASSERT_TRUE(raw.ok()) << raw.error().message;
  EXPECT_EQ(raw->rows, 500);
  EXPECT_THAT(raw->terminals, ::testing::Each(0));
  for (const char* way : {"regular", "compact"}) {
    const auto other =
        read_dataset(kFiles / ("ogbench-1.2.2/pointmaze-medium-navigate-v0_" + std::string(way) + ".npz"));
    ASSERT_TRUE(other.ok()) << other.error().message;
    EXPECT_EQ(other->observations, raw->observations) << way;
    EXPECT_EQ(other->next_observations, raw->next_observations) << way;
    EXPECT_EQ(other->actions, raw->actions) << way;
    EXPECT_EQ(other->episodes.length, raw->episodes.length) << way;
  }
}

/// tianshou's buffer after three rows beyond its capacity of six: rows 3 to 8 of a run, in ring order.
TEST(DatasetFormats, TianshouRingsAreReadFromTheirOldestRow) {
  const testing::TemporaryFolder folder;
  const auto write = [&](const std::string& name, int64_t size, int64_t next) {
    testing::H5Writer file(folder / name);
    std::vector<float> obs, after, act, rew;
    for (const int i : {6, 7, 8, 3, 4, 5}) {
      obs.insert(obs.end(), {static_cast<float>(i), 0.5f});
      after.insert(after.end(), {static_cast<float>(i + 1), 0.5f});
      act.push_back(static_cast<float>(i) / 10.0f);
      rew.push_back(static_cast<float>(i));
    }
    file.floats("_meta/obs", {6, 2}, obs);
    file.floats("_meta/obs_next", {6, 2}, after);
    file.floats("_meta/act", {6, 1}, act);
    file.floats("_meta/rew", {6}, rew);
    file.flags("_meta/terminated", {0, 1, 0, 0, 0, 0});
    file.flags("_meta/truncated", {0, 0, 0, 0, 1, 0});
    file.flags("_meta/done", {0, 1, 0, 0, 1, 0});
    for (const auto& [attribute, value] : {std::pair{"_size", size}, std::pair{"_insertion_idx", next}}) {
      const hid_t space = H5Screate(H5S_SCALAR);
      const hid_t id = H5Acreate2(file.id(), attribute, H5T_STD_I64LE, space, H5P_DEFAULT, H5P_DEFAULT);
      H5Awrite(id, H5T_NATIVE_INT64, &value);
      H5Aclose(id);
      H5Sclose(space);
    }
    return folder / name;
  };
  const auto full = read_dataset(write("full.hdf5", 6, 3));
  ASSERT_TRUE(full.ok()) << full.error().message;
  EXPECT_THAT(full->rewards, ::testing::ElementsAre(3, 4, 5, 6, 7, 8));
  EXPECT_THAT(full->episodes.length, ::testing::ElementsAre(2, 3, 1));
  EXPECT_THAT(full->episodes.ended_by,
              ::testing::ElementsAre(EndedBy::timeout, EndedBy::terminal, EndedBy::cut));
  const auto part = read_dataset(write("part.hdf5", 2, 2));
  ASSERT_TRUE(part.ok()) << part.error().message;
  EXPECT_THAT(part->rewards, ::testing::ElementsAre(6, 7));
  EXPECT_FALSE(read_dataset(write("odd.hdf5", 7, 2)).ok());
}

TEST(DatasetFormats, TorchrlReadsValidRowsOnlyAndSaysBothSizesOfACutFile) {
  const testing::TemporaryFolder folder;
  const auto copy = folder / "buffer";
  fs::copy(kFiles / "torchrl-0.14.1/hopper_rb", copy, fs::copy_options::recursive);
  const auto read = read_dataset(copy);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->rows, 150);
  fs::resize_file(copy / "storage/next/reward.memmap", 799);
  const auto cut = read_dataset(copy);
  ASSERT_FALSE(cut.ok());
  EXPECT_THAT(cut.error().message, HasSubstr("needs 800 bytes and has 799"));
}

TEST(DatasetFormats, AttributesSayWhatTheNameDoesNot) {
  // As h5py writes texts by default; under names that tell nothing.
  const testing::TemporaryFolder folder;
  const auto nameless = folder / "main_data.hdf5";
  for (const auto& [file, environment, physics] :
       {std::tuple{"minari-0.4.3/hopper-random-v0/data/main_data.hdf5", "hopper", "v4"},
        {"robomimic-0.5.0/hopper_medium_v2.hdf5", "hopper", "v2"}}) {
    fs::copy_file(kFiles / file, nameless, fs::copy_options::overwrite_existing);
    const auto data = read_dataset(nameless);
    ASSERT_TRUE(data.ok()) << data.error().message;
    EXPECT_EQ(data->environment, environment) << file;
    EXPECT_EQ(data->physics, physics) << file;
    EXPECT_EQ(read_dataset_head(nameless)->environment, environment) << file;
  }
}

TEST(DatasetFormats, MetadataThatCannotBeReadAreTold) {
  const testing::TemporaryFolder folder;
  const auto file = folder / "main_data.hdf5";
  fs::copy_file(kFiles / "minari-0.4.3/hopper-random-v0/data/main_data.hdf5", file);
  std::ofstream(folder / "metadata.json") << "{\"env_spec\": ";
  const auto data = read_dataset(file);
  ASSERT_TRUE(data.ok()) << data.error().message;
  const auto told = std::any_of(data->findings.begin(), data->findings.end(), [](const Finding& finding) {
    return to_text(finding).find("metadata.json is no JSON object; it is left out") != std::string::npos;
  });
  EXPECT_TRUE(told);
}

/// Files with a hole in place of their numbers: the sizes are true, and no memory here holds them.
TEST(DatasetFormats, MoreThanMemoryHoldsIsSaidBeforeAnythingIsTaken) {
  const testing::TemporaryFolder folder;
  const auto copy = folder / "buffer";
  fs::copy(kFiles / "torchrl-0.14.1/hopper_rb", copy, fs::copy_options::recursive);
  constexpr uint64_t kRows = 10'000'000'000;
  for (const auto& entry : fs::recursive_directory_iterator(copy / "storage")) {
    if (entry.path().extension() == ".memmap") fs::resize_file(entry.path(), entry.file_size() / 200 * kRows);
    if (entry.path().extension() != ".json") continue;
    std::string text = testing::bytes_of(entry.path());
    for (const std::string old : {"[200", ": 150", ":150"})
      for (size_t at = 0; (at = text.find(old, at)) != std::string::npos; ++at)
        text.replace(at, old.size(), old.substr(0, old.size() - 3) + std::to_string(kRows));
    testing::write_bytes(entry.path(), text);
  }
  const auto refused = read_dataset(copy);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::bad_data);
  EXPECT_THAT(refused.error().message, HasSubstr("its 10,000,000,000 rows need 1"));
  EXPECT_THAT(refused.error().message, HasSubstr("GB of memory, and there are"));
}

}  // namespace
}  // namespace vaco
