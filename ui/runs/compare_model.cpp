// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/compare_model.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include <QFont>

#include "core/records/compare_configs.h"
#include "core/records/manifest.h"
#include "core/stats/statistics.h"
#include "ui/figures/number_text.h"

namespace vaco::ui {

namespace {
constexpr auto kNone = "–";

/// A number of the manifest's result, or NaN.
double result_of(const ComparedRun& run, const char* key) {
  const auto result = run.manifest.find("result");
  if (result == run.manifest.end() || !result->is_object()) return std::nan("");
  const auto found = result->find(key);
  return found != result->end() && found->is_number() ? found->get<double>() : std::nan("");
}

/// Whether its scores are plain returns, because its task has no reference.
bool is_raw(const ComparedRun& run) {
  return !run.evaluations.empty() && !run.evaluations.back().result.has_reference;
}

double last_score(const ComparedRun& run) {
  return run.evaluations.empty() ? std::nan("") : score_of(run.evaluations.back().result);
}

double best_score(const ComparedRun& run) {
  double best = std::nan("");
  for (const auto& evaluation : run.evaluations) best = std::fmax(best, score_of(evaluation.result));
  return best;
}

/// "86.2 ± 3.1" over the runs that have the number, and how many these are where not all have it.
QString mean_text(std::vector<double> values, int digits) {
  const auto missing = std::erase_if(values, [](double value) { return std::isnan(value); });
  if (values.empty()) return kNone;
  QString text = fixedText(mean(values), digits);
  if (values.size() > 1) text += " ± " + fixedText(standard_deviation(values), digits);
  if (missing > 0) text += CompareModel::tr(" (n = %1)").arg(values.size());
  return text;
}

/// "0, 1, 2" or, for seeds in a row, "0 to 4".
QString seeds_text(std::vector<uint64_t> seeds) {
  std::sort(seeds.begin(), seeds.end());
  QStringList words;
  for (const auto seed : seeds) words << QString::number(seed);
  const bool in_a_row = seeds.size() > 2 && seeds.back() - seeds.front() + 1 == seeds.size() &&
                        std::adjacent_find(seeds.begin(), seeds.end()) == seeds.end();
  return in_a_row ? QString("%1 to %2").arg(seeds.front()).arg(seeds.back()) : words.join(", ");
}
}  // namespace

void CompareModel::setRuns(const ComparedRuns& runs) {
  const auto groups = groupsOf(runs);
  beginResetModel();
  groups_.clear();
  count_ = runs.size();
  for (const auto& name : groups.names) groups_ << QString::fromStdString(name);
  folders_.assign(groups.names.size(), {});
  for (size_t i = 0; i < runs.size(); ++i)
    folders_[static_cast<size_t>(groups.group_of[i])].push_back(runs[i]->folder);
  readSettings(runs, groups.group_of);
  readResults(runs, groups.group_of);
  refill();
  endResetModel();
}

void CompareModel::readSettings(const ComparedRuns& runs, const std::vector<int>& group_of) {
  settings_.clear();
  std::vector<RunConfig> first(static_cast<size_t>(groups_.size()));
  std::vector<std::vector<uint64_t>> seeds(first.size());
  for (size_t i = runs.size(); i-- > 0;) {
    first[static_cast<size_t>(group_of[i])] = runs[i]->config;
    seeds[static_cast<size_t>(group_of[i])].push_back(runs[i]->config.seed);
  }
  for (const auto& setting : compare_configs(first)) {
    Row row;
    row.key = QString::fromStdString(setting.key);
    row.label = QString::fromStdString(setting.label);
    row.differs = setting.differs() && setting.key != "seed";
    for (size_t g = 0; g < first.size(); ++g)
      row.values << (setting.key == "seed"       ? seeds_text(seeds[g])
                     : setting.values[g].empty() ? QString(kNone)
                                                 : QString::fromStdString(setting.values[g]));
    settings_.push_back(std::move(row));
  }
}

void CompareModel::readResults(const ComparedRuns& runs, const std::vector<int>& group_of) {
  results_.clear();
  // The runs of a group are of one task, and so have scores of one unit.
  std::vector<bool> raw(static_cast<size_t>(groups_.size()));
  for (size_t i = 0; i < runs.size(); ++i)
    if (is_raw(*runs[i])) raw[static_cast<size_t>(group_of[i])] = true;
  const auto raw_groups = std::count(raw.begin(), raw.end(), true);
  const bool mixed = raw_groups > 0 && raw_groups < groups_.size();
  const QString score = raw_groups == 0 ? tr("Normalized score") : mixed ? tr("Score") : tr("Return");
  const auto add = [&](const QString& label, int digits, const std::function<double(const ComparedRun&)>& of) {
    Row row;
    row.label = label;
    for (int g = 0; g < groups_.size(); ++g) {
      std::vector<double> values;
      for (size_t i = 0; i < runs.size(); ++i)
        if (group_of[i] == g) values.push_back(of(*runs[i]));
      row.values << mean_text(values, digits);
    }
    results_.push_back(std::move(row));
  };
  const auto add_score = [&](const QString& label, const std::function<double(const ComparedRun&)>& of) {
    add(label, 1, of);
    for (int g = 0; g < groups_.size(); ++g)
      if (auto& value = results_.back().values[g]; mixed && raw[static_cast<size_t>(g)] && value != kNone)
        value += tr(" raw");
  };
  Row count;
  count.label = tr("Runs");
  for (int g = 0; g < groups_.size(); ++g)
    count.values << QString::number(std::count(group_of.begin(), group_of.end(), g));
  results_.push_back(std::move(count));
  add_score(tr("%1, last").arg(score), last_score);
  add_score(tr("%1, best").arg(score), best_score);
  const auto result = [](const char* key) {
    return [key](const ComparedRun& run) { return result_of(run, key); };
  };
  add(tr("Pearson r of weight and return"), 3, result("pearson_r"));
  add(tr("Spearman ρ of weight and return"), 3, result("spearman_rho"));
  add(tr("Effective sample size"), 3, result("ess"));
  add(tr("Steps per second"), 0, result("steps_per_second"));
  add(tr("Wall time (s)"), 0, result("wall_time_s"));
}

bool CompareModel::hasBaseline(int group) const {
  const auto& runs = folders_[static_cast<size_t>(group)];
  return std::find(runs.begin(), runs.end(), baseline_) != runs.end();
}

void CompareModel::refill() {
  order_.resize(static_cast<size_t>(groups_.size()));
  std::iota(order_.begin(), order_.end(), 0);
  const auto first =
      std::find_if(order_.begin(), order_.end(), [this](int group) { return hasBaseline(group); });
  if (first != order_.end()) std::rotate(order_.begin(), first, first + 1);
  rows_.clear();
  for (const Row& row : shown_ == Shown::settings ? settings_ : results_) {
    if (shown_ == Shown::settings && only_ && !row.differs) continue;
    if (!row.label.contains(filter_, Qt::CaseInsensitive) && !row.key.contains(filter_, Qt::CaseInsensitive))
      continue;
    rows_.push_back(row);
  }
}

void CompareModel::setShown(Shown shown) {
  beginResetModel();
  shown_ = shown;
  refill();
  endResetModel();
}

void CompareModel::setDifferencesOnly(bool only) {
  beginResetModel();
  only_ = only;
  refill();
  endResetModel();
}

void CompareModel::setFilter(const QString& text) {
  beginResetModel();
  filter_ = text;
  refill();
  endResetModel();
}

void CompareModel::setBaseline(const std::filesystem::path& run) {
  beginResetModel();
  baseline_ = run;
  refill();
  endResetModel();
}

QString CompareModel::baseline() const {
  return order_.empty() ? QString() : groups_[order_.front()];
}

int CompareModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int CompareModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() || groups_.isEmpty() ? 0 : static_cast<int>(groups_.size()) + 1;
}

