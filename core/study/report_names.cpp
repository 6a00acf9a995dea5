// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/report_names.h"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "core/learn/algorithm.h"
#include "core/records/compare_configs.h"
#include "core/study/plan_labels.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

void add(std::vector<std::string>& list, const std::string& text) {
  if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
}

/// Names by the plan.json beside the runs, if there is one.
void name_by_plan(const fs::path& folder, std::vector<ReportRun>& runs, GroupNames& order) {
  for (const auto& [name, named] : read_plan_labels(folder)) {
    add(order.datasets, named.dataset);
    add(order.labels, named.label);
    for (auto& run : runs)
      if (run.folder.parent_path() == folder && run.folder.filename() == name) {
        run.label = named.label;
        run.dataset = named.dataset;
      }
  }
}

void name_by_itself(ReportRun& run, GroupNames& order) {
  if (run.label.empty()) {
    const auto known = find_algorithm(run.config.algorithm);
    run.label = known ? (*known)->label : run.config.algorithm;
    run.dataset = run.config.dataset.stem().string();
  }
  add(order.datasets, run.dataset);
  add(order.labels, run.label);
}

using Runs = std::vector<ReportRun*>;

size_t distinct(const Runs& runs, const std::function<std::string(const RunConfig&)>& of) {
  std::set<std::string> seen;
  for (const auto* run : runs) seen.insert(of(run->config));
  return seen.size();
}

/// Runs that share the name of a dataset: adds where the file lies, the environment and the physics, as far as
/// they differ.
void tell_tasks_apart(const Runs& runs) {
  if (distinct(runs, task_identity) < 2) return;
  const auto path = [](const RunConfig& config) { return config.dataset.string(); };
  const auto folder = [](const RunConfig& config) { return config.dataset.parent_path().filename().string(); };
  const auto environment = [](const RunConfig& config) { return config.environment; };
  const auto physics = [](const RunConfig& config) { return config.physics; };
  const size_t paths = distinct(runs, path);
  const bool folders_do = distinct(runs, folder) == paths;
  const bool add_environment = distinct(runs, environment) > 1, add_physics = distinct(runs, physics) > 1;
  for (auto* run : runs) {
    if (paths > 1) run->dataset += " (" + (folders_do ? folder(run->config) : path(run->config)) + ")";
    if (add_environment) run->dataset += ", " + run->config.environment;
    if (add_physics) run->dataset += ", " + run->config.physics;
  }
}

/// Runs that share the name of an algorithm: adds the settings in which they differ on whatever data.
void tell_methods_apart(const Runs& runs) {
  std::vector<RunConfig> methods;
  for (const auto* run : runs) methods.push_back(without_task(run->config));
  const RunGroups groups = group_all_but_seed(methods);
  if (groups.names.size() < 2) return;
  for (size_t i = 0; i < runs.size(); ++i) {
    const std::string& name = groups.names[static_cast<size_t>(groups.group_of[i])];
    std::string& label = runs[i]->label;
    label = name.starts_with(label) ? name : label + ", " + name;
  }
}

/// Lets tell_apart rename the runs of each name; gives the new names in the order of the old ones.
std::vector<std::string> renamed(std::vector<ReportRun>& runs, const std::vector<std::string>& names,
                                 std::string ReportRun::*name, void (*tell_apart)(const Runs&)) {
  std::map<std::string, Runs> of_name;
  for (auto& run : runs) of_name[run.*name].push_back(&run);
  std::vector<std::string> all;
  for (const auto& one : names) {
    const auto found = of_name.find(one);
    if (found == of_name.end()) continue;
    tell_apart(found->second);
    for (const auto* run : found->second) add(all, run->*name);
  }
  return all;
}

}  // namespace

GroupNames name_groups(std::vector<ReportRun>& runs) {
  GroupNames names;
  std::set<fs::path> parents;
  for (const auto& run : runs) parents.insert(run.folder.parent_path());
  for (const auto& parent : parents) name_by_plan(parent, runs, names);
  for (auto& run : runs) name_by_itself(run, names);
  names.datasets = renamed(runs, names.datasets, &ReportRun::dataset, tell_tasks_apart);
  names.labels = renamed(runs, names.labels, &ReportRun::label, tell_methods_apart);
  return names;
}

}  // namespace vaco
