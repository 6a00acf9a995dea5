// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/run_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <sstream>

#include "core/learn/algorithm.h"

namespace vaco {
namespace {
using ::testing::HasSubstr;

RunConfig config_of(const std::string& algorithm, const std::string& preset) {
  auto config = make_config(algorithm, preset);
  EXPECT_TRUE(config.ok()) << config.error().message;
  return *config;
}

/// What a POSIX shell makes of a line.
std::vector<std::string> words_by_shell(const std::string& line) {
  const std::string command = "printf '%s\\0' " + line;
  FILE* pipe = ::popen(command.c_str(), "r");
  std::vector<std::string> words{""};
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe))
    if (c == 0)
      words.emplace_back();
    else
      words.back() += static_cast<char>(c);
  ::pclose(pipe);
  words.pop_back();
  return words;
}

TEST(RunConfig, EveryPresetFitsEveryAlgorithm) {
  std::vector<std::string> keys;
  for (const auto& preset : presets()) keys.push_back(preset.key);
  EXPECT_THAT(keys,
              ::testing::ElementsAre("demo", "quick", "paper", "printed"));  // by their order, not their names
  for (const auto& preset : presets()) {
    // A misspelt key would be ignored silently: each must belong to at least one algorithm.
    for (const auto& [key, value] : preset.values) {
      bool known = false;
      for (const auto& info : algorithms()) known = known || find_spec(*full_schema(info.key), key);
      EXPECT_TRUE(known) << preset.key << ": " << key;
    }
    for (const auto& info : algorithms()) {
      const auto config = make_config(info.key, preset.key);
      ASSERT_TRUE(config.ok()) << config.error().message;
      EXPECT_EQ(config->params.size(), full_schema(info.key)->size());
    }
  }
}

TEST(RunConfig, UnusualValuesAreToldUnlessAPresetChoseThem) {
  for (const auto& preset : presets()) EXPECT_TRUE(unusual_params(config_of("vaco", preset.key))->empty());
  auto config = config_of("vaco", "quick");
  const double usual = find_spec(*full_schema("vaco"), "policy_lr")->warn_max;
  config.params.at("policy_lr") = {2.0 * usual, Origin::preset};
  EXPECT_TRUE(unusual_params(config)->empty());
  config.params.at("policy_lr").origin = Origin::command_line;
  ASSERT_EQ(unusual_params(config)->size(), 1u);
  EXPECT_THAT(unusual_params(config)->front(), HasSubstr("policy_lr = "));
}

TEST(RunConfig, ThePrintedFormOfVacoIsNobodyElses) {
  EXPECT_EQ(config_of("vaco", "printed").param_set().choice("policy_lr_schedule"), "constant");
  EXPECT_EQ(config_of("vaco", "printed").param_set().integer("cloning_steps"), 0);
  for (const auto& info : algorithms()) {
    if (info.key == "vaco") continue;
    const auto printed = config_of(info.key, "printed"), plain = config_of(info.key, "");
    for (const auto& [key, configured] : printed.params) {
      if (key.ends_with("_steps") || key.ends_with("_interval")) continue;
      EXPECT_EQ(configured.value, plain.params.at(key).value) << info.key << ": " << key;
    }
  }
}

TEST(RunConfig, EverySpecIsCompleteAndItsDefaultAllowed) {
  for (const auto& info : algorithms()) {
    const auto schema = full_schema(info.key);
    for (const auto& spec : *schema) {
      EXPECT_TRUE(check_value(spec, spec.default_value).ok()) << spec.key;
      EXPECT_FALSE(spec.label.empty() || spec.help.empty() || spec.group.empty() || spec.reference.empty())
          << spec.key;
    }
  }
}

TEST(RunConfig, StrongerOriginsWin) {
  auto config = config_of("bc", "demo");
  EXPECT_EQ(config.params.at("eval_interval").origin, Origin::preset);
  EXPECT_EQ(config.params.at("normalize_observations").origin, Origin::default_value);
  ASSERT_TRUE(set_param(config, "eval_interval", "1e3", Origin::run).ok());
  EXPECT_EQ(std::get<int64_t>(config.params.at("eval_interval").value), 1000);
  EXPECT_EQ(config.params.at("eval_interval").origin, Origin::run);
}

TEST(RunConfig, RefusesWhatIsWrongAndLeavesTheValue) {
  auto config = config_of("bc", "");
  const auto before = config.params.at("log_interval").value;
  EXPECT_EQ(set_param(config, "log_interval", "0", Origin::run).error().code, ErrorCode::usage);
  EXPECT_EQ(set_param(config, "log_interval", "soon", Origin::run).error().code, ErrorCode::usage);
  const auto misspelt = set_param(config, "log_intervall", "5", Origin::run);
  EXPECT_NE(misspelt.error().message.find("log_interval"), std::string::npos);
  EXPECT_EQ(config.params.at("log_interval").value, before);
  EXPECT_EQ(make_config("bc", "huge").error().code, ErrorCode::usage);
  EXPECT_EQ(make_config("ppo", "").error().code, ErrorCode::usage);
}

