// SPDX-License-Identifier: GPL-3.0-or-later
// Policies for other programs: what is written is read back by our own evaluators here, and by onnxruntime and
// Python's torch where VACO_TEST_PYTHON names an interpreter that has them.
#include "core/export/policy_export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <span>

#include "core/base/files.h"
#include "core/base/json.h"
#include "core/base/rng.h"
#include "core/data/policy_file.h"
#include "core/export/onnx_policy.h"
#include "core/export/protobuf.h"
#include "core/export/torchscript.h"
#include "resources/resources.h"

namespace vaco {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

PolicySnapshot random_policy(int64_t choices) {
  Rng rng(4);
  PolicySnapshot policy;
  const auto normal = [&](int64_t count, double scale) {
    std::vector<float> values(static_cast<size_t>(count));
    for (auto& v : values) v = static_cast<float>(scale * rng.normal());
    return values;
  };
  const int64_t outputs = choices > 0 ? choices : 3;
  int64_t inputs = 5;
  for (const int64_t width : {int64_t{64}, int64_t{64}, outputs}) {
    policy.layers.push_back(
        {inputs, width, normal(width * inputs, 1.0 / std::sqrt(inputs)), normal(width, 0.1)});
    inputs = width;
  }
  policy.observation_mean = normal(5, 3.0);
  policy.observation_scale = {0.1f, 1.0f, 2.5f, 0.01f, 7.0f};
  policy.action_count = choices;
  policy.action_low = choices > 0 ? std::vector<float>{0.0f} : std::vector<float>{-1.0f, -3.0f, 0.5f};
  policy.action_high =
      choices > 0 ? std::vector<float>{static_cast<float>(choices - 1)} : std::vector<float>{1.0f, 3.0f, 2.0f};
  policy.environment = "somewhere";
  return policy;
}

class PolicyExport : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = *temporary_folder() / ("vaco_export_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST_F(PolicyExport, FormatsGoByTheNameOfTheFile) {
  EXPECT_EQ(policy_format_of("a/p.onnx"), PolicyFormat::onnx);
  EXPECT_EQ(policy_format_of("p.pt"), PolicyFormat::torchscript);
  EXPECT_EQ(policy_format_of("p.torchscript"), PolicyFormat::torchscript);
  EXPECT_FALSE(policy_format_of("p.h5"));
  EXPECT_FALSE(policy_format_of(""));
}

TEST_F(PolicyExport, EveryShippedPolicyPassesTheCheckInBothFormats) {
  double worst = 0.0;
  size_t count = 0;
  for (const auto& name : list_resources("policies/")) {
    if (!name.ends_with(".h5")) continue;
    const auto policy = read_policy(std::as_bytes(std::span(find_resource(name))), name);
    ASSERT_TRUE(policy) << policy.error().message;
    for (const auto format : {PolicyFormat::onnx, PolicyFormat::torchscript}) {
      const auto parity = export_policy(*policy, folder_ / "policy", format);
      ASSERT_TRUE(parity) << name << ": " << parity.error().message;
      worst = std::max(worst, parity->error_near);
      ++count;
    }
  }
  EXPECT_GE(count, 40u);
  EXPECT_LT(worst, 1e-4) << "those with outputs of several hundreds, where float32 tells no more";
  RecordProperty("worst", std::to_string(worst));
}

TEST_F(PolicyExport, AnExampleLiesBesideTheFile) {
  for (const int64_t choices : {0, 4}) {
    const auto policy = random_policy(choices);
    const auto path = folder_ / "policy.onnx";
    ASSERT_TRUE(export_policy(policy, path, PolicyFormat::onnx));
    const auto example = read_json(folder_ / "policy.onnx.example.json");
    ASSERT_TRUE(example) << example.error().message;
    const auto observation = (*example)["observation"].get<std::vector<float>>();
    std::vector<float> action(static_cast<size_t>(policy.action_dim()));
    PolicyActor(policy).act(observation, action);
    if (choices > 0)
      EXPECT_EQ((*example)["action"].get<float>(), action[0]);
    else
      EXPECT_EQ((*example)["action"].get<std::vector<float>>(), action);
  }
}

/// One number of the file is another than the policy's.
TEST_F(PolicyExport, AFileThatActsOtherwiseIsFoundOut) {
  auto policy = random_policy(0);
  auto model = OnnxPolicy::parse(to_onnx(policy));
  ASSERT_TRUE(model) << model.error().message;
  const auto& observation = policy.observation_mean;
  const auto before = model->run(observation, "action");
  policy.layers[2].bias[0] += 0.001f;
  const auto after = OnnxPolicy::parse(to_onnx(policy))->run(observation, "action");
  EXPECT_NE(*before, *after);
}

TEST_F(PolicyExport, WhatCannotBeWrittenLeavesNothing) {
  auto policy = random_policy(0);
  policy.layers[0].weight[0] = NAN;
  for (const auto format : {PolicyFormat::onnx, PolicyFormat::torchscript})
    EXPECT_EQ(export_policy(policy, folder_ / "broken", format).error().code, ErrorCode::bad_data);
  policy = random_policy(0);
  // Weights so large that the network overflows far from the data: nothing can be compared there.
  for (auto& layer : policy.layers)
    for (auto& weight : layer.weight) weight *= 1e18f;
  for (const auto format : {PolicyFormat::onnx, PolicyFormat::torchscript}) {
    const auto refused = export_policy(policy, folder_ / "broken", format);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("nothing was written"));
  }
  EXPECT_TRUE(fs::is_empty(folder_));
  const auto nowhere = export_policy(random_policy(0), folder_ / "none" / "p.onnx", PolicyFormat::onnx);
  EXPECT_FALSE(nowhere);
}

