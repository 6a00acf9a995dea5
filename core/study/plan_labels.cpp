// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/plan_labels.h"

#include <map>
#include <set>

#include "core/base/json_value.h"

namespace vaco {
namespace fs = std::filesystem;

std::vector<std::pair<std::string, PlanLabel>> read_plan_labels(const fs::path& folder) {
  std::vector<std::pair<std::string, PlanLabel>> labels;
  const auto plan = read_json(folder / "plan.json");
  if (!plan || !plan->is_object() || !plan->contains("cells") || !(*plan)["cells"].is_array()) return labels;
  for (const auto& cell : (*plan)["cells"]) {
    PlanLabel named{folder.filename().string(), value_or<std::string>(cell, "dataset", {}),
                    value_or<std::string>(cell, "label", {})};
    if (cell.is_object() && cell.contains("params") && cell["params"].is_object())
      for (const auto& [key, value] : cell["params"].items())
        named.label += ", " + key + " = " + (value.is_string() ? value.get<std::string>() : value.dump());
    if (named.label.empty() || named.dataset.empty()) continue;
    labels.emplace_back(value_or<std::string>(cell, "name", {}), std::move(named));
  }
  return labels;
}

PlanLabel plan_label_of(const fs::path& run_folder) {
  for (auto& [name, label] : read_plan_labels(run_folder.parent_path()))
    if (name == run_folder.filename()) return std::move(label);
  return {};
}

RunGroups group_by_plan(std::span<const RunConfig> configs, std::span<const PlanLabel> labels) {
  RunGroups groups = group_all_but_seed(configs);
  std::vector<const PlanLabel*> of_group(groups.names.size(), nullptr);
  std::set<fs::path> datasets;
  for (size_t i = configs.size(); i-- > 0;) {
    of_group[static_cast<size_t>(groups.group_of[i])] = &labels[i];
    datasets.insert(configs[i].dataset);
  }
  std::map<std::string, int> shared;
  for (size_t g = 0; g < groups.names.size(); ++g) {
    std::string& name = groups.names[g];
    if (const auto& plan = *of_group[g]; !plan.label.empty())
      name = plan.label + (datasets.size() > 1 ? ", " + plan.dataset : "");
    ++shared[name];
  }
  for (size_t g = 0; g < groups.names.size(); ++g)
    if (shared.at(groups.names[g]) > 1 && !of_group[g]->study.empty())
      groups.names[g] += ", " + of_group[g]->study;
  std::map<std::string, int> seen;
  for (auto& name : groups.names)
    if (const int count = ++seen[name]; count > 1) name += " (" + std::to_string(count) + ")";
  return groups;
}

}  // namespace vaco
