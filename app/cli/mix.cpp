// SPDX-License-Identifier: GPL-3.0-or-later
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/progress_line.h"
#include "app/cli/reading.h"
#include "core/base/files.h"
#include "core/base/readable.h"
#include "core/data/minari_writer.h"
#include "core/data/mixer.h"
#include "core/data/reader.h"
#include "core/data/selection.h"
#include "core/records/run_weights.h"
#include "core/tasks/task_names.h"

namespace vaco::cli {
namespace {

namespace fs = std::filesystem;

/// "FILE:0.3" -> the file and its share. A colon that is part of the file's name is left alone.
std::pair<fs::path, double> split_share(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon + 1 == text.size() || look_at(text)) return {text, 1.0};
  double share = 0.0;
  const std::string typed = plain_number(text.substr(colon + 1), false);
  const char* end = typed.data() + typed.size();
  const auto [at, error] = std::from_chars(typed.data(), end, share);
  if (error != std::errc{} || at != end) return {text, 1.0};
  return {text.substr(0, colon), share};
}

struct Mix {
  std::string out, by_weight, only;
  std::vector<std::string> files;
  ReadOptions reading;
  Selection selection;
  MixOptions options;
  bool force = false, minari = false, by_return = false;

  [[nodiscard]] int run() {
    if (auto known = check_environment_name(reading.environment); !known)
      return report_error("mix", known.error());
    if (auto fits = take_selection(); !fits) return report_error("mix", fits.error());
    std::vector<fs::path> inputs;
    for (const auto& file : files) inputs.push_back(split_share(file).first);
    const auto existing = force ? Existing::replace : Existing::refuse;
    if (auto can = minari ? check_minari_folder(out, existing, inputs) : check_new_file(out, existing, inputs);
        !can)
      return report_error("mix", can.error());
    std::vector<MixPart> parts;
    for (const auto& file : files) {
      if (stop_was_asked()) return stopped();
      const auto [path, share] = split_share(file);
      auto dataset = [&, &path = path] {
        ProgressLine line;
        return read_dataset(path, reading, line.teller(), line.stop_token());
      }();
      if (!dataset) return report_error("mix", dataset.error());
      auto states = read_row_states(*dataset);
      if (!states) return report_error("mix", states.error());
      parts.push_back({.dataset = std::move(*dataset),
                       .share = share,
                       .name = path.stem().string(),
                       .states = std::move(*states)});
      if (auto chosen = choose(parts.back()); !chosen) return report_error("mix", chosen.error());
    }
    const auto mixed = mix_datasets(parts, options);
    if (!mixed) return report_error("mix", mixed.error());
    if (mixed->qpos.empty())
      for (const auto& part : parts)
        if (!part.states.empty())
          print_warnings({"the simulator's states (infos/qpos, infos/qvel) of " + part.name +
                          " are left out, as not all files have them"});
    parts.clear();
    if (stop_was_asked()) return stopped();
    return write(*mixed);
  }

  /// What of the arguments says which episodes go in.
  Result<void> take_selection() {
    selection.exclude = std::move(reading.exclude);
    reading.exclude = {};
    if (!only.empty()) {
      auto list = EpisodeList::read(only);
      if (!list) return list.error().within("--episodes");
      selection.only = std::move(*list);
    }
    if (selection.keep < 1.0 && by_weight.empty() && !by_return)
      return Error{ErrorCode::usage,
                   "--keep takes the best by --by-return or --by-weight RUN: name one of them"};
    if (!by_weight.empty()) selection.rank = Selection::Rank::by_weight;
    if (by_return) selection.rank = Selection::Rank::by_return;
    if (selection.chooses()) options.chosen = to_json(selection);
    if (!by_weight.empty()) options.chosen["run"] = by_weight;
    return {};
  }

