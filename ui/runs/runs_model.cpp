// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/runs_model.h"

#include <cmath>
#include <tuple>

#include <QDateTime>
#include <QFont>
#include <QLocale>
#include <QRegularExpression>

#include "core/base/canonical_path.h"
#include "core/base/json_value.h"
#include "core/learn/algorithm.h"
#include "core/records/compare_configs.h"
#include "core/records/run_lock.h"
#include "core/records/run_reader.h"
#include "core/study/plan_labels.h"
#include "ui/figures/number_text.h"

namespace vaco::ui {

namespace {
QString text_at(const Json& json, const char* key) {
  return QString::fromStdString(value_or<std::string>(json, key, {}));
}

double number_at(const Json& json, const char* key, const char* inner = nullptr) {
  if (!json.is_object() || !json.contains(key)) return std::numeric_limits<double>::quiet_NaN();
  const auto& found = json.at(key);
  if (inner) return number_at(found, inner);
  return found.is_number() ? found.get<double>() : std::numeric_limits<double>::quiet_NaN();
}

bool same(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

/// The key where the algorithm is not known, as in folders of another version.
QString algorithm_label(const QString& key) {
  const auto found = find_algorithm(key.toStdString());
  return found.ok() ? QString::fromStdString((*found)->label) : key;
}

RunRow readRow(const std::filesystem::path& folder) {
  RunRow row;
  row.folder = folder;
  row.marks = read_marks(folder);
  if (auto manifest = read_json(folder / "manifest.json")) {
    row.status = text_at(*manifest, "status");
    row.started = text_at(*manifest, "created");
    row.environment = text_at(*manifest, "environment");
    if (const auto from = manifest->find("parent"); from != manifest->end() && from->is_object())
      if (const auto run = value_or<std::string>(*from, "run", {}); !run.empty())
        row.parent = canonical_path(run);
    if (manifest->contains("result") && manifest->at("result").is_object()) {
      const auto& result = manifest->at("result");
      row.normalized = std::isfinite(number_at(result, "normalized_score", "last"));
      const char* score = row.normalized ? "normalized_score" : "return";
      row.last = number_at(result, score, "last");
      row.best = number_at(result, score, "best");
      row.pearson = number_at(result, "pearson_r");
    }
  }
  if (auto config = read_json(folder / "config.json")) {
    row.algorithm = algorithm_label(text_at(*config, "algorithm"));
    row.preset = text_at(*config, "preset");
    row.data = text_at(*config, "dataset").toStdString();
    row.dataset = QString::fromStdString(row.data.stem().string());
    if (row.environment.isEmpty()) row.environment = text_at(*config, "environment");
    if (config->contains("seed") && config->at("seed").is_number())
      row.seed = config->at("seed").get<quint64>();
    if (auto read = config_from_json(*config)) {
      read->environment = row.environment.toStdString();
      row.settings = settings_identity(*read);
    }
  }
  return row;
}

QString number(double value, int digits) {
  return std::isfinite(value) ? fixedText(value, digits) : "–";
}
}  // namespace

bool RunRow::canResume() const {
  return status != "running" && status != "finished";
}

QString RunRow::title() const {
  if (!marks.name.empty()) return QString::fromStdString(marks.name);
  // A name that the program made says what the other columns say, but for the time.
  static const QRegularExpression made("__s[0-9]+__([0-9]{8}-[0-9]{6})");
  const auto name = QString::fromStdString(folder.filename().string());
  const auto time = QDateTime::fromString(made.match(name).captured(1), "yyyyMMdd-HHmmss");
  if (!time.isValid()) return name;
  return QString("%1, %2").arg(environment.isEmpty() ? dataset : environment,
                               QLocale().toString(time, "d MMM HH:mm"));
}

bool RunRow::operator==(const RunRow& other) const {
  const auto words = [](const RunRow& row) {
    return std::tie(row.folder, row.status, row.algorithm, row.preset, row.environment, row.dataset,
                    row.started, row.settings, row.study, row.seed, row.normalized, row.data, row.parent);
  };
  return words(*this) == words(other) && marks == other.marks && same(last, other.last) &&
         same(best, other.best) && same(pearson, other.pearson);
}

std::vector<RunRow> RunScanner::scan(const std::vector<std::filesystem::path>& folders) {
  std::vector<RunRow> rows;
  std::map<std::filesystem::path, Known> seen;
  for (const auto& parent : folders) {
    const auto plan = read_plan_labels(parent);
    for (const auto& folder : find_runs(canonical_path(parent))) {
      std::error_code missing;
      const auto time = std::filesystem::last_write_time(folder / "manifest.json", missing);
      const auto marked = std::filesystem::last_write_time(folder / "marks.json", missing);
      const auto before = known_.find(folder);
      auto& now = seen[folder];
      now = before != known_.end() && before->second.manifest == time && before->second.marks == marked
                ? before->second
                : Known{time, marked, readRow(folder)};
      rows.push_back(now.row);
      for (const auto& [name, label] : plan)
        if (name == folder.filename()) {
          rows.back().study = QString::fromStdString(label.study);
          rows.back().algorithm = QString::fromStdString(label.label);
        }
      // What a killed process left says "running" for ever.
      if (rows.back().status == "running" && !is_being_written(folder)) rows.back().status = "interrupted";
    }
  }
  known_ = std::move(seen);
  return rows;
}

void RunsModel::setRows(std::vector<RunRow> rows) {
  all_ = rows;
  if (!shown_folder_.empty())
    std::erase_if(rows, [&](const RunRow& row) { return row.folder.parent_path() != shown_folder_; });
  takeRows(std::move(rows));
}

void RunsModel::setShownFolder(const std::filesystem::path& folder) {
  shown_folder_ = canonical_path(folder);
  setRows(std::move(all_));
}

void RunsModel::takeRows(std::vector<RunRow> rows) {
  if (rows == rows_) return;
  const auto scored = [&](bool normalized) {
    return std::any_of(rows.begin(), rows.end(), [normalized](const RunRow& row) {
      return row.normalized == normalized && std::isfinite(row.last);
    });
  };
  mixes_ = scored(true) && scored(false);
  const bool same_runs = rows.size() == rows_.size() &&
                         std::equal(rows.begin(), rows.end(), rows_.begin(),
                                    [](const RunRow& a, const RunRow& b) { return a.folder == b.folder; });
  if (same_runs) {
    rows_ = std::move(rows);
    emit dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
    return;
  }
  beginResetModel();
  rows_ = std::move(rows);
  endResetModel();
}

const RunRow* RunsModel::row(const std::filesystem::path& folder) const {
  const auto found =
      std::find_if(rows_.begin(), rows_.end(), [&](const RunRow& row) { return row.folder == folder; });
  return found == rows_.end() ? nullptr : &*found;
}

Result<void> RunsModel::mark(const std::filesystem::path& folder, const RunMarks& marks) {
  if (auto written = write_marks(folder, marks); !written) return written;
  for (auto* rows : {&all_, &rows_})
    for (auto& row : *rows)
      if (row.folder == folder) row.marks = marks;
  if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
  return {};
}

void RunsModel::setBaseline(const std::filesystem::path& folder) {
  auto run = folder.empty() ? folder : canonical_path(folder);
  if (run == baseline_) return;
  baseline_ = std::move(run);
  if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
  emit baselineChanged();
}

const RunRow* RunsModel::row(int at) const {
  return at >= 0 && at < rowCount() ? &rows_[static_cast<size_t>(at)] : nullptr;
}

void RunsModel::setCurrent(const std::filesystem::path& folder) {
  current_ = canonical_path(folder);
  if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
}

int RunsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int RunsModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : kColumns;
}

QString RunsModel::difference(const RunRow& row, double RunRow::*of) const {
  const auto* base = baseline_.empty() ? nullptr : this->row(baseline_);
  // Scores of other tasks, or in another unit, cannot be taken from each other.
  if (!base || base->folder == row.folder || base->normalized != row.normalized ||
      base->environment != row.environment)
    return {};
  const double by = row.*of - base->*of;
  return std::isfinite(by) ? QString(" (%1%2)").arg(by >= 0.0 ? "+" : "", fixedText(by, 1)) : QString();
}

QString RunsModel::score(const RunRow& row, double RunRow::*of) const {
  const bool raw = mixes_ && !row.normalized && std::isfinite(row.*of);
  return number(row.*of, 1) + (raw ? tr(" raw") : QString()) + difference(row, of);
}

QVariant RunsModel::sortKey(const RunRow& row, int column) const {
  switch (column) {
    case kSeed:
      return static_cast<double>(row.seed);
    case kLast:
      return row.last;
    case kBest:
      return row.best;
    case kPearson:
      return row.pearson;
    case kStarted:
      return row.started;  // ISO dates sort as texts
    case kName:
      return row.title();
    default:
      return text(row, column);
  }
}

QString RunsModel::text(const RunRow& row, int column) const {
  switch (column) {
    case kName:
      return (row.marks.star ? QStringLiteral("★ ") : QString()) + row.title() +
             (row.folder == baseline_ ? tr(" (baseline)") : QString());
    case kDataset:
      return row.dataset;
    case kStatus:
      return row.status;
    case kAlgorithm:
      return row.algorithm;
    case kSeed:
      return QString::number(row.seed);
    case kLast:
      return score(row, &RunRow::last);
    case kBest:
      return score(row, &RunRow::best);
    case kPearson:
      return number(row.pearson, 3);
    case kTags:
      return QString::fromStdString(tags_text(row.marks.tags));
    case kStarted: {
      const auto time = QDateTime::fromString(row.started, Qt::ISODate).toLocalTime();
      return time.isValid() ? QLocale().toString(time, "d MMM HH:mm") : row.started;
    }
    default:
      return {};
  }
}

QVariant RunsModel::data(const QModelIndex& index, int role) const {
  const auto* one = row(index.row());
  if (!one) return {};
  const int column = index.column();
  if (role == Qt::DisplayRole) return text(*one, column);
  if (role == kSortRole) return sortKey(*one, column);
  if (role == Qt::EditRole)
    return column == kName ? QString::fromStdString(one->marks.name) : text(*one, column);
  if (role == Qt::TextAlignmentRole &&
      (column == kLast || column == kBest || column == kPearson || column == kSeed))
    return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
  if (role == Qt::CheckStateRole && column == kName)
    return overlaid_.contains(one->folder) || one->folder == current_ ? Qt::Checked : Qt::Unchecked;
  if (role == Qt::FontRole && one->folder == current_) {
    QFont bold;
    bold.setBold(true);
    return bold;
  }
  if (role == Qt::ToolTipRole)
    return tr("%1\n%2%3, preset %4, data %5\nScores are %6. Double-click to open; tick to overlay its "
              "returns%7")
        .arg(QString::fromStdString(one->folder.string()),
             one->study.isEmpty() ? QString() : tr("Study %1: ").arg(one->study), one->algorithm,
             one->preset.isEmpty() ? tr("none") : one->preset, one->dataset,
             one->normalized ? tr("D4RL-normalized") : tr("plain returns"),
             one->marks.notes.empty() ? QString() : "\n\n" + QString::fromStdString(one->marks.notes));
  return {};
}

bool RunsModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  const auto* one = row(index.row());
  if (one && role == Qt::EditRole) {
    auto marks = one->marks;
    const auto text = value.toString().trimmed().toStdString();
    if (index.column() == kName)
      marks.name = text;
    else if (index.column() == kTags)
      marks.tags = parse_tags(text);
    else
      return false;
    const auto kept = mark(std::filesystem::path(one->folder), marks);
    if (!kept) emit failed(QString::fromStdString(kept.error().message));
    return kept.ok();
  }
  if (!one || role != Qt::CheckStateRole || index.column() != kName || one->folder == current_) return false;
  if (value.toInt() == Qt::Checked)
    overlaid_.insert(one->folder);
  else
    overlaid_.erase(one->folder);
  emit dataChanged(index, index, {Qt::CheckStateRole});
  emit overlayChanged();
  return true;
}

