// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "core/data/content_hash.h"
#include "core/data/mixer.h"
#include "core/data/policy_file.h"
#include "core/data/reader.h"
#include "core/data/writer.h"
#include "core/hdf5/hdf5_file.h"
#include "core/hdf5/hdf5_filters.h"
#include "tests/data/h5_fixture.h"

namespace vaco {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

std::span<const std::byte> bytes(const std::string& text) {
  return std::as_bytes(std::span(text));
}

TEST(ContentHash, IsXxh64) {
  const auto of = [](const std::string& text) {
    ContentHash hash;
    hash.add(bytes(text));
    return hash.value();
  };
  EXPECT_EQ(of(""), 0xef46db3751d8e999ull);
  EXPECT_EQ(of("a"), 0xd24ec4f1a98c6e5bull);
  EXPECT_EQ(of("abc"), 0x44bc2cf5ad770999ull);
  EXPECT_EQ(of("Nobody inspects the spammish repetition"), 0xfbcea83c8a378bf1ull);
}

TEST(ContentHash, DoesNotDependOnThePieces) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += static_cast<char>(i * 37);
  ContentHash whole;
  whole.add(bytes(text));
  for (const size_t piece : {1, 7, 31, 32, 33, 100}) {
    ContentHash parts;
    for (size_t at = 0; at < text.size(); at += piece)
      parts.add(bytes(text).subspan(at, std::min(piece, text.size() - at)));
    EXPECT_EQ(parts.value(), whole.value()) << piece;
  }
}

DatasetColumns some_columns(int64_t rows, float offset) {
  DatasetColumns c;
  c.rows = rows;
  c.obs_dim = 2;
  c.action_dim = 1;
  c.qpos_dim = 2;
  for (int64_t i = 0; i < rows; ++i) {
    const float v = offset + static_cast<float>(i);
    c.observations.insert(c.observations.end(), {v, -v});
    c.next_observations.insert(c.next_observations.end(), {v + 1, -v - 1});
    c.actions.push_back(0.01f * static_cast<float>(i % 100));
    c.rewards.push_back(v);
    c.terminals.push_back(i % 50 == 49 && i % 100 != 99);
    c.timeouts.push_back(i % 100 == 99);
    c.qpos.insert(c.qpos.end(), {static_cast<double>(v) / 3, 0.0});
    c.policy_ids.push_back(0);
  }
  c.policy_names = {"offset " + std::to_string(static_cast<int>(offset))};
  c.environment = "hopper";
  return c;
}

