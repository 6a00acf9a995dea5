// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/alarm_watch.h"

#include <gtest/gtest.h>

#include <cmath>

namespace vaco {
namespace {

Metrics loss(int64_t step, double value) {
  return {step, "value", {{"critic_loss", value}, {"q_mean", 1e9}}};
}

WeightReport report(int64_t step, double pearson, double ess = 0.5, const char* phase = "bilevel") {
  WeightReport made;
  made.step = step;
  made.phase = phase;
  made.pearson = {pearson, pearson - 0.05, pearson + 0.05};
  made.ess = ess;
  made.source_mean_weight = {0.5};
  return made;
}

std::vector<std::string> keys(AlarmWatch& watch, const std::vector<Event>& events) {
  std::vector<std::string> found;
  for (const Event& event : events) {
    const AlarmNews news = watch.take(event);
    for (const auto& key : news.ended) found.push_back("end " + key);
    for (const Alarm& alarm : news.begun) found.push_back(std::to_string(alarm.step) + " " + alarm.key);
  }
  return found;
}
using Keys = std::vector<std::string>;

TEST(AlarmWatch, ALossThatRunsAwayIsToldOnceAndNoiseIsNot) {
  AlarmWatch watch;
  std::vector<Event> events;
  for (int64_t step = 1; step <= 20; ++step) events.push_back(loss(step, 5.0 + static_cast<double>(step % 3)));
  events.push_back(loss(21, 3e5));  // a single one
  for (int64_t step = 22; step <= 25; ++step) events.push_back(loss(step, 900.0 * 6.0));
  EXPECT_EQ(keys(watch, events), Keys{});
  EXPECT_EQ(keys(watch, {loss(26, 3e5), loss(27, 3e5), loss(28, 3e5), loss(29, 4e5), loss(30, 4e5)}),
            Keys{"28 critic_loss_runs_away"});
  // It came down and runs away anew.
  EXPECT_EQ(keys(watch, {loss(31, 6.0), loss(32, 3e5), loss(33, 3e5), loss(34, 3e5)}),
            (Keys{"end critic_loss_runs_away", "34 critic_loss_runs_away"}));
  ASSERT_EQ(watch.history().size(), 2U);
  EXPECT_EQ(watch.history()[0].begin, 28);
  EXPECT_EQ(watch.history()[0].end, 31);
  EXPECT_EQ(watch.history()[1].end, -1);
}

TEST(AlarmWatch, SmallLossesMayGrowToUsualSizes) {
  AlarmWatch watch;
  std::vector<Event> events;
  for (int64_t step = 1; step <= 30; ++step) events.push_back(loss(step, step < 15 ? 1e-4 : 5.0));
  EXPECT_EQ(keys(watch, events), Keys{});
}

TEST(AlarmWatch, InvertedWeightsNeedEvidenceAndAreForgivenWhenTheyRecover) {
  AlarmWatch watch;
  // As the demo begins: chance, told three times before the weights are learned at all, then recovery.
  EXPECT_EQ(keys(watch,
                 {report(1, -0.545), report(2, -0.545), report(3, -0.545), report(4, 0.736), report(5, 0.864)}),
            Keys{});
  EXPECT_EQ(keys(watch, {report(6, -0.03), report(7, -0.8), report(8, -0.9), report(9, -0.965)}),
            Keys{"9 weights_inverted"});
  EXPECT_EQ(keys(watch, {report(10, -0.9), report(11, 0.1)}), Keys{"end weights_inverted"});
  ASSERT_EQ(watch.history().size(), 1U);
  EXPECT_EQ(watch.history()[0].end, 11);
}

TEST(AlarmWatch, FixedWeightsThatAreInvertedAreEvidenceWhenTheyAreUsed) {
  AlarmWatch watch;
  EXPECT_EQ(keys(watch, {report(1, -0.9, 0.5, "cloning"), report(2, -0.9, 0.5, "cloning"),
                         report(3, -0.9, 0.5, "cloning")}),
            Keys{"3 weights_inverted"});
}

TEST(AlarmWatch, ACollapseIsToldAsTheSessionTellsIt) {
  AlarmWatch watch;
  EXPECT_EQ(keys(watch, {report(1, 0.3, 0.06), report(2, 0.3, 0.049), report(3, 0.4, 0.01)}),
            Keys{"2 weight_collapse"});
  EXPECT_EQ(keys(watch, {report(4, 0.4, 0.3)}), Keys{"end weight_collapse"});
}

TEST(AlarmWatch, ValuesCannotBeMoreThanRewardsSumTo) {
  const Json manifest{{"reward_range", {-1.0, 2.0}}};
  auto config = make_config("vaco", "quick");
  ASSERT_TRUE(config.ok());
  ASSERT_TRUE(set_param(*config, "discount", "0.99", Origin::run).ok());
  const auto limits = value_limits(manifest, *config);
  ASSERT_TRUE(limits.has_value());
  EXPECT_NEAR(limits->low, -100.0, 1e-9);
  EXPECT_NEAR(limits->high, 200.0, 1e-9);
  EXPECT_FALSE(value_limits(Json::object(), *config).has_value());
  AlarmWatch watch(limits);
  const auto q = [](int64_t step, double value) { return Metrics{step, "value", {{"q_mean", value}}}; };
  EXPECT_EQ(keys(watch, {q(1, 190.0), q(2, 300.0), q(3, 190.0), q(4, 214.0), q(5, 214.0), q(6, 214.0)}),
            Keys{});
  EXPECT_EQ(keys(watch, {q(7, 216.0), q(8, 216.0), q(9, 230.0), q(10, 10.0)}),
            (Keys{"9 q_mean_beyond_rewards", "end q_mean_beyond_rewards"}));
  EXPECT_EQ(keys(watch, {q(11, -116.0), q(12, -116.0), q(13, -120.0)}), Keys{"13 q_mean_beyond_rewards"});
}

TEST(AlarmWatch, NumbersThatAreNoneAndNormsAreWatched) {
  AlarmWatch watch;
  const auto norm = [](int64_t step, double value) {
    return Metrics{step, "value", {{"gradient_norm", value}}};
  };
  EXPECT_EQ(keys(watch, {norm(1, std::nan(""))}), Keys{"1 gradient_norm_not_a_number"});
  std::vector<Event> events;
  for (int64_t step = 2; step <= 12; ++step) events.push_back(norm(step, 2.0));
  for (int64_t step = 13; step <= 15; ++step) events.push_back(norm(step, 1e4));
  EXPECT_EQ(keys(watch, events), (Keys{"end gradient_norm_not_a_number", "15 gradient_norm_runs_away"}));
}

TEST(AlarmWatch, EveryAlarmIsOfAKindThatSaysWhatToTry) {
  for (const char* key : {"weights_inverted", "weight_collapse", "weights_frozen", "policy_q_beyond_rewards",
                          "critic_loss_runs_away", "v_mean_not_a_number"})
    ASSERT_NE(alarm_kind(key), nullptr) << key;
  EXPECT_EQ(alarm_kind("no_lock"), nullptr);
}

TEST(AlarmWatch, FrozenWeightsAreAFaultOnlyWhereTheyAreLearned) {
  AlarmWatch learning, cloning;
  std::vector<Event> frozen, fixed;
  for (int64_t step = 1; step <= 8; ++step) {
    frozen.push_back(report(step, 0.3));
    fixed.push_back(report(step, 0.3, 0.5, "cloning"));
  }
  EXPECT_EQ(keys(learning, frozen), Keys{"5 weights_frozen"});
  EXPECT_EQ(keys(cloning, fixed), Keys{});
}

TEST(AlarmWatch, AResumedRunIsLookedAtAnew) {
  AlarmWatch watch;
  const std::vector<Event> first{report(1, 0.3), report(2, -0.7), report(3, -0.8), report(4, -0.9)};
  EXPECT_EQ(keys(watch, first), Keys{"4 weights_inverted"});
  EXPECT_EQ(keys(watch, first), Keys{"4 weights_inverted"});
  EXPECT_EQ(watch.history().size(), 1U);
  // What had ended after the step from which it is written anew holds again, until it is seen not to.
  EXPECT_EQ(keys(watch, {report(5, -0.85), report(6, 0.4)}), Keys{"end weights_inverted"});
  EXPECT_EQ(keys(watch, {report(5, -0.85)}), Keys{});
  EXPECT_EQ(watch.history()[0].end, -1);
}

}  // namespace
}  // namespace vaco
