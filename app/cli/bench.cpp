// SPDX-License-Identifier: GPL-3.0-or-later
// vaco bench: how fast this machine trains, beside libtorch autograd doing the same, and beside what its cores
// can do.
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "core/base/files.h"
#include "core/base/json.h"
#include "core/base/threads.h"
#include "core/bench/benchmark.h"
#include "core/bench/device_benchmark.h"
#include "core/data/reader.h"
#include "core/data/writer.h"
#include "core/device/compute_info.h"
#include "core/learn/algorithm.h"
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
  const auto folder = temporary_folder();
  if (!folder) return folder.error();
  const auto path =
      *folder / ("vaco-bench-" + std::to_string(rng.next() ^ static_cast<uint64_t>(1e6 * now())) + ".hdf5");
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
  double seconds = 3.5;
  ComputeOptions compute{.device = "cpu"};
  std::vector<std::string> phases{kDevicePhases.begin(), kDevicePhases.end()};
  std::vector<int> runs{1, 4, 16};
  bool json = false;
};

struct Measurements {
  int threads = 1;
  double gemm_float32 = 0.0, gemm_bfloat16 = 0.0;
  std::vector<UpdateBenchmark> updates;
  Json environments;
  double load = 0.0;
  uint64_t signature = 0;
};

/// null instead of 0: what this processor does not have is not slow.
Json or_null(double rate) {
  return rate > 0.0 ? Json(rate) : Json(nullptr);
}

/// Hours for a million value steps and a million bi-level steps on a shape, from one column of the
/// measurements.
double paper_hours(const Measurements& all, const std::string& shape, double UpdateBenchmark::*rate) {
  double seconds = 0.0;
  for (const auto& row : all.updates)
    if (row.shape == shape && (row.phase == "value" || row.phase == "bilevel")) seconds += 1e6 / (row.*rate);
  return seconds / 3600.0;
}

Json as_json(const Measurements& all, const ComputeInfo& info) {
  Json results = Json::array(), hours = Json::object();
  for (const auto& row : all.updates) {
    const double share = row.engine_float32 * row.gflop_per_step / all.gemm_float32;
    results.push_back({{"phase", row.phase},
                       {"shape", row.shape},
                       {"engine_float32", row.engine_float32},
                       {"engine_bfloat16", or_null(row.engine_bfloat16)},
                       {"autograd", row.autograd},
                       {"autograd_threads", row.autograd_threads},
                       {"ratio_float32", row.engine_float32 / row.autograd},
                       {"ratio_bfloat16", or_null(row.engine_bfloat16 / row.autograd)},
                       {"gemm_share_float32", share}});
    if (hours.contains(row.shape)) continue;
    const bool rounded = row.engine_bfloat16 > 0.0;
    hours[row.shape] = {
        {"float32", paper_hours(all, row.shape, &UpdateBenchmark::engine_float32)},
        {"bfloat16",
         rounded ? or_null(paper_hours(all, row.shape, &UpdateBenchmark::engine_bfloat16)) : Json()},
        {"autograd", paper_hours(all, row.shape, &UpdateBenchmark::autograd)}};
  }
  return {{"machine", info.device + "; " + info.libraries},
          {"threads", all.threads},
          {"gemm", {{"float32_gflops", all.gemm_float32}, {"bfloat16_gflops", or_null(all.gemm_bfloat16)}}},
          {"results", results},
          {"paper_protocol_hours", hours},
          {"environments", all.environments},
          {"load", {{"mb_per_s", all.load}}},
          {"signature", all.signature}};
}

