// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/explain/episode_model.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "ui/figures/number_text.h"

namespace vaco::ui {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

QString endText(EndedBy end) {
  switch (end) {
    case EndedBy::terminal:
      return EpisodeModel::tr("terminal");
    case EndedBy::timeout:
      return EpisodeModel::tr("timeout");
    case EndedBy::cut:
      break;
  }
  return EpisodeModel::tr("cut");
}

}  // namespace

void EpisodeModel::setDataset(const Dataset* dataset) {
  beginResetModel();
  lines_.clear();
  if (dataset) {
    const auto& table = dataset->episodes;
    lines_.reserve(table.size());
    for (size_t e = 0; e < table.size(); ++e) {
      EpisodeLine line;
      line.number = static_cast<int>(e);
      const auto row = static_cast<size_t>(table.first[e]);
      if (row < dataset->policy_ids.size()) {
        const auto id = static_cast<size_t>(dataset->policy_ids[row]);
        if (id < dataset->policy_names.size()) line.source = QString::fromStdString(dataset->policy_names[id]);
      }
      line.ended_by = endText(table.ended_by[e]);
      line.total_reward = table.returns[e];
      line.first = table.first[e];
      line.length = table.length[e];
      line.weight = line.change = kUnknown;
      lines_.push_back(std::move(line));
    }
    for (const auto& finding : dataset->findings) {
      if (finding.row < 0) continue;
      const auto behind = std::upper_bound(table.first.begin(), table.first.end(), finding.row);
      if (behind == table.first.begin()) continue;
      auto& told = lines_[static_cast<size_t>(behind - table.first.begin() - 1)].findings;
      told += (told.isEmpty() ? "" : "\n") + QString::fromStdString(to_text(finding));
    }
  }
  chosen_.assign(lines_.size(), 0);
  arrange();
  endResetModel();
}

void EpisodeModel::setWeights(const std::vector<double>& weights, const std::vector<double>& changes) {
  emit layoutAboutToBeChanged();
  for (size_t e = 0; e < lines_.size(); ++e) {
    lines_[e].weight = e < weights.size() ? weights[e] : kUnknown;
    lines_[e].change = e < changes.size() ? changes[e] : kUnknown;
  }
  arrange();
  emit layoutChanged();
}

void EpisodeModel::setChosen(const std::vector<int>& chosen) {
  std::fill(chosen_.begin(), chosen_.end(), 0);
  for (const int e : chosen)
    if (e >= 0 && static_cast<size_t>(e) < chosen_.size()) chosen_[static_cast<size_t>(e)] = 1;
  if (!shown_.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, 0), {Qt::CheckStateRole});
}

void EpisodeModel::setFilter(const EpisodeFilter& filter) {
  beginResetModel();
  filter_ = filter;
  arrange();
  endResetModel();
}

void EpisodeModel::sort(int column, Qt::SortOrder order) {
  emit layoutAboutToBeChanged();
  sorted_by_ = column;
  order_ = order;
  arrange();
  emit layoutChanged();
}

void EpisodeModel::arrange() {
  shown_.clear();
  for (const auto& line : lines_)
    if (filter_.takes(line)) shown_.push_back(line.number);
  const auto less = [&](int a, int b) {
    const auto &x = lines_[static_cast<size_t>(a)], &y = lines_[static_cast<size_t>(b)];
    // What is not known stands last in either order.
    const auto known = [&](double first, double second) {
      if (std::isnan(first) || std::isnan(second)) return std::isnan(second) && !std::isnan(first);
      return order_ == Qt::AscendingOrder ? first < second : first > second;
    };
    const auto text = [&](const QString& first, const QString& second) {
      return order_ == Qt::AscendingOrder ? first < second : first > second;
    };
    switch (sorted_by_) {
      case source:
        return text(x.source, y.source);
      case ended_by:
        return text(x.ended_by, y.ended_by);
      case findings:
        return text(x.findings, y.findings);
      case total_reward:
        return known(x.total_reward, y.total_reward);
      case length:
        return known(static_cast<double>(x.length), static_cast<double>(y.length));
      case weight:
        return known(x.weight, y.weight);
      case change:
        return known(x.change, y.change);
      default:
        return order_ == Qt::AscendingOrder ? a < b : a > b;
    }
  };
  std::stable_sort(shown_.begin(), shown_.end(), less);
}