void RunsModel::overlay(const std::vector<std::filesystem::path>& folders) {
  const auto before = overlaid_.size();
  for (const auto& folder : folders)
    if (auto one = canonical_path(folder); one != current_) overlaid_.insert(std::move(one));
  if (overlaid_.size() != before) tell();
}

void RunsModel::removeOverlay(const std::vector<std::filesystem::path>& folders) {
  const auto before = overlaid_.size();
  for (const auto& folder : folders) overlaid_.erase(canonical_path(folder));
  if (overlaid_.size() != before) tell();
}

void RunsModel::clearOverlay() {
  if (overlaid_.empty()) return;
  overlaid_.clear();
  tell();
}

void RunsModel::tell() {
  if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, kName), {Qt::CheckStateRole});
  emit overlayChanged();
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::ToolTipRole && (section == kLast || section == kBest))
    return tr(
        "D4RL-normalized where the task has such scores, else the plain return, which is marked raw where "
        "both are listed. Sorted apart: normalized scores first, then the returns of each environment");
  if (role != Qt::DisplayRole) return {};
  const QString names[] = {tr("Run"),  tr("Dataset"), tr("Status"), tr("Algorithm"), tr("Seed"),
                           tr("Last"), tr("Best"),    tr("r"),      tr("Tags"),      tr("Started")};
  return section < kColumns ? names[section] : QVariant();
}

Qt::ItemFlags RunsModel::flags(const QModelIndex& index) const {
  auto flags = QAbstractTableModel::flags(index);
  if (index.column() == kName) flags |= Qt::ItemIsUserCheckable;
  if (index.column() == kName || index.column() == kTags) flags |= Qt::ItemIsEditable;
  return flags;
}

}  // namespace vaco::ui
