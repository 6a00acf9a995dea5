// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studies/study_model.h"

#include <QColor>
#include <algorithm>

#include "ui/figures/number_text.h"
#include "ui/widgets/theme.h"

namespace vaco::ui {

namespace {
QString stateText(CellState state) {
  switch (state) {
    case CellState::fresh:
      return StudyModel::tr("waiting");
    case CellState::interrupted:
      return StudyModel::tr("interrupted");
    case CellState::running:
      return StudyModel::tr("running");
    case CellState::finished:
      return StudyModel::tr("finished");
    case CellState::failed:
      break;
  }
  return StudyModel::tr("failed");
}

QString numberAt(const Json& json, const char* key, int digits, const char* inner = nullptr) {
  if (!json.is_object() || !json.contains(key)) return {};
  const Json& found = json.at(key);
  if (inner) return numberAt(found, inner, digits);
  return found.is_number() ? fixedText(found.get<double>(), digits) : QString();
}
QString scoreOfCell(const StudyCell& cell) {
  return numberAt(cell.look.result, "normalized_score", 1, "last");
}
QString returnOfCell(const StudyCell& cell) {
  return numberAt(cell.look.result, "return", 0, "last");
}
bool hasScore(const StudyCell& cell) {
  return !scoreOfCell(cell).isEmpty();
}
bool hasReturnAlone(const StudyCell& cell) {
  return !hasScore(cell) && !returnOfCell(cell).isEmpty();
}
}  // namespace

void StudyModel::setState(std::shared_ptr<const StudyState> state) {
  const auto any = [&](bool (*of)(const StudyCell&)) {
    return state && std::any_of(state->cells.begin(), state->cells.end(), of);
  };
  mixes_ = any(hasScore) && any(hasReturnAlone);
  const bool same_rows =
      state_ && state && state_->folder == state->folder && state_->cells.size() == state->cells.size();
  if (same_rows) {
    state_ = std::move(state);
    if (rowCount() > 0) emit dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
    return;
  }
  beginResetModel();
  state_ = std::move(state);
  endResetModel();
}

const StudyCell* StudyModel::cell(int row) const {
  return row >= 0 && row < rowCount() ? &state_->cells[static_cast<size_t>(row)] : nullptr;
}

int StudyModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() || !state_ ? 0 : static_cast<int>(state_->cells.size());
}

int StudyModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : kColumns;
}

QString StudyModel::text(const StudyCell& cell, int column) const {
  const CellLook& look = cell.look;
  switch (column) {
    case kDataset:
      return cell.dataset;
    case kAlgorithm:
      return cell.params.isEmpty() ? cell.label : cell.label + ", " + cell.params;
    case kSeed:
      return QString::number(cell.seed);
    case kState:
      return cell.queue.isEmpty() ? stateText(look.state) : stateText(look.state) + ", " + cell.queue;
    case kProgress:
      return tr("%1 %").arg(static_cast<int>(100.0 * look.fraction()));
    case kEta:
      return look.state == CellState::running && look.steps_per_second > 0.0
                 ? durationText(static_cast<double>(look.total_steps - look.step) / look.steps_per_second)
                 : QString();
    case kScore:
      return score(cell);
    case kPearson:
      return numberAt(look.result, "pearson_r", 3);
    default:
      return {};
  }
}

QString StudyModel::score(const StudyCell& cell) const {
  if (!hasReturnAlone(cell)) return scoreOfCell(cell);
  return mixes_ ? tr("%1 raw").arg(returnOfCell(cell)) : returnOfCell(cell);
}

QVariant StudyModel::data(const QModelIndex& index, int role) const {
  const auto* one = cell(index.row());
  if (!one) return {};
  if (role == Qt::DisplayRole) return text(*one, index.column());
  if (role == kFraction) return one->look.fraction();
  if (role == Qt::TextAlignmentRole && (index.column() == kSeed || index.column() >= kEta))
    return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
  if (role == Qt::ForegroundRole && index.column() == kState) {
    if (one->look.state == CellState::failed) return themeColors().error;
    if (one->look.state == CellState::running) return themeColors().accent;
    if (one->look.state == CellState::fresh) return themeColors().faint;
  }
  if (role == Qt::ToolTipRole) {
    auto tip = QString::fromStdString(one->folder.string());
    if (!one->look.phase.empty())
      tip += tr("\nPhase %1, step %2 of %3")
                 .arg(QString::fromStdString(one->look.phase))
                 .arg(one->look.step)
                 .arg(one->look.total_steps);
    if (!one->look.message.empty()) tip += "\n" + QString::fromStdString(one->look.message);
    return tip;
  }
  return {};
}

QVariant StudyModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  const QString names[] = {tr("Dataset"),  tr("Algorithm"), tr("Seed"), tr("State"),
                           tr("Progress"), tr("Left"),      tr("Last"), tr("r")};
  return section < kColumns ? names[section] : QVariant();
}

}  // namespace vaco::ui