int EpisodeModel::rowOf(int episode) const {
  const auto found = std::find(shown_.begin(), shown_.end(), episode);
  return found == shown_.end() ? -1 : static_cast<int>(found - shown_.begin());
}

int EpisodeModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(shown_.size());
}

int EpisodeModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : columns;
}

QString EpisodeModel::text(const EpisodeLine& line, int column) const {
  switch (column) {
    case number:
      return QString::number(line.number);
    case source:
      return line.source.isEmpty() ? QString("–") : line.source;
    case total_reward:
      return fixedText(line.total_reward, std::abs(line.total_reward) < 100 ? 2 : 1);
    case length:
      return countText(line.length);
    case ended_by:
      return line.ended_by;
    case findings:
      return line.findings.isEmpty() ? QString() : line.findings.section('\n', 0, 0);
    case weight:
      return std::isnan(line.weight) ? QString("–") : valueText(line.weight);
    case change:
      return std::isnan(line.change) ? QString("–") : valueText(line.change);
    default:
      return {};
  }
}

QVariant EpisodeModel::data(const QModelIndex& at, int role) const {
  if (!at.isValid()) return {};
  const auto episode = static_cast<size_t>(episodeAt(at.row()));
  const auto& line = lines_[episode];
  switch (role) {
    case Qt::DisplayRole:
      return text(line, at.column());
    case Qt::ToolTipRole:
      return at.column() == findings ? line.findings : QString();
    case Qt::TextAlignmentRole: {
      const bool words = at.column() == source || at.column() == ended_by || at.column() == findings;
      return static_cast<int>(Qt::AlignVCenter | (words ? Qt::AlignLeft : Qt::AlignRight));
    }
    case Qt::CheckStateRole:
      return at.column() == number ? QVariant(chosen_[episode] ? Qt::Checked : Qt::Unchecked) : QVariant();
    default:
      return {};
  }
}

bool EpisodeModel::setData(const QModelIndex& at, const QVariant& value, int role) {
  if (!at.isValid() || role != Qt::CheckStateRole || at.column() != number) return false;
  emit ticked(episodeAt(at.row()), value.toInt() == Qt::Checked);
  return true;
}

QVariant EpisodeModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  static const std::vector<std::pair<QString, QString>> kHeaders{
      {tr("Episode"), tr("Number in the dataset; a tick chooses it")},
      {tr("Source"), tr("Behavior policy of its first row")},
      {tr("Return"), tr("Undiscounted sum of its rewards")},
      {tr("Length"), tr("Rows")},
      {tr("Ended by"),
       tr("terminal: the state ended; timeout: the clock did; cut: the file goes on elsewhere")},
      {tr("Findings"), tr("What is odd about its rows")},
      {tr("Weight"), tr("Mean weight over its rows, at the checkpoint that was explained")},
      {tr("Left out"), tr("How leaving it out would change the policy's value: an estimate to first order")}};
  if (section < 0 || section >= columns) return {};
  if (role == Qt::DisplayRole) return kHeaders[static_cast<size_t>(section)].first;
  if (role == Qt::ToolTipRole) return kHeaders[static_cast<size_t>(section)].second;
  return {};
}

Qt::ItemFlags EpisodeModel::flags(const QModelIndex& at) const {
  auto flags = QAbstractTableModel::flags(at);
  if (at.column() == number) flags |= Qt::ItemIsUserCheckable;
  return flags;
}

}  // namespace vaco::ui