TEST(RunConfig, JsonRoundTripIsExact) {
  auto config = config_of("vaco", "quick");
  config.dataset = "/data/some 'odd' name.hdf5";
  config.environment = "hopper";
  config.seed = 18446744073709551615ull;
  config.threads = 3;
  ASSERT_TRUE(set_param(config, "expectile", "0.1", Origin::run).ok());
  const auto text = to_json(config).dump();
  const auto back = config_from_json(Json::parse(text));
  ASSERT_TRUE(back.ok()) << back.error().message;
  EXPECT_EQ(to_json(*back).dump(), text);
  EXPECT_EQ(back->seed, config.seed);
  EXPECT_EQ(std::get<double>(back->params.at("expectile").value), 0.1);
}

TEST(RunConfig, WhatIsOlderThanAParameterKeepsWhatItDid) {
  auto json = to_json(config_of("vaco", "quick"));
  for (const char* key : {"cloning_draws", "cloning_restart", "rate_by_rows"})
    ASSERT_EQ(json["params"].erase(key), 1u);
  const auto older = config_from_json(json);
  ASSERT_TRUE(older) << older.error().message;
  EXPECT_EQ(older->param_set().choice("cloning_draws"), "uniform");
  EXPECT_FALSE(older->param_set().boolean("cloning_restart"));
  EXPECT_FALSE(older->param_set().boolean("rate_by_rows"));
  EXPECT_EQ(config_of("vaco", "quick").param_set().choice("cloning_draws"), "by_weight");
}

TEST(RunConfig, GarbageIsAnErrorAndNoCrash) {
  const auto good = to_json(config_of("bc", "quick"));
  for (const char* text : {"null", "[]", "{}", "3", R"({"schema_version": "one"})", R"({"schema_version": 99})",
                           R"({"schema_version": 1, "algorithm": "bc", "dataset": "d.hdf5", "seed": -3})"})
    EXPECT_FALSE(config_from_json(Json::parse(text)).ok()) << text;
  Json wrong = good;
  wrong["params"]["log_interval"]["value"] = -4;
  EXPECT_FALSE(config_from_json(wrong).ok());
  wrong = good;
  wrong["params"]["no_such_thing"] = {{"value", 1}, {"origin", "run"}};
  EXPECT_FALSE(config_from_json(wrong).ok());
  // Numbers that their field cannot hold are not cut to others.
  for (const auto& [key, value] : {std::pair<const char*, Json>{"seed", "three"},
                                   {"seed", 1.5},
                                   {"threads", int64_t{1} << 32},
                                   {"threads", 0.5}}) {
    wrong = good;
    wrong[key] = value;
    EXPECT_FALSE(config_from_json(wrong).ok()) << key << value;
  }
}

TEST(RunConfig, CommandLineMakesTheSameRun) {
  auto config = config_of("vaco", "quick");
  config.dataset = "/data/some 'odd' $name; rm.hdf5";
  config.environment = "walker2d";
  config.physics = "v4";
  config.seed = 12345678901234567890ull;
  config.device = "cpu";
  config.precision = "float32";
  config.threads = 2;
  ASSERT_TRUE(set_param(config, "expectile", "0.8500000000000001", Origin::run).ok());
  ASSERT_TRUE(set_param(config, "reward_scaling", "none", Origin::run).ok());
  config.params["log_interval"].value = int64_t{77};  // of a preset that has changed since: origin still preset
  const auto words = words_by_shell(command_line(config, "/out dir"));
  ASSERT_GT(words.size(), 2u);
  EXPECT_EQ(words[0], "vaco");
  EXPECT_EQ(words[1], "train");
  RunConfig again;
  std::vector<std::pair<std::string, std::string>> sets;
  std::string preset, out;
  for (size_t i = 2; i + 1 < words.size(); i += 2) {
    const auto& name = words[i];
    const auto& value = words[i + 1];
    if (name == "--algorithm")
      again.algorithm = value;
    else if (name == "--dataset")
      again.dataset = value;
    else if (name == "--preset")
      again.preset = value;
    else if (name == "--environment")
      again.environment = value;
    else if (name == "--physics")
      again.physics = value;
    else if (name == "--seed")
      again.seed = std::stoull(value);
    else if (name == "--device")
      again.device = value;
    else if (name == "--precision")
      again.precision = value;
    else if (name == "--threads")
      again.threads = std::stoi(value);
    else if (name == "--out")
      out = value;
    else if (name == "--set")
      sets.emplace_back(value.substr(0, value.find('=')), value.substr(value.find('=') + 1));
    else
      ADD_FAILURE() << name;
  }
  EXPECT_EQ(out, "/out dir");
  again.params = make_config(again.algorithm, again.preset)->params;
  for (const auto& [key, value] : sets) ASSERT_TRUE(set_param(again, key, value, Origin::command_line).ok());
  EXPECT_EQ(again.param_set().values(), config.param_set().values());
  again.params = config.params;
  EXPECT_EQ(to_json(again), to_json(config));
}

TEST(RunConfig, AParameterOfOthersIsSaidToBeTheirs) {
  RunConfig config = config_of("bc", "");
  const auto set = set_param(config, "expectile", "0.8", Origin::command_line);
  ASSERT_FALSE(set.ok());
  EXPECT_EQ(set.error().code, ErrorCode::usage);
  EXPECT_THAT(set.error().message, HasSubstr("bc has no 'expectile'; vaco"));
  EXPECT_THAT(set.error().message, HasSubstr("iql"));
  EXPECT_THAT(set_param(config, "wings", "2", Origin::command_line).error().message,
              HasSubstr("there is no parameter 'wings'"));
}

}  // namespace
}  // namespace vaco
