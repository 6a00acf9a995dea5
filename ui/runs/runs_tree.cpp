// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/runs_tree.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <QCollator>

#include "core/stats/statistics.h"
#include "ui/figures/number_text.h"

namespace vaco::ui {

namespace {
double scoreOf(const RunRow& row, int column) {
  return column == RunsModel::kLast ? row.last : column == RunsModel::kBest ? row.best : row.pearson;
}

bool isScore(int column) {
  return column == RunsModel::kLast || column == RunsModel::kBest;
}

bool hasMean(int column) {
  return isScore(column) || column == RunsModel::kPearson;
}

struct SortKey {
  QVariant value;
  QString unit;
};

/// Numbers by size, with those that are none at the end however it is sorted, and those of other units apart:
/// normalized scores, then returns by environment. Texts with 9 before 10.
bool before(const SortKey& a, const SortKey& b, Qt::SortOrder order) {
  if (a.value.typeId() == QMetaType::Double && b.value.typeId() == QMetaType::Double) {
    const double x = a.value.toDouble(), y = b.value.toDouble();
    if (std::isnan(x) || std::isnan(y)) return !std::isnan(x) && std::isnan(y);
    if (a.unit != b.unit) return a.unit < b.unit;
    return order == Qt::AscendingOrder ? x < y : x > y;
  }
  static const QCollator collator = [] {
    QCollator made;
    made.setNumericMode(true);
    made.setCaseSensitivity(Qt::CaseInsensitive);
    return made;
  }();
  const int compared = collator.compare(a.value.toString(), b.value.toString());
  return order == Qt::AscendingOrder ? compared < 0 : compared > 0;
}

/// The texts in which a filter looks, by the words that name them.
std::vector<std::pair<QString, QString>> textsOf(const RunRow& row) {
  return {{"name", row.title()},
          {"dataset", row.dataset},
          {"status", row.status},
          {"algorithm", row.algorithm},
          {"environment", row.environment},
          {"preset", row.preset},
          {"study", row.study},
          {"seed", QString::number(row.seed)},
          {"tag", QString::fromStdString(tags_text(row.marks.tags))},
          {"notes", QString::fromStdString(row.marks.notes)},
          {"folder", QString::fromStdString(row.folder.filename().string())}};
}
}  // namespace

const std::vector<RunsTree::Grouping>& RunsTree::groupings() {
  static const std::vector<Grouping> all{{"", tr("no groups")},
                                         {"settings", tr("all but the seed")},
                                         {"algorithm", tr("algorithm")},
                                         {"dataset", tr("dataset")},
                                         {"environment", tr("environment")},
                                         {"preset", tr("preset")},
                                         {"status", tr("status")},
                                         {"study", tr("study")},
                                         {"tags", tr("tags")},
                                         {"seed", tr("seed")},
                                         {"forks", tr("tree of forks")}};
  return all;
}

RunsTree::RunsTree(RunsModel& runs, QObject* parent) : QAbstractItemModel(parent), runs_(runs) {
  // What is selected is looked up by the rows that there were.
  connect(&runs_, &QAbstractItemModel::modelAboutToBeReset, this, &RunsTree::beginToArrange);
  connect(&runs_, &QAbstractItemModel::modelReset, this, &RunsTree::endToArrange);
  connect(&runs_, &QAbstractItemModel::dataChanged, this,
          [this](const QModelIndex&, const QModelIndex&, const QList<int>& roles) {
            // Ticks move nothing.
            roles.contains(Qt::CheckStateRole) ? tellTicks({}) : arrange();
          });
}

void RunsTree::tellTicks(const QModelIndex& parent_index) {
  const int rows = rowCount(parent_index);
  if (rows == 0) return;
  emit dataChanged(index(0, 0, parent_index), index(rows - 1, 0, parent_index), {Qt::CheckStateRole});
  for (int row = 0; row < rows; ++row) tellTicks(index(row, 0, parent_index));
}

void RunsTree::setGrouping(const QString& key) {
  if (key == grouping_) return;
  grouping_ = key;
  arrange();
}

void RunsTree::setFilter(const QString& text) {
  if (text == filter_) return;
  filter_ = text;
  words_ = text.split(' ', Qt::SkipEmptyParts);
  arrange();
}

void RunsTree::sort(int column, Qt::SortOrder order) {
  if (column == column_ && order == order_) return;
  column_ = column;
  order_ = order;
  arrange();
}

bool RunsTree::matches(const RunRow& row) const {
  if (words_.isEmpty()) return true;
  const auto texts = textsOf(row);
  return std::all_of(words_.begin(), words_.end(), [&](const QString& word) {
    if (word == "is:starred") return row.marks.star;
    const auto key = word.left(std::max<qsizetype>(0, word.indexOf(':')));
    const auto named =
        std::find_if(texts.begin(), texts.end(), [&](const auto& one) { return one.first == key; });
    if (named != texts.end()) return named->second.contains(word.mid(key.size() + 1), Qt::CaseInsensitive);
    return std::any_of(texts.begin(), texts.end(),
                       [&](const auto& one) { return one.second.contains(word, Qt::CaseInsensitive); });
  });
}

QString RunsTree::groupOf(const RunRow& row) const {
  if (grouping_ == "settings") return QString::fromStdString(row.settings);
  if (grouping_ == "tags") return QString::fromStdString(tags_text(row.marks.tags));
  if (grouping_ == "seed") return tr("seed %1").arg(row.seed);
  for (const auto& [key, text] : textsOf(row))
    if (key == grouping_) return text;
  return {};
}

int RunsTree::add(int run, int parent, const QString& title) {
  nodes_.push_back({run, title, parent, 0, {}});
  const int made = static_cast<int>(nodes_.size()) - 1;
  (parent < 0 ? roots_ : nodes_[static_cast<size_t>(parent)].children).push_back(made);
  return made;
}

void RunsTree::arrange() {
  beginToArrange();
  endToArrange();
}

void RunsTree::beginToArrange() {
  emit aboutToArrange();
  beginResetModel();
}

void RunsTree::endToArrange() {
  nodes_.clear();
  roots_.clear();
  std::vector<int> listed;
  for (int row = 0; row < runs_.rowCount(); ++row)
    if (matches(*runs_.row(row))) listed.push_back(row);
  listed_ = static_cast<int>(listed.size());
  if (grouping_ == "forks")
    arrangeForks(listed);
  else if (!grouping_.isEmpty())
    arrangeGroups(listed);
  else
    for (const int row : listed) add(row, -1);
  for (auto& node : nodes_) sortChildren(node.children);
  sortChildren(roots_);
  endResetModel();
  emit arranged();
}

void RunsTree::arrangeForks(const std::vector<int>& runs) {
  std::map<std::filesystem::path, int> node_of;
  for (size_t i = 0; i < runs.size(); ++i) {
    nodes_.push_back({runs[i], {}, -1, 0, {}});
    node_of[runs_.row(runs[i])->folder] = static_cast<int>(i);
  }
  for (int i = 0; i < static_cast<int>(nodes_.size()); ++i) {
    const auto from = node_of.find(runAt(i).parent);
    int above = from == node_of.end() ? -1 : from->second;
    // A run is never below itself, whatever its file says.
    for (int next = above; next >= 0 && above >= 0; next = at(next).parent)
      if (next == i) above = -1;
    nodes_[static_cast<size_t>(i)].parent = above;
    (above < 0 ? roots_ : nodes_[static_cast<size_t>(above)].children).push_back(i);
  }
}

void RunsTree::arrangeGroups(const std::vector<int>& runs) {
  std::map<QString, int> heading_of;
  for (const int row : runs) {
    const auto& run = *runs_.row(row);
    const auto group = groupOf(run);
    auto found = heading_of.find(group);
    if (found == heading_of.end()) {
      const auto title = group.isEmpty()
                             ? (grouping_ == "settings" ? tr("settings that cannot be read") : tr("none"))
                         : grouping_ == "settings" ? tr("%1 on %2").arg(run.algorithm, run.dataset)
                                                   : group;
      found = heading_of.emplace(group, add(-1, -1, title)).first;
    }
    add(row, found->second);
  }
}

QString RunsTree::unitOf(const Node& node, int column) const {
  if (!isScore(column)) return {};
  if (node.run >= 0) return runs_.row(node.run)->unit();
  for (const int child : node.children)
    if (std::isfinite(scoreOf(runAt(child), column))) return runAt(child).unit();
  return {};
}

QVariant RunsTree::sortKey(const Node& node, int column) const {
  return node.run >= 0 ? runs_.data(runs_.index(node.run, column), RunsModel::kSortRole)
                       : heading(node, column, RunsModel::kSortRole);
}

void RunsTree::sortChildren(std::vector<int>& nodes) {
  if (column_ >= 0) {
    std::vector<std::pair<SortKey, int>> keyed;
    keyed.reserve(nodes.size());
    for (const int one : nodes)
      keyed.emplace_back(SortKey{sortKey(at(one), column_), unitOf(at(one), column_)}, one);
    std::stable_sort(keyed.begin(), keyed.end(),
                     [this](const auto& a, const auto& b) { return before(a.first, b.first, order_); });
    std::transform(keyed.begin(), keyed.end(), nodes.begin(), [](const auto& one) { return one.second; });
  }
  for (size_t i = 0; i < nodes.size(); ++i) nodes_[static_cast<size_t>(nodes[i])].place = static_cast<int>(i);
}

const RunsTree::Node* RunsTree::node(const QModelIndex& index) const {
  return index.isValid() ? &nodes_[index.internalId()] : nullptr;
}

const RunRow* RunsTree::run(const QModelIndex& index) const {
  const auto* one = node(index);
  return one && one->run >= 0 ? runs_.row(one->run) : nullptr;
}

QModelIndex RunsTree::indexOf(const std::filesystem::path& folder) const {
  for (size_t i = 0; i < nodes_.size(); ++i)
    if (nodes_[i].run >= 0 && runAt(static_cast<int>(i)).folder == folder)
      return createIndex(nodes_[i].place, 0, i);
  return {};
}

void RunsTree::collect(int from, std::vector<std::filesystem::path>& folders) const {
  if (at(from).run >= 0) folders.push_back(runAt(from).folder);
  for (const int child : at(from).children) collect(child, folders);
}

std::vector<std::filesystem::path> RunsTree::runsBelow(const QModelIndex& index) const {
  std::vector<std::filesystem::path> folders;
  if (index.isValid())
    collect(static_cast<int>(index.internalId()), folders);
  else
    for (const int root : roots_) collect(root, folders);
  return folders;
}

QModelIndex RunsTree::index(int row, int column, const QModelIndex& parent_index) const {
  const auto* above = node(parent_index);
  const auto& siblings = above ? above->children : roots_;
  if (row < 0 || row >= static_cast<int>(siblings.size()) || column < 0 || column >= columnCount()) return {};
  return createIndex(row, column, static_cast<quintptr>(siblings[static_cast<size_t>(row)]));
}

QModelIndex RunsTree::parent(const QModelIndex& index) const {
  const auto* one = node(index);
  if (!one || one->parent < 0) return {};
  return createIndex(at(one->parent).place, 0, static_cast<quintptr>(one->parent));
}

int RunsTree::rowCount(const QModelIndex& parent_index) const {
  if (parent_index.column() > 0) return 0;
  const auto* one = node(parent_index);
  return static_cast<int>((one ? one->children : roots_).size());
}

int RunsTree::columnCount(const QModelIndex&) const {
  return runs_.columnCount();
}

QVariant RunsTree::meanOf(const Node& one, int column, int role) const {
  std::vector<double> values;
  bool alike = true;  // scores and returns have no mean, nor have returns of several tasks
  const auto unit = unitOf(one, column);
  for (const int child : one.children) {
    const double value = scoreOf(runAt(child), column);
    if (!std::isfinite(value)) continue;
    values.push_back(value);
    alike = alike && (!isScore(column) || runAt(child).unit() == unit);
  }
  const double average = values.empty() || !alike ? std::nan("") : mean(values);
  if (role == RunsModel::kSortRole) return average;
  if (role != Qt::DisplayRole || std::isnan(average)) return {};
  const int digits = column == RunsModel::kPearson ? 3 : 1;
  auto text = fixedText(average, digits);
  if (values.size() > 1) text += tr(" ± %1").arg(fixedText(standard_deviation(values), digits));
  if (isScore(column) && runs_.mixesUnits() && !unit.isEmpty()) text += tr(" raw");
  if (values.size() < one.children.size()) text += tr(" (n = %1)").arg(values.size());
  return text;
}

QVariant RunsTree::heading(const Node& one, int column, int role) const {
  if (hasMean(column)) return meanOf(one, column, role);
  const auto runs = static_cast<int>(one.children.size());
  if (role == RunsModel::kSortRole && column == RunsModel::kSeed) return static_cast<double>(runs);
  if (role == RunsModel::kSortRole && column == RunsModel::kName) return one.title;
  if (role != Qt::DisplayRole && role != RunsModel::kSortRole) return {};
  if (column == RunsModel::kName) return tr("%1 (n = %2)").arg(one.title).arg(runs);
  if (column != RunsModel::kStatus) return {};
  std::map<QString, int> counts;
  for (const int child : one.children) ++counts[runAt(child).status];
  QStringList parts;
  for (const auto& [status, count] : counts) parts << tr("%1 %2").arg(count).arg(status);
  return parts.join(", ");
}

QVariant RunsTree::data(const QModelIndex& index, int role) const {
  const auto* one = node(index);
  if (!one) return {};
  if (one->run >= 0) return runs_.data(runs_.index(one->run, index.column()), role);
  if (role == Qt::TextAlignmentRole && hasMean(index.column()))
    return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
  if (role == Qt::CheckStateRole && index.column() == RunsModel::kName) {
    int on = 0;
    for (const int child : one->children)
      on += runs_.data(runs_.index(at(child).run, 0), role).toInt() == Qt::Checked;
    return on == 0                                        ? Qt::Unchecked
           : on == static_cast<int>(one->children.size()) ? Qt::Checked
                                                          : Qt::PartiallyChecked;
  }
  if (role == Qt::ToolTipRole)
    return tr("Means over the runs of the group, with standard deviations. Tick to overlay them all");
  return heading(*one, index.column(), role);
}

bool RunsTree::setData(const QModelIndex& index, const QVariant& value, int role) {
  const auto* one = node(index);
  if (!one) return false;
  if (one->run >= 0) return runs_.setData(runs_.index(one->run, index.column()), value, role);
  if (role != Qt::CheckStateRole || index.column() != RunsModel::kName) return false;
  const auto folders = runsBelow(index);
  value.toInt() == Qt::Checked ? runs_.overlay(folders) : runs_.removeOverlay(folders);
  return true;
}

QVariant RunsTree::headerData(int section, Qt::Orientation orientation, int role) const {
  return runs_.headerData(section, orientation, role);
}

Qt::ItemFlags RunsTree::flags(const QModelIndex& index) const {
  const auto* one = node(index);
  if (!one) return Qt::NoItemFlags;
  if (one->run >= 0) return runs_.flags(runs_.index(one->run, index.column()));
  auto flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
  if (index.column() == RunsModel::kName) flags |= Qt::ItemIsUserCheckable;
  return flags;
}

}  // namespace vaco::ui
