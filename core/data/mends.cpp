// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/mends.h"

#include <map>

namespace vaco {

namespace {

/// Every finding there is, and what to do about it.
const std::map<std::string, std::string>& mends() {
  constexpr const char* kDropsEpisodes = "vaco repair leaves out the episodes concerned";
  constexpr const char* kLeaveOut =
      "put the numbers right, or leave the episodes concerned out: vaco mix --without";
  constexpr const char* kSplits = "vaco repair ends episodes there";
  constexpr const char* kNameIt = "name it with --environment";
  static const std::map<std::string, std::string> kMends = {
      {"not_a_number", kDropsEpisodes},
      {"duplicated_episodes", "vaco repair keeps the first of each"},
      {"near_duplicated_episodes", "see whether the collector started from the same seed"},
      {"duplicated_rows", "see whether parts of the file were put together twice"},
      {"terminals_at_one_length", "vaco repair --time-limits makes them timeouts"},
      {"consecutive_terminals",
       "take the flag from the environment's terminated, and time limits from truncated"},
      {"ends_are_mixed", "write terminated and truncated apart; vaco repair writes them as they were read"},
      {"time_limits_as_terminals", "vaco repair writes them as timeouts"},
      {"next_observations_do_not_chain", kSplits},
      {"unmarked_resets", "write time limits as timeouts where the collector reset the environment"},
      {"position_jumps", "take the -v2 file"},
      {"no_timeouts", "vaco repair writes the ends that were found as timeouts"},
      {"timeouts_all_false", "vaco repair writes the ends that were found as timeouts"},
      {"last_episode_cut", "vaco repair marks its end as a timeout"},
      {"episodes_too_long", "look for missing ends; vaco repair --time-limits ends episodes at the limit"},
      {"actions_outside_bounds", "vaco repair clips them to the bounds"},
      {"no_rewards",
       "train bc, or write rewards into the file; vaco repair --goal X,Y writes those of a goal in a maze"},
      {"constant_rewards", "train bc, or write rewards that vary"},
      {"rewards_shifted", "vaco repair --shift-rewards moves each reward to the row before"},
      {"frozen_observations", kLeaveOut},
      {"sources_mislabelled", "compare with the collector's own notes"},
      {"unknown_environment", kNameIt},
      {"unlike_environment", kNameIt},
      {"states_as_observations", "make observations with robomimic's dataset_states_to_obs.py"},
      {"columns", "say otherwise with --columns"},
      {"all_terminal", "write terminals only where the state ended"},
      {"constant_actions", ""},
      {"constant_columns", ""},
      {"costs", "put costs into the rewards, if they are to be learned from"},
      {"d4rl_exact", ""},
      {"drift", "see whether the collector's policy or its sensors changed"},
      {"float64_columns", ""},
      {"huge_numbers", kLeaveOut},
      {"masks", ""},
      {"no_next_observations", ""},
      {"no_terminals", ""},
      {"odd_flags", "write flags as 0 and 1"},
      {"odd_policy_ids", "write a small whole number a policy"},
      {"other_physics", "choose the physics of the data with --physics"},
      {"outliers", kLeaveOut},
      {"reward_is_state_count", ""},
      {"reward_outliers", kLeaveOut},
      {"saturated_actions", ""},
      {"several_discrete_actions", "write one number a row, or a column of its own for each choice"},
      {"short_timeouts", "take whole episodes, if returns are to be compared"},
      {"single_episode", "write terminals and timeouts"},
      {"single_row_episodes", ""},
      {"terminal_and_timeout", ""},
      {"timeouts_mark_goals", ""},
      {"unreadable_field", ""},
      {"validation_beside", ""},
      {"no_final_observations", "nothing is lost but the last row of an episode for value learning"},
  };
  return kMends;
}

}  // namespace

std::string mend_for(const std::string& key) {
  const auto found = mends().find(key);
  return found == mends().end() ? std::string() : found->second;
}

bool is_finding(const std::string& key) {
  return mends().contains(key);
}

}  // namespace vaco
