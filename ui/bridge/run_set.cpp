// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/run_set.h"

#include <algorithm>

#include "core/base/canonical_path.h"
#include "core/base/json_value.h"
#include "core/records/append_file.h"

namespace vaco::ui {

namespace {
constexpr int kLookMilliseconds = 1500;
constexpr size_t kMostTimes = 1000;
}  // namespace

namespace {
/// As evenly as they come; the first and the last of every phase are there.
void readTimes(ComparedRun& run) {
  std::vector<Metrics> all;
  read_json_lines(run.folder / "metrics.jsonl", 0, [&](const Json& line) {
    all.push_back({value_or<int64_t>(line, "step", 0),
                   value_or<std::string>(line, "phase", {}),
                   {{"time_s", value_or<double>(line, "time_s", 0.0)}}});
    return true;
  });
  const size_t stride = all.size() / kMostTimes + 1;
  for (size_t i = 0; i < all.size(); ++i)
    if (i % stride == 0 || i + 1 == all.size() || all[i].phase != all[i + 1].phase)
      run.times.push_back(std::move(all[i]));
}
}  // namespace

Result<std::shared_ptr<const ComparedRun>> readComparedRun(const std::filesystem::path& folder) {
  const auto json = read_json(folder / "config.json");
  if (!json) return json.error();
  auto config = config_from_json(*json);
  if (!config) return config.error().within((folder / "config.json").string());
  auto manifest = read_json(folder / "manifest.json");
  if (!manifest) return manifest.error();
  if (!manifest->is_object())
    return Error{ErrorCode::bad_data, (folder / "manifest.json").string() + " is no JSON object"};
  auto run = std::make_shared<ComparedRun>();
  run->folder = folder;
  run->plan = plan_label_of(folder);
  run->config = std::move(*config);
  run->manifest = std::move(*manifest);
  if (run->config.environment.empty())
    run->config.environment = value_or<std::string>(run->manifest, "environment", {});
  read_json_lines(folder / "eval.jsonl", 0, [&](const Json& line) {
    auto evaluation = evaluation_from_json(line);
    if (evaluation) run->evaluations.push_back(std::move(*evaluation));
    return evaluation.ok();
  });
  readTimes(*run);
  return std::shared_ptr<const ComparedRun>(std::move(run));
}

RunGroups groupsOf(std::span<const RunConfig> configs, std::span<const PlanLabel> labels) {
  auto groups = group_by_plan(configs, labels);
  std::vector<std::map<uint64_t, int>> seeds(groups.names.size());
  for (size_t i = 0; i < configs.size(); ++i) ++seeds[static_cast<size_t>(groups.group_of[i])][configs[i].seed];
  for (size_t g = 0; g < seeds.size(); ++g)
    for (const auto& [seed, runs] : seeds[g])
      if (runs > 1) groups.names[g] += RunSet::tr(", seed %1 %2 times").arg(seed).arg(runs).toStdString();
  return groups;
}

RunGroups groupsOf(const ComparedRuns& runs) {
  std::vector<RunConfig> configs;
  std::vector<PlanLabel> labels;
  for (const auto& run : runs) {
    configs.push_back(run->config);
    labels.push_back(run->plan);
  }
  return groupsOf(configs, labels);
}

RunSet::RunSet(QObject* parent) : QObject(parent) {
  connect(&job_, &BackgroundJob::failed, this, &RunSet::failed);
  timer_.setInterval(kLookMilliseconds);
  connect(&timer_, &QTimer::timeout, this, [this] {
    if (!job_.running()) read();
  });
}

void RunSet::setFolders(std::vector<std::filesystem::path> folders) {
  // One run has one name, or it would count twice.
  std::vector<std::filesystem::path> once;
  for (const auto& folder : folders)
    if (auto one = canonical_path(folder); std::find(once.begin(), once.end(), one) == once.end())
      once.push_back(std::move(one));
  folders = std::move(once);
  if (folders == folders_) return;
  folders_ = std::move(folders);
  if (folders_.empty()) {
    job_.cancel();
    timer_.stop();
    runs_.clear();
    problems_.clear();
    emit changed();
    return;
  }
  timer_.start();
  read();
}

RunSet::Stamp RunSet::stampOf(const std::filesystem::path& folder) {
  std::error_code missing;
  Stamp stamp;
  stamp.evaluations = std::filesystem::file_size(folder / "eval.jsonl", missing);
  if (missing) stamp.evaluations = 0;
  stamp.manifest = std::filesystem::last_write_time(folder / "manifest.json", missing);
  return stamp;
}

void RunSet::read() {
  job_.start([this, folders = folders_, cache = cache_](
                 const ProgressFn&, const std::stop_token& stop) mutable -> BackgroundJob::Completion {
    auto read = std::make_shared<Cache>();
    auto runs = std::make_shared<ComparedRuns>();
    auto problems = std::make_shared<std::vector<std::string>>();
    for (const auto& folder : folders) {
      if (stop.stop_requested()) return {};
      const Stamp stamp = stampOf(folder);
      auto& known = (*read)[folder];
      if (const auto found = cache.find(folder); found != cache.end() && found->second.stamp == stamp)
        known = found->second;
      else if (auto run = readComparedRun(folder))
        known = {stamp, std::move(*run), {}};
      else
        known = {stamp, nullptr, run.error().message};
      if (known.run)
        runs->push_back(known.run);
      else
        problems->push_back(known.problem);
    }
    return [this, read, runs, problems] {
      cache_ = std::move(*read);
      if (*runs == runs_ && *problems == problems_) return;
      runs_ = std::move(*runs);
      problems_ = std::move(*problems);
      emit changed();
    };
  });
}

}  // namespace vaco::ui