  Result<void> choose(MixPart& part) const {
    if (!selection.chooses()) return {};
    std::vector<double> weights;
    if (!by_weight.empty()) {
      auto learned = weights_of_run(by_weight, part.dataset);
      if (!learned) return learned.error();
      weights = std::move(*learned);
    }
    auto taken = select_episodes(part.dataset, selection, weights);
    if (!taken) return taken.error();
    part.taken = std::move(*taken);
    return {};
  }

  [[nodiscard]] int write(const DatasetColumns& columns) const {
    if (minari) {
      const auto told = write_minari(out, columns);
      if (!told) return report_error("mix", told.error());
      print_warnings(*told);
    } else if (auto written = write_dataset(out, columns); !written) {
      return report_error("mix", written.error());
    }
    const auto check = read_dataset(out);
    if (!check) return report_error("mix", check.error());
    std::printf("%s", to_report(summarize(*check)).c_str());
    return 0;
  }

  [[nodiscard]] int stopped() const {
    return report_error("mix", {ErrorCode::stopped, "stopped; " + out + " was not written"});
  }
};

void add_selection(CLI::App& command, Mix& mix) {
  auto& selection = mix.selection;
  const auto number = [&](const char* name, auto& value, const char* help) {
    return command.add_option(name, value, help);
  };
  command.add_option("--source", selection.sources, "only episodes of these behavior policies")
      ->delimiter(',')
      ->type_name("NAME,...");
  number("--min-return", selection.least_return, "only episodes that return as much or more")
      ->transform(typed_number());
  number("--max-return", selection.most_return, "only episodes that return as much or less")
      ->transform(typed_number());
  number("--min-length", selection.least_length, "only episodes of so many rows or more")->check(row_count());
  number("--max-length", selection.most_length, "only episodes of so many rows or less")->check(row_count());
  command
      .add_option("--without", selection.without_findings,
                  "no episodes that these findings are about (vaco inspect --lint names them)")
      ->delimiter(',')
      ->type_name("FINDING,...");
  command
      .add_option("--episodes", mix.only, "only these, by their numbers from 0: 3,17,20-25, or a file of them")
      ->type_name("LIST");
  auto* keep =
      command.add_option("--keep", selection.keep, "the best episodes that hold this share of the rows")
          ->transform(typed_number())
          ->check(CLI::Range(1e-9, 1.0));
  auto* weight =
      command.add_option("--by-weight", mix.by_weight, "the best by what this run has learned of its data")
          ->type_name("RUN")
          ->needs(keep);
  command.add_flag("--by-return", mix.by_return, "the best by return")->needs(keep)->excludes(weight);
}

}  // namespace

void add_mix(CLI::App& app, int& exit_code) {
  auto mix = std::make_shared<Mix>();
  CLI::App* command = add_command(app, "mix");
  command->add_option("out", mix->out, "the file to write, or the folder of a Minari dataset, NAME-vN")
      ->required()
      ->type_name("OUT");
  command->add_option("files", mix->files, "datasets, each with its share of the rows (1 if not said)")
      ->required()
      ->type_name("FILE[:SHARE]");
  command
      ->add_option_function<std::string>(
          "--format", [mix](const std::string& format) { mix->minari = format == "minari"; },
          "d4rl: an HDF5 file as D4RL's; minari: a Minari 0.5 dataset")
      ->check(CLI::IsMember({"d4rl", "minari"}));
  command
      ->add_option("--rows", mix->options.rows, "rows in all, about; as many as the shares allow if not said")
      ->check(row_count());
  add_selection(*command, *mix);
  command->add_flag("--keep-order", mix->options.keep_order,
                    "episodes as they stand in the files, not shuffled");
  command->add_option("--seed", mix->options.seed, "which trajectories, and their order")->check(seed_number());
  add_reading_options(*command, mix->reading);
  command->add_flag("--force", mix->force, "replace OUT if it exists");
  command->footer(
      "Example, the data that a run has given the greatest weights:\n"
      "  vaco mix best.hdf5 hopper_mixed.hdf5 --by-weight runs/hopper__... --keep 0.3");
  command->callback([mix, &exit_code] { exit_code = mix->run(); });
}

}  // namespace vaco::cli