void print_table(const Measurements& all, const ComputeInfo& info) {
  const bool rounded = all.gemm_bfloat16 > 0.0;
  std::printf("%s; %s; %d threads\n", info.device.c_str(), info.libraries.c_str(), all.threads);
  std::printf("matrix products   %.0f GFLOP/s in float32", all.gemm_float32);
  if (rounded) std::printf(", %.0f in bfloat16", all.gemm_bfloat16);
  std::printf(" ([128, 256] x [256, 256])%s\n\n", rounded ? "" : "; no fast bfloat16 on this processor");
  std::printf("%-8s %-12s %10s %10s %22s %16s %10s\n", "phase", "shape", "float32 /s", "bf16 /s",
              "libtorch autograd /s", "ratios", "of GEMM");
  for (const auto& row : all.updates) {
    std::printf("%-8s %-12s %10.0f %10.0f %13.0f (%d thr.) %7.1fx %6.1fx %8.0f %%\n", row.phase.c_str(),
                row.shape.c_str(), row.engine_float32, row.engine_bfloat16, row.autograd, row.autograd_threads,
                row.engine_float32 / row.autograd, row.engine_bfloat16 / row.autograd,
                100.0 * row.engine_float32 * row.gflop_per_step / all.gemm_float32);
  }
  std::printf("\n");
  for (const char* shape : {"hopper", "halfcheetah"}) {
    std::printf("%-23s %12.2f h for 1M value and 1M bi-level steps in float32", shape,
                paper_hours(all, shape, &UpdateBenchmark::engine_float32));
    if (rounded)
      std::printf(", %.2f h in bfloat16", paper_hours(all, shape, &UpdateBenchmark::engine_bfloat16));
    std::printf(", %.2f h by autograd\n", paper_hours(all, shape, &UpdateBenchmark::autograd));
  }
  for (const auto& [name, rate] : all.environments.items())
    std::printf("%-23s %12.0f environment steps/s, one thread\n", name.c_str(), rate.get<double>());
  std::printf("%-23s %12.0f MB/s of float32 columns from gzip\n", "reading", all.load);
  std::printf("%-23s %016llx\n", "signature", static_cast<unsigned long long>(all.signature));
}

void say(std::string_view what) {
  std::fprintf(stderr, "measuring %s\n", std::string(what).c_str());
}

/// The rates of a device by itself: beside the processor's they are another question.
int run_device(const Options& options) {
  const auto rates = benchmark_device(options.compute, options.phases, options.runs, options.seconds, say);
  if (!rates) return report_error("bench", rates.error());
  const auto info = compute_info();
  if (options.json) {
    Json results = Json::array();
    for (const auto& row : *rates)
      results.push_back({{"phase", row.phase}, {"runs", row.runs}, {"steps_per_second", row.steps_per_second}});
    const Json all = {{"machine", info.device + "; " + info.libraries},
                      {"device", options.compute.device},
                      {"precision", options.compute.precision},
                      {"results", results}};
    std::printf("%s\n", to_line(all).c_str());
    return 0;
  }
  std::printf("%s; %s; device %s, precision %s\n\n%-8s %5s %18s %18s\n", info.device.c_str(),
              info.libraries.c_str(), options.compute.device.c_str(), options.compute.precision.c_str(),
              "phase", "runs", "steps/s of all", "steps/s of each");
  for (const auto& row : *rates)
    std::printf("%-8s %5d %18.0f %18.0f\n", row.phase.c_str(), row.runs, row.steps_per_second,
                row.steps_per_second / row.runs);
  return 0;
}

int run(const Options& options) {
  end_on_signals();
  if (options.compute.device != "cpu") return run_device(options);
  const auto info = compute_info();
  Measurements all;
  all.threads = threads_or_all(options.threads);
  say("matrix products");
  all.gemm_float32 = benchmark_gemm(all.threads, 1.0, false);
  all.gemm_bfloat16 = benchmark_gemm(all.threads, 1.0, true);
  all.updates = benchmark_updates(all.threads, options.seconds, say);
  say("environments");
  all.environments = benchmark_environments();
  say("reading");
  const auto load = benchmark_load();
  if (!load) return report_error("bench", load.error());
  all.load = *load;
  all.signature = arithmetic_signature();
  if (options.json)
    std::printf("%s\n", to_line(as_json(all, info)).c_str());
  else
    print_table(all, info);
  return 0;
}

}  // namespace

void add_bench(CLI::App& app, int& exit_code) {
  auto* command = add_command(app, "bench");
  auto options = std::make_shared<Options>();
  command->add_option("--threads", options->threads, "0 = all cores")->check(CLI::Range(0, 1024));
  command->add_option("--seconds", options->seconds, "for each side of each update")
      ->check(CLI::Range(0.1, 60.0))
      ->capture_default_str();
  command
      ->add_option("--device", options->compute.device,
                   "cpu; cuda or rehearsal measure runs on that device alone")
      ->check(CLI::IsMember({"cpu", "cuda", "rehearsal"}))
      ->capture_default_str();
  command
      ->add_option("--precision", options->compute.precision,
                   "with --device: auto (= float32), float32 or tf32")
      ->capture_default_str();
  command->add_option("--phases", options->phases, "with --device: which updates")
      ->delimiter(',')
      ->check(CLI::IsMember(options->phases))
      ->capture_default_str();
  command->add_option("--runs", options->runs, "with --device: how many runs at once, a row each")
      ->delimiter(',')
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_flag("--json", options->json, "print JSON instead of a table");
  command->callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace vaco::cli
