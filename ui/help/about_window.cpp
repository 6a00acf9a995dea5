// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/help/about_window.h"

#include <QApplication>
#include <QScreen>
#include <QScrollBar>
#include <QShortcut>
#include <QTextBrowser>
#include <QVBoxLayout>
#include <QWidget>
#include <QtMath>

#include "core/records/manifest.h"
#include "ui/widgets/icons.h"

namespace vaco::ui {

namespace {
QString tr(const char* text) {
  return QApplication::translate("AboutWindow", text);
}

/// A small window of rich text; closes with Escape.
QWidget* show_text(QWidget& parent, const QString& name, const QString& title, const QString& html) {
  if (auto* open = parent.findChild<QWidget*>(name)) {
    open->show();
    open->raise();
    open->activateWindow();
    return open;
  }
  auto* window = new QWidget(&parent, Qt::Tool);
  window->setObjectName(name);
  window->setWindowTitle(title);
  auto* column = new QVBoxLayout(window);
  column->setContentsMargins(20, 16, 20, 16);
  // A label would lay its text out half a dozen times on the way.
  auto* text = new QTextBrowser(window);
  text->setObjectName(name + ".text");
  text->setFrameShape(QFrame::NoFrame);
  text->viewport()->setAutoFillBackground(false);
  text->setOpenExternalLinks(true);
  text->setLineWrapMode(QTextEdit::NoWrap);
  text->document()->setDocumentMargin(0.0);
  text->setHtml(html);
  text->setAccessibleName(title);
  QSize whole(qCeil(text->document()->size().width()), qCeil(text->document()->size().height()));
  const QSize room = window->screen()->availableSize().expandedTo(parent.window()->size()) - QSize(60, 80);
  if (whole.height() > room.height()) whole.rwidth() += text->verticalScrollBar()->sizeHint().width();
  text->setMinimumSize(whole.boundedTo(room));
  column->addWidget(text);
  auto* escape = new QShortcut(QKeySequence(Qt::Key_Escape), window);
  QObject::connect(escape, &QShortcut::activated, window, &QWidget::close);
  window->show();
  return window;
}

QString section(const QString& title, const QList<std::pair<QString, QString>>& keys) {
  QString html = "<tr><td colspan='2' style='padding-top:9px'><b>" + title + "</b></td></tr>";
  for (const auto& [key, text] : keys)
    html += QString("<tr><td style='padding-right:16px'>%1</td><td>%2</td></tr>").arg(key, text);
  return html;
}
}  // namespace

QString shortcutsHtml() {
  const auto left = section(tr("Experiment"), {{"Ctrl+O", tr("Open dataset")},
                                               {"Ctrl+Shift+O", tr("Open run folder")},
                                               {"Ctrl+F", tr("Find parameter")},
                                               {"Ctrl+Z, Ctrl+Shift+Z", tr("Undo, redo")}}) +
                    section(tr("Run"), {{"Ctrl+R", tr("Start")},
                                        {"Ctrl+P", tr("Pause or resume")},
                                        {"Ctrl+.", tr("Save and stop")},
                                        {"Ctrl+S", tr("Save checkpoint")},
                                        {"Ctrl+Shift+R", tr("Evaluate now")},
                                        {"Ctrl+Alt+R", tr("Train several seeds")}}) +
                    section(tr("List of runs"), {{tr("Enter"), tr("Show the run")},
                                                 {"F2", tr("Rename")},
                                                 {"S", tr("Star")},
                                                 {tr("Delete"), tr("Move to the trash")}}) +
                    section(tr("Window"), {{"Ctrl+1 … Ctrl+5", tr("Layouts")},
                                           {"F6, Shift+F6", tr("Next, previous panel")},
                                           {"F11", tr("Full screen")},
                                           {"F1", tr("Help")},
                                           {"Ctrl+F1", tr("This sheet")}});
  const auto right = section(tr("Figures"), {{tr("Wheel, + −"), tr("Zoom")},
                                             {tr("Drag, arrows"), tr("Pan")},
                                             {tr("Double click, Home"), tr("Show everything")},
                                             {tr("Shift and drag"), tr("Choose trajectories")},
                                             {tr("Shift and arrows"), tr("Read with a cross")},
                                             {tr("Enter"), tr("Pick what is under the cross")},
                                             {tr("Ctrl+Enter"), tr("Add it to what is chosen")},
                                             {tr("Right click, Menu"), tr("Copy, export, table")},
                                             {"Ctrl+Shift+C", tr("Copy plot")},
                                             {"Ctrl+E", tr("Export figures")},
                                             {"Ctrl+Shift+E", tr("Export this figure")}}) +
                     section(tr("Time line"), {{tr("Click, drag, arrows"), tr("Move the cursor")},
                                               {tr("Page Up, Page Down"), tr("By a tenth")},
                                               {tr("Space"), tr("Play or pause")}}) +
                     section(tr("Rollout"), {{tr("Left drag, Shift and arrows"), tr("Orbit")},
                                             {tr("Right or shift drag, Ctrl and arrows"), tr("Pan")},
                                             {tr("Wheel, Ctrl and + −"), tr("Zoom")},
                                             {tr("Space"), tr("Play or pause")},
                                             {"+ −", tr("Faster, slower")},
                                             {tr(". or Right, Left"), tr("Single step on, back")},
                                             {tr("Home, End"), tr("First, last time step")},
                                             {tr("L"), tr("Loop on or off")},
                                             {"1 2 3 4", tr("Rewards, actions, Q, forces over the picture")},
                                             {"R", tr("New episode")},
                                             {tr("Esc, double click"), tr("Reset camera")}});
  return "<table><tr><td style='padding-right:36px'><table>" + left + "</table></td><td><table>" + right +
         "</table></td></tr></table>";
}

QWidget* showShortcutSheet(QWidget& parent) {
  return show_text(parent, "shortcutSheet", tr("Keyboard and mouse"), shortcutsHtml());
}

QWidget* showAboutWindow(QWidget& parent, const QString& device, const QString& libraries) {
  const auto html = QString("<h2>%1</h2><p>%2<br>%3</p><p>%4<br>%5<br>Qt %6, QCustomPlot</p><p>%7</p>")
                        .arg(tr("VACO Workbench %1").arg(QString::fromStdString(program_version())),
                             tr("Value-aligned behavior cloning for offline reinforcement learning"),
                             tr("via bi-level optimization"), tr("Device: %1").arg(device.toHtmlEscaped()),
                             libraries.toHtmlEscaped(), qVersion(),
                             tr("Free software under the GNU General Public License, version 3 or later"));
  return show_text(parent, "aboutWindow", tr("About VACO Workbench"), html);
}

}  // namespace vaco::ui