TEST_F(PolicyExport, DamagedModelsAreRefusedAndNeverRead) {
  const auto sound = to_onnx(random_policy(3));
  EXPECT_FALSE(OnnxPolicy::parse(""));
  EXPECT_FALSE(OnnxPolicy::parse("not a model"));
  Rng rng(9);
  for (int i = 0; i < 2000; ++i) {
    auto bytes = sound.substr(0, i % 3 == 0 ? rng.index(sound.size()) : sound.size());
    for (int k = 0; k < 3 && !bytes.empty(); ++k)
      bytes[rng.index(std::min<size_t>(bytes.size(), 400))] = static_cast<char>(rng.index(256));
    if (const auto model = OnnxPolicy::parse(bytes); model && model->obs_dim() < 100)
      (void)model->run(std::vector<float>(static_cast<size_t>(model->obs_dim()), 1.0f), "action");
  }
}

TEST(Protobuf, ReadsWhatItWrites) {
  const auto inner = ProtoWriter().number(1, -1).bytes(15, "text");
  const auto text = ProtoWriter().number(3, 300).message(16, inner).bytes(2, "").text();
  EXPECT_EQ(text.substr(0, 3), std::string("\x18\xac\x02", 3));  // the format's own example of 300
  ProtoReader reader(text);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.field(), 3);
  EXPECT_EQ(reader.number(), 300);
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.field(), 16);
  ProtoReader part(reader.bytes());
  ASSERT_TRUE(part.next());
  EXPECT_EQ(part.number(), -1);
  ASSERT_TRUE(part.next());
  EXPECT_EQ(part.bytes(), "text");
  EXPECT_FALSE(part.next());
  EXPECT_FALSE(part.damaged());
  ASSERT_TRUE(reader.next());
  EXPECT_TRUE(reader.bytes().empty());
  EXPECT_FALSE(reader.next());
  ProtoReader cut(std::string_view(text).substr(0, text.size() - 3));
  while (cut.next()) continue;
  EXPECT_TRUE(cut.damaged());
}

