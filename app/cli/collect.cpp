// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "core/data/reader.h"
#include "core/run/collecting.h"

namespace vaco::cli {
namespace {

struct Collect {
  std::string environment, physics = "v2", out;
  std::vector<std::string> policies;
  int64_t steps = 0;
  uint64_t seed = 0;
  bool in_order = false, quiet = false, json = false;

  [[nodiscard]] Result<CollectRequest> request() const {
    const auto kind = parse_physics(physics);
    if (!kind) return kind.error();
    if (const auto env = make_environment(environment, *kind); !env) return env.error();
    CollectRequest wanted{.environment = environment,
                          .physics = *kind,
                          .steps = steps,
                          .seed = seed,
                          .shuffle = !in_order,
                          .parts = {}};
    for (const auto& text : policies) {
      auto part = parse_collect_part(text, environment);
      if (!part) return part.error();
      wanted.parts.push_back(std::move(*part));
    }
    return wanted;
  }

  [[nodiscard]] int run() const {
    catch_signals();
    const auto wanted = request();
    if (!wanted) return report_error("collect", wanted.error());
    if (auto can = check_new_file(out); !can) return report_error("collect", can.error());
    std::stop_source stop;
    const bool draw = !quiet && ::isatty(STDERR_FILENO);
    const auto columns = collect_dataset(
        *wanted,
        [&](double fraction, std::string_view doing) {
          if (stop_was_asked()) stop.request_stop();
          if (draw)
            std::fprintf(stderr, "\r\033[K%.*s %3.0f %%", static_cast<int>(doing.size()), doing.data(),
                         100.0 * fraction);
        },
        stop.get_token());
    if (draw) std::fprintf(stderr, "\r\033[K");
    if (!columns) return report_error("collect", columns.error());
    if (auto written = write_dataset(out, *columns); !written) return report_error("collect", written.error());
    // Told from the file, as whoever reads it will see it.
    const auto check = read_dataset(out);
    if (!check) return report_error("collect", check.error());
    const auto summary = summarize(*check);
    if (json)
      std::printf("%s\n", to_line(to_json(summary)).c_str());
    else
      std::printf("%s", to_report(summary).c_str());
    return 0;
  }
};

}  // namespace

void add_collect(CLI::App& app, int& exit_code) {
  auto collect = std::make_shared<Collect>();
  CLI::App* command =
      app.add_subcommand("collect", "Roll out policies in MuJoCo and write what they do as a dataset");
  command->add_option("--environment", collect->environment, "hopper, walker2d or halfcheetah")->required();
  command->add_option("--physics", collect->physics, "v2 (as D4RL's data) or v4 (as Gymnasium)")
      ->capture_default_str();
  command
      ->add_option(
          "--policy", collect->policies,
          "who acts: random, a shipped policy (medium, expert), a policy file or a run folder; then its share "
          "(1) and the std of noise on its actions (0). Several for mixed data")
      ->required()
      ->type_name("POLICY[:SHARE[:NOISE]]");
  command->add_option("--steps", collect->steps, "transitions in all")->required()->check(row_count());
  command->add_option("--seed", collect->seed, "of everything that is drawn")
      ->check(seed_number())
      ->capture_default_str();
  command->add_option("--out", collect->out, "the file to write")->required()->type_name("OUT.hdf5");
  command->add_flag("--in-order", collect->in_order,
                    "policy after policy; trajectories are shuffled otherwise");
  command->add_flag("--json", collect->json, "the summary as JSON, the last line of stdout");
  command->add_flag("--quiet", collect->quiet, "no progress on stderr");
  command->callback([collect, &exit_code] { exit_code = collect->run(); });
}

}  // namespace vaco::cli
