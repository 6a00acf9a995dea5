// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/plan.h"

#include <cctype>
#include <set>

#include "core/base/files.h"
#include "core/data/reader.h"
#include "core/session/check_config.h"
#include "core/session/fit_to_data.h"
#include "core/study/plan_json.h"
#include "core/study/plan_settings.h"
#include "core/tasks/task_names.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

constexpr size_t kMostCells = 100'000;

struct PlanDataset {
  std::string name, environment, physics;
  fs::path path;
  DatasetHead head;
};

Result<DatasetHead> look_into(const fs::path& path, const std::string& place) {
  if (const auto there = look_at(path); !there) return there.error().within(place + ": the dataset");
  auto head = read_dataset_head(path);
  if (!head) return head.error().within(place);
  return head;
}

Result<std::vector<PlanDataset>> parse_datasets(const Json& json, const fs::path& base) {
  std::vector<PlanDataset> datasets;
  PlanNames names("name");
  const auto list = plan_list(json, "datasets");
  if (!list) return list.error();
  for (size_t i = 0; i < list->size(); ++i) {
    const std::string place = plan_item("datasets", i);
    const Json& given = (*list)[i];
    const Json entry = given.is_string() ? Json{{"path", given}} : given;
    if (auto r = check_plan_keys(entry, place, {"name", "path", "environment", "physics"}); !r)
      return r.error();
    const auto path = plan_text(entry, place, "path");
    if (!path) return path.error();
    if (path->empty()) return plan_error(place, "needs a path");
    PlanDataset dataset;
    dataset.path = (base / *path).lexically_normal();
    const auto head = look_into(dataset.path, place);
    if (!head) return head.error();
    const auto name = plan_text(entry, place, "name", dataset.path.stem().string());
    const auto environment = plan_text(entry, place, "environment");
    const auto physics = plan_text(entry, place, "physics");
    for (const auto* text : {&name, &environment, &physics})
      if (!*text) return text->error();
    dataset.name = *name;
    dataset.environment = *environment;
    dataset.physics = *physics;
    if (auto r = check_environment_name(dataset.environment); !r) return r.error().within(place);
    dataset.head = *head;
    if (auto r = names.claim(dataset.name, place); !r) return r.error();
    datasets.push_back(std::move(dataset));
  }
  return datasets;
}

/// The variant once for every combination of the grid's values that it has.
std::vector<PlanCell> combinations(const PlanVariant& variant, const std::vector<PlanGrid>& grid) {
  PlanCell first;
  first.label = variant.label;
  first.config = variant.config;
  std::vector<PlanCell> all{first};
  for (const auto& [key, values] : grid) {
    if (!variant.config.params.contains(key)) continue;
    std::vector<PlanCell> wider;
    for (const auto& cell : all)
      for (const auto& value : values) {
        PlanCell next = cell;
        if (auto assigned = set_plan_param(next.config, key, value, key); !assigned)
          continue;  // checked with the settings
        next.grid.emplace_back(key, to_text(next.config.params.at(key).value));
        wider.push_back(std::move(next));
      }
    all = std::move(wider);
  }
  return all;
}

Result<Plan> expand(const PlanSettings& settings, const std::vector<PlanDataset>& datasets) {
  Plan plan;
  std::vector<PlanCell> runs;
  for (const auto& variant : settings.variants)
    for (auto& cell : combinations(variant, settings.grid)) runs.push_back(std::move(cell));
  if (runs.size() * datasets.size() > kMostCells / settings.seeds.size())
    return plan_error("the plan", "would make more than " + std::to_string(kMostCells) + " runs");
  for (const uint64_t seed : settings.seeds)
    for (const auto& dataset : datasets)
      for (PlanCell cell : runs) {
        cell.dataset = dataset.name;
        cell.config.dataset = dataset.path;
        cell.config.environment = dataset.environment;
        cell.config.physics = dataset.physics;
        cell.config.seed = seed;
        cell.name = file_name_part(dataset.name) + "__" + file_name_part(cell.label);
        for (const auto& [key, value] : cell.grid) cell.name += "__" + key + "-" + file_name_part(value);
        cell.name += "__s" + std::to_string(seed);
        if (auto checked = check_config(cell.config); !checked) return checked.error().within(cell.name);
        if (auto fits = fit_to_data(cell.config, dataset.head); !fits) return fits.error().within(cell.name);
        plan.cells.push_back(std::move(cell));
      }
  std::set<std::string> said;
  for (const auto& run : runs) {
    auto warnings = unusual_params(run.config);
    if (!warnings) return warnings.error();
    for (auto& warning : *warnings)
      if (said.insert(warning).second) plan.warnings.push_back(std::move(warning));
  }
  return plan;
}

}  // namespace

Result<Plan> parse_plan(const Json& json, const fs::path& base) {
  const auto settings = parse_plan_settings(json);
  if (!settings) return settings.error();
  const auto folder = absolute_path(base);
  if (!folder) return folder.error();
  const auto datasets = parse_datasets(json, *folder);
  if (!datasets) return datasets.error();
  return expand(*settings, *datasets);
}

Result<void> check_plan_settings(const Json& json) {
  const auto settings = parse_plan_settings(json);
  if (!settings) return settings.error();
  return {};
}

Result<Plan> read_plan(const fs::path& file) {
  if (is_folder(file))
    return Error{ErrorCode::usage, file.string() + " is a folder; name the JSON file of a plan"};
  const auto json = read_json(file);
  if (!json) return json.error();
  const auto absolute = absolute_path(file);
  if (!absolute) return absolute.error();
  auto plan = parse_plan(*json, absolute->parent_path());
  if (!plan) return plan.error().within(file.string());
  return plan;
}

Json cells_to_json(const Plan& plan) {
  Json cells = Json::array();
  for (const auto& cell : plan.cells) {
    Json params = Json::object();
    for (const auto& [key, value] : cell.grid) params[key] = to_json_value(cell.config.params.at(key).value);
    cells.push_back({{"name", cell.name},
                     {"dataset", cell.dataset},
                     {"label", cell.label},
                     {"algorithm", cell.config.algorithm},
                     {"seed", cell.config.seed},
                     {"params", params}});
  }
  return {{"cells", cells}};
}

std::string file_name_part(const std::string& text) {
  const auto kept = [&](bool all_scripts) {
    std::string part;
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      const bool letter = byte < 128 ? std::isalnum(byte) != 0 : all_scripts;
      if (letter || c == '_' || c == '.' || c == '+' || c == '-')
        part += c;
      else if (!part.empty() && part.back() != '-')
        part += '-';
    }
    return part;
  };
  // Other scripts only where nothing else would be left: runs are found by the names that they were given.
  std::string part = kept(false);
  if (part.empty()) part = kept(true);
  while (!part.empty() && part.back() == '-') part.pop_back();
  return part.starts_with('.') ? "_" + part.substr(1) : part;
}

}  // namespace vaco
