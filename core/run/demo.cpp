// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/demo.h"

#include <cstdio>
#include <span>

#include "core/data/content_hash.h"
#include "core/run/collecting.h"
#include "resources/resources.h"

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

/// Named by its recipe, so that data of another recipe is never taken for this one.
std::string file_name() {
  ContentHash hash;
  const auto add = [&](std::string_view text) {
    const auto size = static_cast<uint64_t>(text.size());
    hash.add(std::as_bytes(std::span(&size, 1)));
    hash.add(std::as_bytes(std::span(text)));
  };
  add(kEnvironment);
  add(std::to_string(kStepsPerPolicy) + " " + std::to_string(kSeed));
  for (const char* part : kParts) add(part);
  for (const auto& shipped : shipped_policies(kEnvironment)) add(find_resource(shipped.resource));
  char name[64];
  std::snprintf(name, sizeof name, "hopper_mixed_demo_%08x-v2.hdf5", static_cast<unsigned>(hash.value()));
  return name;
}

}  // namespace

Result<fs::path> demo_dataset(const ProgressFn& progress, std::stop_token stop) {
  const fs::path folder = program_data_folder() / "datasets";
  const fs::path path = folder / file_name();
  if (fs::is_regular_file(path)) return path;  // written atomically, so if it is there it is whole
  if (auto made = make_folder(folder); !made) return made.error();
  const auto request = demo_request();
  if (!request) return request.error();
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
