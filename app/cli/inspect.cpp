// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstdio>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/progress_line.h"
#include "core/data/reader.h"
#include "core/tasks/task_names.h"

namespace vaco::cli {
namespace {

struct Inspect {
  std::vector<std::string> files;
  ReadOptions options;
  bool json = false;

  [[nodiscard]] int run() const {
    if (auto known = check_environment_name(options.environment); !known)
      return report_error("inspect", known.error());
    catch_signals();
    int exit = 0;
    Json summaries = Json::array();
    bool first = true;
    for (const auto& file : files) {
      if (stop_was_asked()) return report_error("inspect", {ErrorCode::stopped, "stopped before " + file});
      const auto dataset = [&] {
        ProgressLine line;
        return read_dataset(file, options, line.teller(), line.stop_token());
      }();
      if (!dataset) {
        exit = std::max(exit, report_error("inspect", dataset.error()));
        continue;
      }
      const DatasetSummary summary = summarize(*dataset);
      if (json) {
        summaries.push_back(to_json(summary));
        continue;
      }
      std::printf("%s%s", first ? "" : "\n", to_report(summary).c_str());
      first = false;
    }
    if (json && !summaries.empty()) {
      const Json& shown = files.size() > 1 ? summaries : summaries[0];
      std::printf("%s\n", shown.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    }
    return exit;
  }
};

}  // namespace

void add_inspect(CLI::App& app, int& exit_code) {
  auto inspect = std::make_shared<Inspect>();
  CLI::App* command = app.add_subcommand("inspect", "Say what is in dataset files and what is odd about them");
  command->add_option("files", inspect->files, "D4RL HDF5 files")->required()->type_name("FILE");
  command->add_flag("--json", inspect->json, "JSON on stdout: an object for one file, an array for several");
  command->add_flag("--d4rl-exact", inspect->options.d4rl_exact,
                    "read the rows exactly as d4rl.qlearning_dataset does");
  command
      ->add_option("--environment", inspect->options.environment,
                   "the environment, where the file name misleads")
      ->type_name("NAME");
  command->callback([inspect, &exit_code] { exit_code = inspect->run(); });
}

}  // namespace vaco::cli
