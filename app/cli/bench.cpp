// SPDX-License-Identifier: GPL-3.0-or-later
// vaco bench: how fast this machine trains, beside libtorch autograd doing the same, and beside what its cores
// can do.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <thread>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "core/base/json.h"
#include "core/data/reader.h"
#include "core/data/writer.h"
#include "core/learn/algorithm.h"
#include "core/learn/benchmark.h"
#include "core/sim/collector.h"

namespace vaco::cli {
namespace {

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Json benchmark_environments() {
  constexpr int64_t kSteps = 10000;
  Json rates = Json::object();
  for (const auto& info : environments()) {
    const double start = now();
    if (collect({.name = "random", .snapshot = nullptr}, {.environment = info.name, .steps = kSteps}))
      rates[info.name] = static_cast<double>(kSteps) / (now() - start);
  }
  return rates;
}

/// MB of float32 observations and actions a second, from a gzip file made for it.
Result<double> benchmark_load() {
  DatasetColumns columns;
  columns.rows = 200000;
  columns.obs_dim = 17;
  columns.action_dim = 6;
  Rng rng(1);
  const auto fill = [&](std::vector<float>& values, int64_t width) {
    values.resize(static_cast<size_t>(columns.rows * width));
    for (auto& v : values) v = static_cast<float>(0.001 * static_cast<double>(rng.index(2000)) - 1.0);
  };
  fill(columns.observations, columns.obs_dim);
  fill(columns.actions, columns.action_dim);
  fill(columns.rewards, 1);
  columns.terminals.assign(static_cast<size_t>(columns.rows), 0);
  columns.timeouts.assign(static_cast<size_t>(columns.rows), 0);
  for (size_t i = 999; i < columns.timeouts.size(); i += 1000) columns.timeouts[i] = 1;
  const auto path = std::filesystem::temp_directory_path() /
                    ("vaco-bench-" + std::to_string(rng.next() ^ static_cast<uint64_t>(1e6 * now())) + ".hdf5");
  if (auto written = write_dataset(path, columns); !written) return written.error();
  const double start = now();
  const auto read = read_dataset(path);
  const double seconds = now() - start;
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  if (!read) return read.error();
  return 4e-6 * static_cast<double>(columns.rows * (columns.obs_dim + columns.action_dim + 1)) / seconds;
}

struct Options {
  int threads = 0;
  double seconds = 6.0;
  bool json = false;
};

int run(const Options& options) {
  const int threads = options.threads > 0 ? options.threads
                                          : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  const auto info = compute_info();
  const auto say = [](std::string_view what) {
    std::fprintf(stderr, "measuring %s\n", std::string(what).c_str());
  };
  say("matrix products");
  const double gemm = benchmark_gemm(threads, 1.0);
  const auto rows = benchmark_updates(threads, options.seconds, say);
  say("environments");
  const Json environments = benchmark_environments();
  say("reading");
  const auto load = benchmark_load();
  if (!load) return report_error("bench", load.error());
  const uint64_t signature = arithmetic_signature();

  Json results = Json::array();
  for (const auto& row : rows)
    results.push_back({{"phase", row.phase},
                       {"shape", row.shape},
                       {"engine_float32", row.engine},
                       {"engine_bfloat16", nullptr},
                       {"referee", row.referee},
                       {"referee_threads", row.referee_threads},
                       {"ratio_float32", row.engine / row.referee},
                       {"gemm_share_float32", row.engine * row.gflop_per_step / gemm}});
  const Json json{{"machine", info.device + "; " + info.libraries},
                  {"threads", threads},
                  {"gemm", {{"float32_gflops", gemm}, {"bfloat16_gflops", nullptr}}},
                  {"results", results},
                  {"environments", environments},
                  {"load", {{"mb_per_s", *load}}},
                  {"signature", signature}};
  if (options.json) {
    std::printf("%s\n", to_line(json).c_str());
    return 0;
  }
  std::printf("%s; %s; %d threads\n", info.device.c_str(), info.libraries.c_str(), threads);
  std::printf("matrix products   %.0f GFLOP/s in float32 ([128, 256] x [256, 256])\n\n", gemm);
  std::printf("%-10s %-12s %12s %22s %8s %14s\n", "phase", "shape", "engine /s", "libtorch autograd /s",
              "ratio", "of GEMM rate");
  for (const auto& row : rows)
    std::printf("%-10s %-12s %12.0f %13.0f (%d thr.) %7.1fx %12.0f %%\n", row.phase.c_str(), row.shape.c_str(),
                row.engine, row.referee, row.referee_threads, row.engine / row.referee,
                100.0 * row.engine * row.gflop_per_step / gemm);
  std::printf("\n");
  for (const auto& [name, rate] : environments.items())
    std::printf("%-23s %12.0f environment steps/s, one thread\n", name.c_str(), rate.get<double>());
  std::printf("%-23s %12.0f MB/s of float32 columns from gzip\n", "reading", *load);
  std::printf("%-23s %016llx\n", "signature", static_cast<unsigned long long>(signature));
  return 0;
}

}  // namespace

void add_bench(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("bench", "Measure how fast this machine trains, simulates and reads");
  auto options = std::make_shared<Options>();
  command->add_option("--threads", options->threads, "0 = all cores")->check(CLI::Range(0, 1024));
  command->add_option("--seconds", options->seconds, "for each side of each update")
      ->check(CLI::Range(0.1, 60.0))
      ->capture_default_str();
  command->add_flag("--json", options->json, "print JSON instead of a table");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace vaco::cli
