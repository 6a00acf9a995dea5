// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_notes.h"

namespace vaco::ui {

namespace {
constexpr int kLines = 4;
}

RunNotes::RunNotes(RunsModel& runs, QWidget* parent) : QPlainTextEdit(parent), runs_(runs) {
  setObjectName("runNotes");
  setAccessibleName(tr("Notes of the selected run"));
  setPlaceholderText(tr("Notes of the selected run"));
  setTabChangesFocus(true);
  setFixedHeight(kLines * fontMetrics().lineSpacing() + 12);
}

void RunNotes::show(const RunRow* row) {
  const auto run = row ? row->folder : std::filesystem::path();
  const auto text = row ? QString::fromStdString(row->marks.notes) : QString();
  setEnabled(row);
  if (run == run_ && hasFocus()) return;
  keep();
  run_ = run;
  if (toPlainText() != text) setPlainText(text);
  document()->setModified(false);
}

void RunNotes::keep() {
  if (run_.empty() || !document()->isModified()) return;
  document()->setModified(false);
  const auto* row = runs_.row(run_);
  if (!row) return;
  auto marks = row->marks;
  marks.notes = toPlainText().toStdString();
  if (const auto kept = runs_.mark(std::filesystem::path(run_), marks); !kept)
    emit failed(QString::fromStdString(kept.error().message));
}

void RunNotes::focusOutEvent(QFocusEvent* event) {
  QPlainTextEdit::focusOutEvent(event);
  keep();
}

}  // namespace vaco::ui
