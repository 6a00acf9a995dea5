// SPDX-License-Identifier: GPL-3.0-or-later
// "Bit for bit" is checked: what decides the numbers must be as it was when a run goes on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "core/base/files.h"
#include "core/data/policy_file.h"
#include "core/records/checkpoint.h"
#include "core/records/run_folder.h"
#include "core/session/training_session.h"
#include "tests/support/fake_parts.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using namespace vaco::testing;

class FingerprintTest : public ::testing::Test {
 protected:
  /// A run that broke off behind step 300.
  fs::path half(const std::string& name = "half") {
    SessionOptions own = options(fake_parts({.throw_at = 333}));
    own.folder_name = name;
    const auto session = std::move(*TrainingSession::create(fake_config(folder_.path()), own));
    EXPECT_EQ(run_to_end(*session), RunState::failed);
    return session->folder();
  }
  [[nodiscard]] SessionOptions options(std::shared_ptr<const SessionParts> parts = fake_parts()) const {
    SessionOptions options;
    options.out = folder_.path() / "runs";
    options.parts = std::move(parts);
    return options;
  }
  static void change_json(const fs::path& file, const std::function<void(Json&)>& change) {
    Json json = *read_json(file);
    change(json);
    ASSERT_TRUE(write_json(file, json).ok());
  }
  /// As programs left it that kept no fingerprint.
  static void forget_fingerprints(const fs::path& run) {
    for (const auto& file : checkpoint_files(run)) {
      auto checkpoint = *read_checkpoint(file);
      checkpoint.fingerprint.clear();
      ASSERT_TRUE(write_checkpoint(file, checkpoint).ok());
    }
  }
  static std::vector<Alarm> alarms(TrainingSession& session) {
    std::vector<Alarm> all;
    for (const auto& event : session.take_events())
      if (const auto* alarm = std::get_if<Alarm>(&event)) all.push_back(*alarm);
    return all;
  }
  static std::string text_of(const std::vector<Alarm>& alarms, const std::string& key) {
    for (const auto& alarm : alarms)
      if (alarm.key == key) return alarm.message;
    return {};
  }
  TemporaryFolder folder_;
};

TEST_F(FingerprintTest, ACheckpointKnowsWhatItWasMadeUnder) {
  const auto run = half();
  const auto print = read_checkpoint(run / "checkpoints/last.h5")->fingerprint;
  for (const auto& [what, text] : Fingerprint{{"seed", "0"},
                                              {"algorithm", "bc"},
                                              {"bc_steps", "300"},
                                              {"dataset", "fake-hash"},
                                              {"environment", "hopper"},
                                              {"physics", "v2"},
                                              {"preparation", "1"},
                                              {"action bounds", "[-1, 1] [-1, 1] [-1, 1]"}}) {
    ASSERT_TRUE(print.contains(what)) << what;
    EXPECT_EQ(print.at(what), text);
  }
  for (const char* what : {"program", "libraries", "device", "instruction set", "normalizer"})
    EXPECT_TRUE(print.contains(what)) << what;
}

TEST_F(FingerprintTest, OtherSettingsAreRefusedOrRecorded) {
  for (const bool old : {false, true}) {
    const auto run = half(old ? "old" : "new");
    if (old) forget_fingerprints(run);
    change_json(run / "config.json", [](Json& json) {
      json["seed"] = 7;
      json["params"]["policy_lr"]["value"] = 0.5;
    });
    const std::string manifest = slurp(run / "manifest.json");
    const auto refused = TrainingSession::resume(run, options());
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::usage);
    EXPECT_THAT(refused.error().message, AllOf(HasSubstr("seed: 0 before, 7 now"), HasSubstr("policy_lr"),
                                               HasSubstr("vaco fork"), HasSubstr("--accept-changes")));
    EXPECT_EQ(slurp(run / "manifest.json"), manifest) << "a refusal leaves the run as it is";

    auto accepting = options();
    accepting.accept_changes = true;
    const auto session = std::move(*TrainingSession::resume(run, accepting));
    ASSERT_EQ(run_to_end(*session), RunState::finished);
    EXPECT_THAT(text_of(alarms(*session), "changes"), HasSubstr("seed: 0 before, 7 now"));
    const Json changes = read_json(run / "manifest.json")->at("changes");
    ASSERT_EQ(changes.size(), 1u);
    EXPECT_EQ(changes[0]["step"], 330);
    EXPECT_THAT(changes[0]["changed"].dump(), HasSubstr(R"({"what":"seed","before":"0","now":"7"})"));
    EXPECT_THAT(slurp(run / "log.txt"), HasSubstr("seed: 0 before, 7 now"));
  }
}

TEST_F(FingerprintTest, OtherProgramsAreRefusedAndBothAreKept) {
  const auto run = half();
  forget_fingerprints(run);
  change_json(run / "manifest.json", [](Json& json) {
    json["libraries"] = "libtorch 9.9.9, HDF5 1.2.3";
    json["program"] = "vaco-workbench 0.0.1";
  });
  EXPECT_THAT(TrainingSession::resume(run, options()).error().message,
              AllOf(HasSubstr("libraries: libtorch 9.9.9 before"), HasSubstr("program: 0.0.1 before")));
  auto accepting = options();
  accepting.accept_changes = true;
  const auto session = std::move(*TrainingSession::resume(run, accepting));
  ASSERT_EQ(run_to_end(*session), RunState::finished);
  EXPECT_THAT(slurp(run / "manifest.json"), AllOf(HasSubstr("libtorch 9.9.9"), HasSubstr("MuJoCo")));
}

