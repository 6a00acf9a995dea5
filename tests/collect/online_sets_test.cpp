// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/collect/online_sets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/records/online_schema.h"

namespace vaco {
namespace {
using ::testing::ElementsAre;

TEST(ChosenPolicy, MediumIsTheFirstAtAThirdOfTheBest) {
  const auto evaluated = [](int64_t step, double score) {
    EvaluationDone done;
    done.result.step = step;
    done.result.has_reference = true;
    done.result.normalized_mean = score;
    return done;
  };
  const auto steps_of = [&](const std::vector<double>& scores) {
    std::vector<EvaluationDone> all;
    for (size_t i = 0; i < scores.size(); ++i) all.push_back(evaluated(static_cast<int64_t>(i), scores[i]));
    const auto chosen = *choose_policies(all);
    return std::vector<int64_t>{chosen.medium.result.step, chosen.expert.result.step};
  };
  EXPECT_THAT(steps_of({1, 29, 31, 80, 90, 40}), ElementsAre(2, 4));
  EXPECT_THAT(steps_of({90, 40}), ElementsAre(0, 0));
  EXPECT_THAT(steps_of({-5, -3}), ElementsAre(1, 1));
  EXPECT_EQ(choose_policies({}).error().code, ErrorCode::usage);
}

TEST(OnlineSchema, EveryParameterIsExplained) {
  for (const auto& spec : online_schema()) {
    EXPECT_TRUE(check_value(spec, spec.default_value)) << spec.key;
    EXPECT_FALSE(spec.label.empty() || spec.help.empty() || spec.group.empty() || spec.affects.empty() ||
                 spec.reference.empty())
        << spec.key;
  }
}

}  // namespace
}  // namespace vaco
