// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/collect/demo.h"

#include <iterator>

#include "core/collect/recipe.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

constexpr const char* kEnvironment = "hopper";
constexpr int64_t kStepsPerPolicy = 20000;
constexpr uint64_t kSeed = 1;

/// Random, half-trained and expert behavior in equal parts, as vaco collect takes them: NAME:SHARE:NOISE. The
/// noise brings the half-trained policy to a third of the expert's return, as in D4RL's medium sets, and gives
/// the expert's trajectories some spread.
constexpr const char* kParts[] = {"random", "medium:1:0.25", "expert:1:0.05"};

Result<CollectRequest> demo_request() {
  CollectRequest request;
  request.environment = kEnvironment;
  request.seed = kSeed;
  for (const char* text : kParts) {
    auto part = parse_collect_part(text, kEnvironment);
    if (!part) return part.error();
    request.parts.push_back(std::move(*part));
  }
  request.steps = kStepsPerPolicy * static_cast<int64_t>(std::size(kParts));
  return request;
}

}  // namespace

Result<fs::path> demo_dataset(const ProgressFn& progress, std::stop_token stop) {
  const fs::path folder = program_data_folder() / "datasets";
  const auto request = demo_request();
  if (!request) return request.error();
  const fs::path path = folder / ("hopper_mixed_demo_" + recipe_hash(*request) + "-v2.hdf5");
  if (is_file(path)) return path;  // written atomically, so if it is there it is whole
  if (auto made = make_folder(folder); !made) return made.error();
  const auto columns = collect_dataset(*request, progress, stop);
  if (!columns) return columns.error().within("making the demo data");
  if (auto written = write_dataset(path, *columns); !written) return written.error();
  return path;
}

Result<RunConfig> demo_config(const std::string& algorithm, const fs::path& dataset) {
  auto config = make_config(algorithm, "demo");
  if (!config) return config.error();
  config->dataset = dataset;
  config->environment = kEnvironment;
  return config;
}

}  // namespace vaco