TEST_F(FingerprintTest, ANewerManifestIsLeftAlone) {
  const auto run = half();
  change_json(run / "manifest.json", [](Json& json) { json["manifest_version"] = 2; });
  const std::string manifest = slurp(run / "manifest.json");
  EXPECT_THAT(TrainingSession::resume(run, options()).error().message, HasSubstr("newer version"));
  EXPECT_EQ(slurp(run / "manifest.json"), manifest);
}

TEST_F(FingerprintTest, OtherDataAreRefusedOrRecorded) {
  const auto run = half();
  auto parts = std::make_shared<SessionParts>(*fake_parts());
  parts->read = [read = parts->read](const auto& path, const auto& how, const auto& progress, auto stop) {
    auto data = read(path, how, progress, stop);
    data->source.hash = "other-hash";
    return data;
  };
  auto session = std::move(*TrainingSession::resume(run, options(parts)));
  ASSERT_EQ(run_to_end(*session), RunState::failed);
  EXPECT_THAT(slurp(run / "manifest.json"), HasSubstr("its content has changed"));
  auto accepting = options(parts);
  accepting.accept_changes = true;
  session = std::move(*TrainingSession::resume(run, accepting));
  ASSERT_EQ(run_to_end(*session), RunState::finished);
  EXPECT_THAT(read_json(run / "manifest.json")->at("changes").dump(), HasSubstr("other-hash"));
}

TEST_F(FingerprintTest, TheEnvironmentStaysWhateverTheFileIsCalledNow) {
  for (const bool old : {false, true}) {
    const auto run = half(old ? "old" : "new");
    if (old) forget_fingerprints(run);
    auto parts = std::make_shared<SessionParts>(*fake_parts());
    parts->read = [read = parts->read](const auto& path, const ReadOptions& how, const auto& progress,
                                       auto stop) {
      auto data = read(path, how, progress, stop);
      data->environment = how.environment;  // its new name says nothing
      return data;
    };
    const auto session = std::move(*TrainingSession::resume(run, options(parts)));
    ASSERT_EQ(run_to_end(*session), RunState::finished);
    EXPECT_EQ(read_json(run / "manifest.json")->at("environment"), "hopper");
    const auto policy = *read_policy(run / "policy.h5");
    EXPECT_EQ(policy.step, 500);
    EXPECT_EQ(policy.environment, "hopper");
    EXPECT_THAT(slurp(run / "eval.jsonl"), HasSubstr(R"("step":500)"));
  }
}

TEST_F(FingerprintTest, LostMetricsAreMissed) {
  const auto run = half();
  const auto size = fs::file_size(run / "metrics.jsonl");
  fs::resize_file(run / "metrics.jsonl", size / 2);
  const auto session = std::move(*TrainingSession::resume(run, options()));
  ASSERT_EQ(run_to_end(*session), RunState::finished);
  EXPECT_THAT(text_of(alarms(*session), "lost_records"),
              AllOf(HasSubstr("metrics.jsonl"), HasSubstr("step 330"), Not(HasSubstr("eval.jsonl"))));
}

TEST_F(FingerprintTest, AForkGoesItsOwnWayAndCanBeResumed) {
  const auto run = half();
  auto breaking = options(fake_parts({.throw_at = 350}));
  breaking.folder_name = "fork";
  const auto fork = std::move(*TrainingSession::fork(run, {{"policy_lr", "0.5"}}, breaking));
  ASSERT_EQ(run_to_end(*fork), RunState::failed);
  const auto resumed = TrainingSession::resume(fork->folder(), options());
  ASSERT_TRUE(resumed.ok()) << resumed.error().message;
  EXPECT_EQ(run_to_end(**resumed), RunState::finished);
  EXPECT_EQ(read_checkpoint(fork->folder() / "checkpoints/last.h5")->fingerprint.at("policy_lr"), "0.5");
}

TEST_F(FingerprintTest, PoliciesAndScoresSayWhereTheyComeFrom) {
  FakeOptions fake;
  fake.physics = "v4";
  auto own = options(fake_parts(fake));
  own.folder_name = "run";
  const auto session = std::move(*TrainingSession::create(fake_config(folder_.path()), own));
  ASSERT_EQ(run_to_end(*session), RunState::finished);
  for (const char* name : {"policy.h5", "best_policy.h5"}) {
    const auto origin = *read_policy_origin(session->folder() / name);
    EXPECT_EQ(origin.physics, "v4");
    EXPECT_THAT(origin.simulator, HasSubstr("MuJoCo "));
    EXPECT_THAT(origin.program, HasSubstr("vaco-workbench "));
    EXPECT_EQ(origin.dataset, "fake data's.hdf5");
    EXPECT_EQ(origin.dataset_hash, "fake-hash");
  }
  const Json result = *session->result();
  EXPECT_EQ(result["physics"], "v4");
  EXPECT_THAT(result["simulator"].get<std::string>(), HasSubstr("MuJoCo "));
  EXPECT_THAT(slurp(session->folder() / "eval.jsonl"),
              AllOf(HasSubstr(R"("physics":"v4")"), HasSubstr("MuJoCo")));
}

}  // namespace
}  // namespace vaco