QVariant CompareModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const Row& row = rows_[static_cast<size_t>(index.row())];
  if (index.column() == 0) {
    if (role == Qt::DisplayRole) return row.label;
    if (role == Qt::ToolTipRole && !row.key.isEmpty()) return row.key;
    return {};
  }
  const QString& value = row.values[group(index.column())];
  if (role == Qt::DisplayRole || role == Qt::ToolTipRole) return value;
  if (role == Qt::FontRole && shown_ == Shown::settings && row.differs && value != kNone &&
      value != row.values[order_.front()]) {
    QFont bold;
    bold.setBold(true);
    return bold;
  }
  return {};
}

QVariant CompareModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || section >= columnCount()) return {};
  if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
  if (section == 0) return shown_ == Shown::settings ? tr("Setting") : tr("Result, mean ± std");
  return groups_[group(section)] +
         (section == 1 && hasBaseline(order_.front()) ? tr(" (baseline)") : QString());
}

QString CompareModel::toText() const {
  QStringList lines;
  QStringList cells;
  for (int c = 0; c < columnCount(); ++c) cells << headerData(c, Qt::Horizontal, Qt::DisplayRole).toString();
  lines << cells.join('\t');
  for (int r = 0; r < rowCount(); ++r) {
    cells.clear();
    for (int c = 0; c < columnCount(); ++c) cells << data(index(r, c), Qt::DisplayRole).toString();
    lines << cells.join('\t');
  }
  return lines.join('\n') + '\n';
}

}  // namespace vaco::ui
