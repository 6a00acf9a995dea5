// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "app/cli/command.h"
#include "core/data/reader.h"

namespace vaco::cli {

/// An option that takes a list of episodes, or a file that holds one.
inline void add_episode_list(CLI::App& command, const std::string& name, EpisodeList& list,
                             const std::string& help) {
  command
      .add_option_function<std::string>(
          name,
          [name, &list](const std::string& text) {
            auto read = EpisodeList::read(text);
            if (!read) throw CLI::ValidationError(name, read.error().message);
            list = std::move(*read);
          },
          help)
      ->type_name("LIST");
}

/// --columns, --observations, --subset, --exclude: what of a dataset is read, and as what.
inline void add_selection_options(CLI::App& command, ReadOptions& options) {
  command
      .add_option("--columns", options.columns,
                  "what stands where, for tables and arrays with names of their own: "
                  "\"observations=0-3;actions=4;rewards=reward;dones=done\"")
      ->type_name("ROLE=COLUMNS;...");
  command
      .add_option("--observations", options.observation_keys,
                  "which named observations, in this order (all by name if not said)")
      ->delimiter(',')
      ->type_name("KEY,...");
  command
      .add_option("--subset", options.subset, "a subset of episodes that the file names (robomimic's masks)")
      ->type_name("NAME");
  add_episode_list(command, "--exclude", options.exclude,
                   "episodes to leave out, by their numbers from 0: 3,17,20-25, or a file of such numbers");
}

/// The same and --environment: how a dataset is read.
inline void add_reading_options(CLI::App& command, ReadOptions& options) {
  command.add_option("--environment", options.environment, "the environment, where the file name misleads")
      ->type_name("NAME");
  add_selection_options(command, options);
}

/// What can be read, a line each, for the end of help texts.
inline std::string layouts_help() {
  std::string text = "Layouts that are read:\n";
  for (const auto& reader : dataset_readers()) text += "  " + reader->name() + ": " + reader->takes() + "\n";
  return text + "Everything else is named for what it is, with a way to convert it.";
}

}  // namespace vaco::cli
