// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/mends.h"

#include <map>

namespace vaco {

std::string mend_for(const std::string& key) {
  constexpr const char* kDropsEpisodes = "vaco repair leaves out the episodes concerned";
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
      {"no_rewards", "train bc, or write rewards into the file"},
      {"constant_rewards", "train bc, or write rewards that vary"},
      {"rewards_shifted", "vaco repair --shift-rewards moves each reward to the row before"},
      {"frozen_observations", "leave the episodes concerned out"},
      {"sources_mislabelled", "compare with the collector's own notes"},
      {"unknown_environment", kNameIt},
      {"unlike_environment", kNameIt},
      {"states_as_observations", "make observations with robomimic's dataset_states_to_obs.py"},
      {"columns", "say otherwise with --columns"},
      {"no_final_observations", "nothing is lost but the last row of an episode for value learning"},
  };
  const auto found = kMends.find(key);
  return found == kMends.end() ? std::string() : found->second;
}

}  // namespace vaco
