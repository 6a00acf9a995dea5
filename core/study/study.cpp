// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/study.h"

#include <iterator>

#include "core/base/files.h"
#include "core/collect/recipe.h"
#include "core/learn/algorithm.h"
#include "core/records/run_lock.h"
#include "resources/resources.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

constexpr const char* kFolder = "studies/";
constexpr const char* kRuns = "runs";

struct OwnDataset {
  std::string name;
  fs::path path;
  CollectRequest request;
};

/// The files are compiled in, so a fault in them is ours; what may be missing is what they name.
Result<OwnDataset> own_dataset(const Json& json, const fs::path& folder) {
  OwnDataset dataset;
  dataset.name = json.at("name").get<std::string>();
  CollectRequest& request = dataset.request;
  request.environment = json.at("environment").get<std::string>();
  request.steps = json.at("steps").get<int64_t>();
  request.seed = json.at("seed").get<uint64_t>();
  for (const auto& policy : json.at("policies")) {
    auto parts = parse_collect_parts(policy.get<std::string>(), request.environment);
    if (!parts) return parts.error();
    request.parts.insert(request.parts.end(), std::make_move_iterator(parts->begin()),
                         std::make_move_iterator(parts->end()));
  }
  dataset.path = folder / (dataset.name + "_" + recipe_hash(request) + "-v2.hdf5");
  return dataset;
}

Result<void> make_data(const OwnDataset& dataset, const ProgressFn& progress, const std::stop_token& stop) {
  if (is_file(dataset.path)) return {};  // written atomically, so if it is there it is whole
  const auto tell = [&](double fraction, std::string_view doing) {
    if (progress) progress(fraction, dataset.name + ": " + std::string(doing));
  };
  const auto columns = collect_dataset(dataset.request, tell, stop);
  if (!columns) return columns.error().within("making " + dataset.name);
  return write_dataset(dataset.path, *columns);
}

Json plan_json(const Json& study, const StudyRequest& request, Json datasets, std::vector<std::string>& notes) {
  Json plan{{"datasets", std::move(datasets)},
            {"algorithms", Json::array()},
            {"seeds", Json::array()},
            {"preset", request.preset.empty() ? study.at("preset").get<std::string>() : request.preset}};
  for (const auto& entry : study.at("algorithms")) {
    const std::string key =
        entry.is_string() ? entry.get<std::string>() : entry.at("algorithm").get<std::string>();
    if (find_algorithm(key))
      plan["algorithms"].push_back(entry);
    else
      notes.push_back("left out: this program has no algorithm '" + key + "'");
  }
  for (int seed = 0; seed < request.seeds; ++seed) plan["seeds"].push_back(static_cast<uint64_t>(seed));
  if (study.contains("set")) plan["set"] = study["set"];
  // A plan's set beats its preset, so that the study's budgets would leave little of one that is asked for.
  if (request.preset.empty() && study.contains("budgets")) plan["set"].update(study["budgets"]);
  for (const auto& [key, value] : request.sets) plan["set"][key] = value;
  return plan;
}

Result<Json> given_paths(const StudyRequest& request) {
  Json given = Json::array();
  for (const auto& path : request.datasets) {
    const auto absolute = absolute_path(path);
    if (!absolute) return absolute.error();
    given.push_back(absolute->string());
  }
  return given;
}

/// Settings and given files are checked before data is made, which takes its time.
Result<void> check(const Json& study, const StudyRequest& request, const Json& given) {
  std::vector<std::string> notes;
  const Json plan = plan_json(study, request, given, notes);
  if (auto settings = check_plan_settings(plan); !settings) return settings;
  if (given.empty()) return {};
  const auto parsed = parse_plan(plan, ".");
  return parsed ? Result<void>() : parsed.error();
}

}  // namespace

std::vector<std::string> study_names() {
  std::vector<std::string> names;
  for (const auto& path : list_resources(kFolder)) names.push_back(fs::path(path).stem().string());
  return names;
}

fs::path study_runs_folder(const fs::path& folder) {
  std::error_code none;
  const fs::path inside = folder / kRuns;
  return fs::exists(inside / "plan.json", none) || !fs::exists(folder / "plan.json", none) ? inside : folder;
}

Result<Study> prepare_study(const StudyRequest& request, const ProgressFn& progress,
                            const std::stop_token& stop) {
  const auto text = find_resource(kFolder + request.name + ".json");
  if (text.empty()) {
    std::string known;
    for (const auto& name : study_names()) known += (known.empty() ? "" : ", ") + name;
    return Error{ErrorCode::usage, "there is no study '" + request.name + "'; there is " + known};
  }
  const Json json = Json::parse(text);
  Study study;
  const auto out = absolute_path(request.out);
  if (!out) return out.error();
  study.runs = request.out / kRuns;
  const fs::path folder = *out / "datasets";
  std::vector<OwnDataset> own;
  for (const auto& entry : json.at("datasets")) {
    if (!request.own_data) break;
    auto dataset = own_dataset(entry, folder);
    if (dataset)
      own.push_back(std::move(*dataset));
    else
      study.notes.push_back("left out: " + entry.at("name").get<std::string>() + ", for " +
                            dataset.error().message);
  }
  Json all = Json::array();
  for (const auto& dataset : own) all.push_back({{"name", dataset.name}, {"path", dataset.path.string()}});
  const auto given = given_paths(request);
  if (!given) return given.error();
  for (const auto& path : *given) all.push_back(path);
  if (all.empty()) return Error{ErrorCode::usage, "the study has no data: give it some with --dataset FILE"};
  if (auto checked = check(json, request, *given); !checked) return checked.error();
  for (const auto& needed : {folder, study.runs})
    if (auto made = make_folder(needed); !made) return made.error();
  const auto lock = RunLock::take(study.runs);
  if (!lock && is_being_written(study.runs))
    return Error{ErrorCode::failed,
                 "another process works on the study in " + request.out.string() + "; stop that one first"};
  if (!lock) return lock.error();
  for (const auto& dataset : own)
    if (auto made = make_data(dataset, progress, stop); !made) return made.error();
  auto plan = parse_plan(plan_json(json, request, std::move(all), study.notes), ".");
  if (!plan) return plan.error();
  study.plan = std::move(*plan);
  return study;
}

}  // namespace vaco
