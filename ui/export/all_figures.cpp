// SPDX-License-Identifier: GPL-3.0-or-later
// From run folders to figures.
#include <algorithm>
#include <memory>
#include <set>

#include <QRegularExpression>

#include "core/base/canonical_path.h"
#include "core/base/files.h"
#include "core/base/json_value.h"
#include "core/learn/algorithm.h"
#include "core/records/run_marks.h"
#include "core/study/plan_labels.h"
#include "ui/bridge/algorithm_slot.h"
#include "ui/bridge/run_set.h"
#include "ui/export/export_figure.h"
#include "ui/export/figure_page.h"
#include "ui/figures/figure_kinds.h"

namespace vaco::ui {
namespace {

std::string algorithmLabel(const RunRecord& run) {
  const auto found = find_algorithm(run.config.algorithm);
  return found.ok() ? (*found)->label : run.config.algorithm;
}

std::string environmentOf(const RunRecord& run) {
  if (!run.config.environment.empty()) return run.config.environment;
  return value_or<std::string>(run.manifest, "environment", {});
}

/// Runs as figures name them.
struct NamedRuns {
  std::vector<std::string> names;
  RunGroups groups;
};

bool distinct(const std::vector<std::string>& names) {
  return std::set(names.begin(), names.end()).size() == names.size();
}

/// What tells the runs apart, as short as it can be: what the user calls them, the plan's name or the
/// algorithm, then seed, then dataset, then the settings that differ, then the folder's name.
NamedRuns namedRuns(const std::vector<RunRecord>& runs) {
  std::vector<RunConfig> configs;
  std::vector<PlanLabel> labels;
  for (const RunRecord& run : runs) {
    configs.push_back(run.config);
    configs.back().environment = environmentOf(run);
    labels.push_back(plan_label_of(run.folder));
  }
  NamedRuns told{{}, groupsOf(configs, labels)};
  std::vector<std::string> own, seeded, longer, differing, folders;
  for (size_t i = 0; i < runs.size(); ++i) {
    const auto& run = runs[i];
    const std::string given = read_marks(run.folder).name, seed = ", seed " + std::to_string(run.config.seed),
                      group = told.groups.names[static_cast<size_t>(told.groups.group_of[i])];
    own.push_back(!given.empty() ? given : labels[i].label.empty() ? algorithmLabel(run) : labels[i].label);
    seeded.push_back(given.empty() ? own.back() + seed : given);
    longer.push_back(given.empty() ? seeded.back() + ", " + run.config.dataset.stem().string() : given);
    differing.push_back(given.empty() ? group + seed : given);
    folders.push_back(run.folder.filename().string());
  }
  // A run by itself is told with its seed.
  if (runs.size() > 1 && distinct(own)) told.names = own;
  for (const auto& names : {seeded, longer, differing})
    if (told.names.empty() && distinct(names)) told.names = names;
  if (told.names.empty()) told.names = folders;
  return told;
}

/// A snapshot is of one run.
bool drawsOneRun(FigureKind kind) {
  return kind == FigureKind::weightHistogram || kind == FigureKind::weightReturn;
}

void addRunByRun(const FigureInfo& info, FigureSpec spec, const std::vector<RunRecord>& runs,
                 const std::vector<std::string>& names, std::vector<FigureVariant>& out) {
  for (size_t i = 0; i < runs.size(); ++i) {
    if (runs[i].weights.empty()) continue;
    spec.runs = {runs[i].folder};
    auto part = QString::fromStdString(names[i]).toLower();
    static const QRegularExpression others("[^a-z0-9.+-]+");
    out.push_back({info.key + "_" + part.replace(others, "_").toStdString(), spec, names[i]});
  }
}

std::unique_ptr<Figure> figureNamed(const FigureSpec& spec, const std::vector<RunRecord>& runs,
                                    const NamedRuns& named) {
  auto figure = makeFigure(spec.kind);
  const auto& [names, groups] = named;
  for (size_t i = 0; i < runs.size(); ++i) {
    const int index = figure->addRun({names[i], environmentOf(runs[i]), runs[i].folder,
                                      groups.names[static_cast<size_t>(groups.group_of[i])],
                                      algorithmSlot(runs[i].config.algorithm)});
    for (const Metrics& metrics : runs[i].metrics) figure->consume(index, metrics);
    for (const EvaluationDone& evaluation : runs[i].evaluations) figure->consume(index, evaluation);
    for (const WeightReport& report : runs[i].weights) figure->consume(index, report);
  }
  return figure;
}

}  // namespace

std::unique_ptr<Figure> figureOf(const FigureSpec& spec, const std::vector<RunRecord>& runs) {
  return figureNamed(spec, runs, namedRuns(runs));
}

std::vector<FigureVariant> allFigures(const std::vector<RunRecord>& runs, const FigureSpec& size) {
  std::vector<FigureVariant> out;
  const auto named = namedRuns(runs);  // which reads files of every run
  for (const FigureInfo& info : figureKinds()) {
    FigureSpec spec = size;
    spec.kind = info.kind;
    spec.runs.clear();
    for (const RunRecord& run : runs) spec.runs.push_back(run.folder);
    if (runs.size() > 1 && drawsOneRun(info.kind)) {
      addRunByRun(info, spec, runs, named.names, out);
      continue;
    }
    const auto figure = figureNamed(spec, runs, named);
    if (figure->empty()) continue;
    const auto variants = figure->variants(spec);
    out.insert(out.end(), variants.begin(), variants.end());
  }
  return out;
}

Result<std::vector<RunRecord>> readRuns(const std::vector<std::filesystem::path>& folders) {
  std::vector<RunRecord> records;
  std::set<std::filesystem::path> seen;
  for (const auto& folder : folders) {
    if (!seen.insert(canonical_path(folder)).second) continue;
    auto record = read_run(folder);
    if (!record) return record.error();
    records.push_back(std::move(record).value());
  }
  return records;
}

FigureExport::FigureExport(std::vector<RunRecord> runs, std::filesystem::path folder,
                           std::vector<std::string> formats, std::vector<FigureVariant> figures)
    : runs_(std::move(runs)),
      folder_(std::move(folder)),
      formats_(std::move(formats)),
      figures_(std::move(figures)) {}

FigureExport::~FigureExport() = default;

int FigureExport::files() const {
  return static_cast<int>(figures_.size() * formats_.size());
}

Result<std::optional<DrawnFile>> FigureExport::drawNext() {
  if (files() == 0)
    return Error{ErrorCode::bad_data,
                 "nothing to draw yet: the run folders hold no metrics, evaluations or weights"};
  if (drawn_.empty())
    if (auto made = make_folder(folder_); !made) return made.error();
  const size_t at = drawn_.size() / formats_.size(), format = drawn_.size() % formats_.size();
  if (at == figures_.size()) return std::optional<DrawnFile>();
  const auto& [name, spec, run] = figures_[at];
  if (format == 0) figure_ = run.empty() ? figureOf(spec, runs_) : figureOf(spec, recordsOf(spec.runs, runs_));
  auto file = drawFigure(spec, *figure_, folder_ / (name + "." + formats_[format]), formats_[format]);
  if (!file) return file.error();
  drawn_.push_back(file->path);
  return std::optional(std::move(*file));
}

}  // namespace vaco::ui
