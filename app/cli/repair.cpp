// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/progress_line.h"
#include "app/cli/reading.h"
#include "core/data/lint_report.h"
#include "core/data/repair.h"

namespace vaco::cli {
namespace {

struct Repair {
  std::string in, out;
  ReadOptions reading;
  RepairOptions options;
  bool force = false;

  [[nodiscard]] int run() const {
    if (auto can = check_new_file(out, force ? Existing::replace : Existing::refuse, {in}); !can)
      return report_error("repair", can.error());
    auto dataset = [&] {
      ProgressLine line;
      return read_dataset(in, reading, line.teller(), line.stop_token());
    }();
    if (!dataset) return report_error("repair", dataset.error());
    auto repaired = repair(*dataset, options);
    if (!repaired) return report_error("repair", repaired.error());
    if (auto written = write_dataset(out, repaired->columns); !written)
      return report_error("repair", written.error());
    const auto check = read_dataset(out);
    if (!check) return report_error("repair", check.error());
    std::printf("%s: %lld of %lld rows of %s\n", out.c_str(), static_cast<long long>(check->rows),
                static_cast<long long>(dataset->rows), in.c_str());
    for (const auto& done : repaired->done) std::printf("  %s\n", done.c_str());
    if (repaired->done.empty()) std::printf("  nothing had to be mended; the rows are as they were\n");
    std::printf("\n%s", to_lint_text(summarize(*check)).c_str());
    return 0;
  }
};

}  // namespace

void add_repair(CLI::App& app, int& exit_code) {
  auto repair = std::make_shared<Repair>();
  CLI::App* command = add_command(app, "repair");
  command->add_option("in", repair->in, "the dataset; it is never changed")->required()->type_name("IN");
  command->add_option("out", repair->out, "the file to write")->required()->type_name("OUT.hdf5");
  command->add_flag("--time-limits", repair->options.time_limits,
                    "terminals at the greatest length are time limits; end episodes at the step limit");
  command->add_flag("--shift-rewards", repair->options.shift_rewards, "move each reward to the row before");
  auto* goal =
      command
          ->add_option("--goal", repair->options.goal,
                       "rewards of a goal, for data without: 0 where the first numbers of the observation "
                       "(x and y of a maze) are within the radius of it, -1 elsewhere, as OGBench has it")
          ->delimiter(',')
          ->type_name("X,Y");
  command->add_option("--goal-radius", repair->options.goal_radius, "how near is there")
      ->transform(typed_number())
      ->check(CLI::PositiveNumber)
      ->needs(goal)
      ->capture_default_str();
  add_reading_options(*command, repair->reading);
  command->add_flag("--force", repair->force, "replace OUT.hdf5 if it exists");
  command->footer(layouts_help());
  command->callback([repair, &exit_code] { exit_code = repair->run(); });
}

}  // namespace vaco::cli