/// What a script prints, or nothing where it fails.
std::string said_by(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (!pipe) return text;
  char part[4096];
  for (size_t got = 0; (got = std::fread(part, 1, sizeof part, pipe)) > 0;) text.append(part, got);
  return ::pclose(pipe) == 0 ? text : std::string();
}

constexpr const char* kOnnxScript = R"(
import sys, json, numpy as np, onnxruntime
s = onnxruntime.InferenceSession(sys.argv[1], providers=['CPUExecutionProvider'])
rows = np.asarray(json.load(open(sys.argv[2])), np.float32)
print(json.dumps(s.run(['action'], {'observation': rows})[0].reshape(-1).tolist()))
)";
constexpr const char* kTorchScript = R"(
import sys, json, torch
m = torch.jit.load(sys.argv[1])
rows = torch.tensor(json.load(open(sys.argv[2])), dtype=torch.float32)
one = m(rows[0])
all = m(rows)
assert torch.allclose(one.float(), all[0].float(), atol=1e-5)
print(json.dumps(all.reshape(-1).tolist()))
)";

struct Other {
  const char* name;
  const char* module;
  const char* script;
  PolicyFormat format;
};

class OtherPrograms : public PolicyExport, public testing::WithParamInterface<Other> {};

TEST_P(OtherPrograms, GiveTheSameActions) {
  const char* python = std::getenv("VACO_TEST_PYTHON");
  const std::string interpreter = python ? python : "python3";
  const std::string has =
      interpreter + " -c 'import numpy, " + GetParam().module + "' >/dev/null 2>&1 && echo yes";
  if (said_by(has) != "yes\n")
    GTEST_SKIP() << GetParam().name << " was not asked: " << interpreter << " has no " << GetParam().module
                 << " (VACO_TEST_PYTHON names another interpreter)";
  ASSERT_TRUE(write_text_atomically(folder_ / "script.py", GetParam().script));
  for (const int64_t choices : {0, 4}) {
    const auto policy = random_policy(choices);
    ASSERT_TRUE(export_policy(policy, folder_ / "policy", GetParam().format));
    Rng rng(1);
    Json rows = Json::array();
    std::vector<float> expected, action(static_cast<size_t>(policy.action_dim()));
    PolicyActor actor(policy);
    for (int i = 0; i < 300; ++i) {
      std::vector<float> row;
      for (size_t k = 0; k < 5; ++k)
        row.push_back(static_cast<float>(policy.observation_mean[k] +
                                         (i < 150 ? 1.0 : 10.0) * policy.observation_scale[k] * rng.normal()));
      rows.push_back(row);
      actor.act(row, action);
      expected.insert(expected.end(), action.begin(), action.end());
    }
    ASSERT_TRUE(write_json(folder_ / "rows.json", rows));
    const auto text = said_by(interpreter + " '" + (folder_ / "script.py").string() + "' '" +
                              (folder_ / "policy").string() + "' '" + (folder_ / "rows.json").string() + "'");
    const auto got = Json::parse(text, nullptr, false);
    ASSERT_TRUE(got.is_array()) << text;
    ASSERT_EQ(got.size(), expected.size());
    double worst = 0.0;
    for (size_t i = 0; i < expected.size(); ++i)
      worst = std::max(worst, std::abs(got[i].get<double>() - static_cast<double>(expected[i])));
    EXPECT_LT(worst, 3e-5) << "in units of bounds up to 3";
    std::printf("%s, %s actions: largest difference %.2e over 300 observations\n", GetParam().name,
                choices > 0 ? "discrete" : "continuous", worst);
  }
}

INSTANTIATE_TEST_SUITE_P(All, OtherPrograms,
                         testing::Values(Other{"onnxruntime", "onnxruntime", kOnnxScript, PolicyFormat::onnx},
                                         Other{"torch", "torch", kTorchScript, PolicyFormat::torchscript}),
                         [](const auto& case_info) { return std::string(case_info.param.name); });

}  // namespace
}  // namespace vaco
