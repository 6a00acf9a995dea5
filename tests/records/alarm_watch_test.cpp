// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/alarm_watch.h"

#include <gtest/gtest.h>

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
  for (const Event& event : events)
    for (const Alarm& alarm : watch.take(event)) found.push_back(std::to_string(alarm.step) + " " + alarm.key);
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
            Keys{"34 critic_loss_runs_away"});
}

TEST(AlarmWatch, SmallLossesMayGrowToUsualSizes) {
  AlarmWatch watch;
  std::vector<Event> events;
  for (int64_t step = 1; step <= 30; ++step) events.push_back(loss(step, step < 15 ? 1e-4 : 5.0));
  EXPECT_EQ(keys(watch, events), Keys{});
}

TEST(AlarmWatch, WeightsAreInvertedWhenTheIntervalIsBelowZero) {
  AlarmWatch watch;
  EXPECT_EQ(keys(watch, {report(1, 0.3), report(2, -0.03), report(3, -0.965), report(4, -0.9)}),
            Keys{"3 weights_inverted"});
  EXPECT_EQ(keys(watch, {report(5, 0.2), report(6, -0.2)}), Keys{"6 weights_inverted"});
}

TEST(AlarmWatch, ACollapseIsToldAsTheSessionTellsIt) {
  AlarmWatch watch;
  EXPECT_EQ(keys(watch, {report(1, 0.3, 0.06), report(2, 0.3, 0.049), report(3, 0.4, 0.01)}),
            Keys{"2 weight_collapse"});
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
  EXPECT_EQ(keys(watch, {report(1, 0.3), report(2, -0.9)}), Keys{"2 weights_inverted"});
  EXPECT_EQ(keys(watch, {report(1, 0.3), report(2, -0.9)}), Keys{"2 weights_inverted"});
}

}  // namespace
}  // namespace vaco
