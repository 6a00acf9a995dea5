// SPDX-License-Identifier: GPL-3.0-or-later
// vaco selftest: whether a device computes what the processor does.
#include <cstdio>
#include <memory>
#include <string>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "core/base/json.h"
#include "core/bench/selftest.h"
#include "core/device/compute_info.h"

namespace vaco::cli {
namespace {

struct Request {
  std::string device = "cuda", only;
  int64_t steps = 200;
  bool json = false;
};

const char* word(bool good) {
  return good ? "same" : "DIFFERS";
}

void print_table(const std::vector<SelftestRow>& rows) {
  std::printf("%-20s %6s %12s %-9s %-9s %-9s %s\n", "algorithm", "steps", "of tolerance", "replayed", "resumed",
              "beside", "largest difference");
  for (const auto& row : rows) {
    if (!row.problem.empty()) {
      std::printf("%-20s FAILED: %s\n", row.name.c_str(), row.problem.c_str());
      continue;
    }
    std::printf("%-20s %6lld %12.3f %-9s %-9s %-9s %.1e, %s%s\n", row.name.c_str(),
                static_cast<long long>(row.steps), row.difference, row.replays ? word(*row.replays) : "-",
                word(row.resumes), word(row.beside), row.largest, row.worst.c_str(),
                row.agrees ? "" : "  TOO LARGE");
  }
}

Json as_json(const std::vector<SelftestRow>& rows, const ComputeInfo& info) {
  Json results = Json::array();
  for (const auto& row : rows)
    results.push_back({{"algorithm", row.name},
                       {"steps", row.steps},
                       {"difference_in_tolerances", row.difference},
                       {"largest_difference", row.largest},
                       {"largest_difference_of", row.worst},
                       {"replayed", row.replays ? Json(*row.replays) : Json(nullptr)},
                       {"resumed", row.resumes},
                       {"beside", row.beside},
                       {"problem", row.problem},
                       {"passed", row.passed()}});
  return {{"machine", info.device + "; " + info.libraries}, {"results", results}};
}

int compare(const Request& options) {
  end_on_signals();
  const auto rows = run_selftest(options.device, options.steps, options.only, [](std::string_view what) {
    std::fprintf(stderr, "testing %s\n", std::string(what).c_str());
  });
  if (!rows) return report_error("selftest", rows.error());
  const auto info = compute_info();
  int failed = 0;
  for (const auto& row : *rows) failed += row.passed() ? 0 : 1;
  if (options.json) {
    std::printf("%s\n", to_line(as_json(*rows, info)).c_str());
    return failed > 0 ? 1 : 0;
  }
  std::printf(
      "%s; %s\ndevice %s in float32 beside the processor in double precision, %lld steps at a time; tolerance "
      "%.0e in nine stretches of ten, %.0e in any\n\n",
      info.device.c_str(), info.libraries.c_str(), options.device.c_str(),
      static_cast<long long>(kSelftestStretch), kSelftestTolerance, kSelftestLargest);
  print_table(*rows);
  std::printf("\n%zu passed, %d failed\n", rows->size() - static_cast<size_t>(failed), failed);
  return failed > 0 ? 1 : 0;
}

}  // namespace

void add_selftest(CLI::App& app, int& exit_code) {
  auto* command = add_command(app, "selftest");
  auto options = std::make_shared<Request>();
  command
      ->add_option("--device", options->device, "cuda, or rehearsal: a card's way of working on the processor")
      ->check(CLI::IsMember({"cuda", "rehearsal"}))
      ->capture_default_str();
  command->add_option("--steps", options->steps, "for each algorithm, through all its phases")
      ->check(CLI::Range(int64_t{10}, int64_t{100000}))
      ->capture_default_str();
  command->add_option("--only", options->only, "rows whose name contains this");
  command->add_flag("--json", options->json, "print JSON instead of a table");
  command->callback([options, &exit_code] { exit_code = compare(*options); });
}

}  // namespace vaco::cli