TEST(Writer, WritesWhatD4rlWritesAndTheReaderReads) {
  const TemporaryFolder folder;
  DatasetColumns columns = some_columns(20000, 0.0f);
  ASSERT_TRUE(columns.append(some_columns(100, 1000.0f)).ok());
  ASSERT_TRUE(write_dataset(folder / "written.hdf5", columns).ok());
  const auto dataset = read_dataset(folder / "written.hdf5");
  ASSERT_TRUE(dataset.ok());
  EXPECT_EQ(dataset->observations, columns.observations);
  EXPECT_EQ(dataset->next_observations, columns.next_observations);
  EXPECT_EQ(dataset->terminals, columns.terminals);
  EXPECT_EQ(dataset->timeouts, columns.timeouts);
  EXPECT_EQ(dataset->environment, "hopper");
  EXPECT_THAT(dataset->policy_names, ElementsAre("offset 0", "offset 1000"));
  EXPECT_EQ(dataset->policy_ids.front(), 0);
  EXPECT_EQ(dataset->policy_ids.back(), 1);
  // The types, by the library itself.
  const hid_t file = H5Fopen((folder / "written.hdf5").c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  const hid_t flags = H5Dopen2(file, "terminals", H5P_DEFAULT), type = H5Dget_type(flags);
  EXPECT_EQ(H5Tget_class(type), H5T_ENUM);
  EXPECT_EQ(H5Tget_size(type), 1u);
  char name[16] = {};
  const int8_t yes = 1;
  H5Tenum_nameof(type, &yes, name, sizeof name);
  EXPECT_STREQ(name, "TRUE");
  const hid_t observations = H5Dopen2(file, "observations", H5P_DEFAULT);
  std::vector<float> read(columns.observations.size());
  EXPECT_GE(H5Dread(observations, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, read.data()), 0);
  EXPECT_EQ(read, columns.observations);
  const hid_t creation = H5Dget_create_plist(observations);
  EXPECT_EQ(H5Pget_nfilters(creation), 2);
  hsize_t chunk[2] = {};
  EXPECT_EQ(H5Pget_chunk(creation, 2, chunk), 2);
  EXPECT_EQ(chunk[1], 2u) << "chunked by rows";
  H5Pclose(creation);
  H5Dclose(observations);
  H5Tclose(type);
  H5Dclose(flags);
  H5Fclose(file);
}

TEST(Writer, RefusesWhatDoesNotFitAndLeavesNoFile) {
  const TemporaryFolder folder;
  DatasetColumns columns = some_columns(10, 0.0f);
  columns.rewards.pop_back();
  const auto written = write_dataset(folder / "bad.hdf5", columns);
  ASSERT_FALSE(written.ok());
  EXPECT_THAT(written.error().message, HasSubstr("rewards"));
  EXPECT_FALSE(std::filesystem::exists(folder / "bad.hdf5"));
  DatasetColumns other = some_columns(10, 0.0f);
  other.qpos.clear();
  DatasetColumns good = some_columns(10, 0.0f);
  EXPECT_FALSE(good.append(other).ok());
  EXPECT_EQ(good.rows, 10) << "a refused append changes nothing";
}

PolicySnapshot some_policy() {
  PolicySnapshot p;
  p.step = 123456789012;
  p.algorithm = "vaco";
  p.environment = "hopper";
  p.note = "für Menschen";
  p.layers = {{3, 4, std::vector<float>(12, 0.25f), {1, 2, 3, 4}},
              {4, 2, std::vector<float>(8, -0.5f), {0, 1}}};
  p.layers[0].weight[5] = 7.0f;
  p.observation_mean = {1, 2, 3};
  p.observation_scale = {1, 0.5f, 2};
  p.action_low = {-1, -2};
  p.action_high = {1, 2};
  return p;
}

void expect_same(const PolicySnapshot& a, const PolicySnapshot& b) {
  EXPECT_EQ(a.step, b.step);
  EXPECT_EQ(a.algorithm, b.algorithm);
  EXPECT_EQ(a.environment, b.environment);
  EXPECT_EQ(a.note, b.note);
  ASSERT_EQ(a.layers.size(), b.layers.size());
  for (size_t i = 0; i < a.layers.size(); ++i) {
    EXPECT_EQ(a.layers[i].inputs, b.layers[i].inputs);
    EXPECT_EQ(a.layers[i].outputs, b.layers[i].outputs);
    EXPECT_EQ(a.layers[i].weight, b.layers[i].weight);
    EXPECT_EQ(a.layers[i].bias, b.layers[i].bias);
  }
  EXPECT_EQ(a.observation_mean, b.observation_mean);
  EXPECT_EQ(a.observation_scale, b.observation_scale);
  EXPECT_EQ(a.action_low, b.action_low);
  EXPECT_EQ(a.action_high, b.action_high);
}

TEST(PolicyFile, ComesBackFromDiskAndMemory) {
  const TemporaryFolder folder;
  const auto policy = some_policy();
  ASSERT_TRUE(write_policy(folder / "policy.h5", policy).ok());
  const auto from_disk = read_policy(folder / "policy.h5");
  ASSERT_TRUE(from_disk.ok());
  expect_same(*from_disk, policy);
  std::ifstream file(folder / "policy.h5", std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto from_memory = read_policy(bytes(content), "embedded");
  ASSERT_TRUE(from_memory.ok());
  expect_same(*from_memory, policy);
}

TEST(PolicyFile, TwoImagesAtOnceAreTwoPolicies) {
  const TemporaryFolder folder;
  std::vector<std::string> contents;
  for (int i = 0; i < 2; ++i) {
    auto policy = some_policy();
    policy.step = i;
    ASSERT_TRUE(write_policy(folder / "policy.h5", policy).ok());
    std::ifstream file(folder / "policy.h5", std::ios::binary);
    contents.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  std::vector<std::jthread> threads;
  std::atomic<int> wrong{0};
  for (int i = 0; i < 2; ++i)
    threads.emplace_back([&, i] {
      for (int round = 0; round < 50; ++round) {
        const auto policy = read_policy(bytes(contents[static_cast<size_t>(i)]), "same name");
        wrong += !policy.ok() || policy->step != i;
      }
    });
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

TEST(PolicyFile, RefusesWhatCannotAct) {
  const TemporaryFolder folder;
  auto policy = some_policy();
  policy.layers[1].inputs = 3;
  EXPECT_FALSE(write_policy(folder / "bad.h5", policy).ok());
  {
    auto file = Hdf5File::create(folder / "other.h5");
    ASSERT_TRUE(file->set_attribute("/", "format", std::string("something else")).ok());
    ASSERT_TRUE(file->close().ok());
  }
  const auto other = read_policy(folder / "other.h5");
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, ErrorCode::bad_data);
  EXPECT_THAT(other.error().message, HasSubstr("neither a policy file"));
  EXPECT_EQ(read_policy(bytes("hello"), "embedded").error().code, ErrorCode::bad_data);
}

MixPart part(const std::string& name, double share, float offset, int64_t rows, bool named) {
  const TemporaryFolder folder;
  auto columns = some_columns(rows, offset);
  if (!named) {
    columns.policy_ids.clear();
    columns.policy_names.clear();
  }
  EXPECT_TRUE(write_dataset(folder / "part.hdf5", columns).ok());
  return {*read_dataset(folder / "part.hdf5"), share, name};
}

TEST(Mixer, TakesWholeTrajectoriesByShare) {
  const std::vector<MixPart> parts{part("low", 0.25, 0.0f, 2000, true),
                                   part("high", 0.75, 100000.0f, 2000, false)};
  const auto mix = mix_datasets(parts, {.rows = 1600, .seed = 5});
  ASSERT_TRUE(mix.ok());
  EXPECT_EQ(mix->rows, 1600);  // episodes of 50 rows fit exactly
  EXPECT_THAT(mix->policy_names, ElementsAre("offset 0", "high"));
  int64_t high = 0;
  for (size_t i = 0; i < 1600; ++i) {
    const bool is_high = mix->observations[2 * i] >= 100000.0f;
    high += is_high;
    EXPECT_EQ(mix->policy_ids[i], is_high ? 1 : 0);
    const bool ends = i % 50 == 49;
    EXPECT_EQ(mix->terminals[i] || mix->timeouts[i], ends) << i;
    if (!ends) {
      EXPECT_EQ(mix->observations[2 * i] + 1, mix->observations[2 * i + 2]) << "rows stay in order";
    }
  }
  EXPECT_EQ(high, 1200);
  EXPECT_EQ(mix_datasets(parts, {.rows = 1600, .seed = 5})->observations, mix->observations);
  EXPECT_NE(mix_datasets(parts, {.rows = 1600, .seed = 6})->observations, mix->observations);
  EXPECT_EQ(mix_datasets(parts, {.seed = 5})->rows, 2650);  // 2000 / 0.75 in all: 650 (of 666.7) and 2000
  const auto too_many = mix_datasets(parts, {.rows = 2700, .seed = 5});
  ASSERT_FALSE(too_many.ok());
  EXPECT_EQ(too_many.error().code, ErrorCode::usage);
  EXPECT_THAT(too_many.error().message, HasSubstr("high has only 2000"));
}

TEST(Mixer, KeepsThePhysicsThatAllPartsSay) {
  std::vector<MixPart> parts{part("low", 1, 0.0f, 200, true), part("high", 1, 1000.0f, 200, true)};
  for (auto& one : parts) one.dataset.physics = "v4";
  EXPECT_EQ(mix_datasets(parts, {.seed = 5})->physics, "v4");
  parts[1].dataset.physics = "v2";
  EXPECT_EQ(mix_datasets(parts, {.seed = 5})->physics, "");
  parts[0].dataset.physics = "legacy";  // another name of v2
  EXPECT_EQ(mix_datasets(parts, {.seed = 5})->physics, "v2");
  parts[0].dataset.physics = "v4";
  parts[1].dataset.physics.clear();
  EXPECT_EQ(mix_datasets(parts, {.seed = 5})->physics, "");
}

TEST(Report, TellsTheQuantilesAndPolicies) {
  const auto summary = summarize(part("x", 1, 0.0f, 200, true).dataset);
  EXPECT_EQ(summary.episodes, 4);
  EXPECT_EQ(summary.ended_by_terminal, 2);
  EXPECT_EQ(summary.ended_by_timeout, 2);
  // Returns of 50 rows from 0, 50, 100, 150: 1225, 3725, 6225, 8725.
  EXPECT_THAT(summary.return_quantiles, ElementsAre(1225, 1600, 3100, 4975, 6850, 8350, 8725));
  EXPECT_DOUBLE_EQ(summary.mean_return, 4975);
  EXPECT_NEAR(summary.normalized_return_quantiles[0], 100 * (1225 + 20.272305) / (3234.3 + 20.272305), 1e-9);
  const std::string report = to_report(summary);
  for (const char* text : {"hopper", "offset 0", "4975.0", "2 ended by terminal", "[unlike_environment]"})
    EXPECT_THAT(report, HasSubstr(text));
  auto huge = summary;
  for (double& value : huge.return_quantiles) value = -1.25e30;
  huge.policies[0].mean_return = 1e30;
  const std::string wide = to_report(huge);
  EXPECT_THAT(wide, HasSubstr(" -1.25e+30 -1.25e+30 "));
  EXPECT_THAT(wide, HasSubstr(" 1e+30\n"));
  const Json json = to_json(summary);
  EXPECT_EQ(json["return_quantiles"][6], 8725.0);
  EXPECT_EQ(json["policies"][0]["name"], "offset 0");
  EXPECT_EQ(json["policies"][0]["rows"], 200);
}

}  // namespace
}  // namespace vaco
