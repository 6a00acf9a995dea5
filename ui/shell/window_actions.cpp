// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/window_actions.h"

#include <QActionGroup>
#include <QMenu>
#include <QMenuBar>
#include <QToolBar>

#include "ui/bridge/session_bridge.h"
#include "ui/plots/figure_plot.h"
#include "ui/setup/config_model.h"
#include "ui/setup/experiment_panel.h"
#include "ui/setup/param_form.h"
#include "ui/shell/export_controller.h"
#include "ui/shell/main_window.h"
#include "ui/shell/plot_deck.h"
#include "ui/shell/recent_files.h"
#include "ui/shell/saved_views.h"
#include "ui/shell/study_controller.h"
#include "ui/shell/training_controller.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/panel_focus.h"

namespace vaco::ui {

namespace {

/// A title with the first of its letters as a key that no other has yet.
QString withKey(const QString& title, QString& taken) {
  for (qsizetype i = 0; i < title.size(); ++i)
    if (title[i].isLetter() && !taken.contains(title[i], Qt::CaseInsensitive)) {
      taken += title[i];
      return QString(title).insert(i, '&');
    }
  return title;
}

/// An entry for each panel: brings it to the front, and puts away what is there. (Qt's own entries put away
/// what is behind another tab.)
void addPanels(QMenu& menu, const std::vector<QDockWidget*>& docks) {
  QString taken;
  for (auto* dock : docks) {
    auto* action = menu.addAction(withKey(dock->windowTitle(), taken));
    action->setObjectName("action.panel." + dock->objectName());
    action->setCheckable(true);
    QObject::connect(&menu, &QMenu::aboutToShow, action,
                     [action, dock] { action->setChecked(isInFront(*dock)); });
    QObject::connect(action, &QAction::triggered, dock,
                     [dock] { isInFront(*dock) ? dock->hide() : focusPanel(*dock); });
  }
}

}  // namespace

QAction* WindowActions::add(MainWindow& window, const char* name, const QString& text, const QKeySequence& keys,
                            const QString& tip, const std::function<void()>& run) {
  auto* action = new QAction(text, &window);
  action->setObjectName(QString("action.") + name);
  action->setShortcut(keys);
  auto shown = tip.isEmpty() ? QString(text).remove('&') : tip;
  if (!keys.isEmpty()) shown += QString(" (%1)").arg(keys.toString(QKeySequence::NativeText));
  action->setToolTip(shown);
  action->setStatusTip({});
  QObject::connect(action, &QAction::triggered, &window, run);
  window.addAction(action);
  return action;
}

void WindowActions::build(MainWindow& window) {
  buildFile(window);
  buildEdit(window);
  buildRun(window);
  buildView(window);
  buildHelp(window);
  buildToolBar(window);
  giveIcons();
}

void WindowActions::buildFile(MainWindow& window) {
  const auto tr = [](const char* text) { return MainWindow::tr(text); };
  auto* menu = window.menuBar()->addMenu(tr("&File"));
  open_dataset = add(window, "openDataset", tr("&Open dataset…"), QKeySequence::Open, {},
                     [&window] { window.askDataset(); });
  use_demo = add(window, "useDemo", tr("Use the &demo data"), {}, {}, [&window] { window.loadDemo(); });
  open_run = add(window, "openRun", tr("Open &run folder…"), QKeySequence("Ctrl+Shift+O"), {},
                 [&window] { window.askRun(); });
  open_study =
      add(window, "openStudy", tr("Open &study folder…"), QKeySequence("Ctrl+Alt+O"),
          tr("Watch the runs of a sweep or a study"), [&window] { window.studies().ask(window.outFolder()); });
  out_folder =
      add(window, "outFolder", tr("&Choose folder for runs…"), {}, {}, [&window] { window.askOutFolder(); });
  export_figures = add(window, "exportFigures", tr("&Export figures…"), QKeySequence("Ctrl+E"),
                       tr("Choose which figures of the shown runs are written, how large and in which formats"),
                       [&window] { window.exports().askFigures(); });
  export_plot =
      add(window, "exportPlot", tr("Export &this figure…"), QKeySequence("Ctrl+Shift+E"), {}, [&window] {
        if (auto* plot = window.plots().currentPlot()) plot->exportFigure();
      });
  export_checkpoint = add(window, "exportCheckpoint", tr("Export &policy or checkpoint…"), {}, {},
                          [&window] { window.exports().askCheckpoint(window.lastFolder()); });
  quit = add(window, "quit", tr("&Quit"), QKeySequence("Ctrl+Q"), {}, [&window] { window.close(); });
  menu->addActions({open_dataset, use_demo, open_run, open_study});
  menu->addMenu(window.recent().makeMenu(menu));
  menu->addSeparator();
  menu->addAction(out_folder);
  menu->addSeparator();
  menu->addActions({export_figures, export_plot, export_checkpoint});
  menu->addSeparator();
  menu->addAction(quit);
}

void WindowActions::buildEdit(MainWindow& window) {
  const auto tr = [](const char* text) { return MainWindow::tr(text); };
  auto* menu = window.menuBar()->addMenu(tr("&Edit"));
  undo = window.model().undoStack()->createUndoAction(&window, tr("&Undo"));
  undo->setShortcut(QKeySequence::Undo);
  undo->setObjectName("action.undo");
  redo = window.model().undoStack()->createRedoAction(&window, tr("&Redo"));
  redo->setShortcut(QKeySequence("Ctrl+Shift+Z"));
  redo->setObjectName("action.redo");
  find = add(window, "findParameter", tr("&Find parameter"), QKeySequence::Find, {}, [&window] {
    window.docks().reveal("dock.experiment");
    window.experiment().form().focusSearch();
  });
  advanced = add(window, "advanced", tr("Show &advanced parameters"), {}, {},
                 [&window, this] { window.experiment().form().setAdvanced(advanced->isChecked()); });
  advanced->setCheckable(true);
  QObject::connect(&window.experiment().form(), &ParamForm::advancedChanged, advanced, &QAction::setChecked);
  copy_command =
      add(window, "copyCommand", tr("&Copy as command line"), {},
          tr("Copies the command that makes exactly this run"), [&window] { window.copyCommandLine(); });
  copy_plot = add(window, "copyPlot", tr("Copy &plot"), QKeySequence("Ctrl+Shift+C"), {}, [&window] {
    if (auto* plot = window.plots().currentPlot()) plot->copyPicture();
  });
  menu->addActions({undo, redo});
  menu->addSeparator();
  menu->addActions({find, advanced});
  menu->addSeparator();
  menu->addActions({copy_command, copy_plot});
}

void WindowActions::buildRun(MainWindow& window) {
  const auto tr = [](const char* text) { return MainWindow::tr(text); };
  auto* menu = window.menuBar()->addMenu(tr("&Run"));
  auto& session = window.session();
  start = add(window, "start", tr("&Start"), QKeySequence("Ctrl+R"), tr("Start training with these settings"),
              [&window] { window.startTraining(); });
  pause = add(window, "pause", tr("&Pause"), QKeySequence("Ctrl+P"), tr("Pause or resume"),
              [&window] { window.training().pauseOrGoOn(); });
  stop = add(window, "stop", tr("S&top"), QKeySequence("Ctrl+."),
             tr("Save a checkpoint and stop; the run can be resumed"), [&session] { session.stop(); });
  checkpoint = add(window, "checkpoint", tr("Save &checkpoint"), QKeySequence::Save, {},
                   [&session] { session.saveCheckpoint(); });
  evaluate = add(window, "evaluate", tr("&Evaluate now"), QKeySequence("Ctrl+Shift+R"), {},
                 [&session] { session.evaluateNow(); });
  queue =
      add(window, "queue", tr("Tra&in several seeds…"), QKeySequence("Ctrl+Alt+R"),
          tr("Train seeds 0 to 4, on further data or with further algorithms if wanted, one after the other in "
             "the background"),
          [&window] { window.askQueue(); });
  menu->addActions({start, pause, stop});
  menu->addSeparator();
  menu->addActions({checkpoint, evaluate});
  poster = add(
      window, "poster", tr("Reproduce the p&oster…"), {},
      tr("Run the study behind the poster's figures in the background; it can be stopped and goes on later"),
      [&window] { window.studies().askPoster(window.outFolder()); });
  menu->addSeparator();
  menu->addActions({queue, poster});
}

void WindowActions::buildView(MainWindow& window) {
  const auto tr = [](const char* text) { return MainWindow::tr(text); };
  auto* menu = window.menuBar()->addMenu(tr("&View"));
  auto& docks = window.docks();
  auto* exclusive = new QActionGroup(&window);
  int number = 1;
  for (const auto& layout : DockHost::layouts()) {
    auto* action = add(window, qPrintable("layout." + layout.key), layout.label,
                       QKeySequence(QString("Ctrl+%1").arg(number++)), tr("Layout %1").arg(layout.label),
                       [&docks, key = layout.key] { docks.applyLayout(key); });
    action->setCheckable(true);
    action->setData(layout.key);
    exclusive->addAction(action);
    layouts.push_back(action);
    menu->addAction(action);
  }
  QObject::connect(&docks, &DockHost::layoutApplied, &window, [this](const QString& key) {
    for (auto* action : layouts) action->setChecked(action->data().toString() == key);
  });
  reset_layout =
      add(window, "resetLayout", tr("&Reset layout"), {},
          tr("Put the docks of this layout back in their places"), [&docks] { docks.resetLayout(); });
  full_screen = add(window, "fullScreen", tr("&Full screen"), QKeySequence(Qt::Key_F11), {},
                    [&window] { window.toggleFullScreen(); });
  full_screen->setCheckable(true);
  menu->addAction(reset_layout);
  menu->addMenu(window.views().makeMenu(menu));
  menu->addSeparator();
  auto* panels = menu->addMenu(tr("&Panels"));
  addPanels(*panels, docks.docks());
  menu->addActions({add(window, "nextPanel", tr("&Next panel"), QKeySequence(Qt::Key_F6), {},
                        [&docks] { focusNextPanel(docks.docks()); }),
                    add(window, "previousPanel", tr("Pre&vious panel"), QKeySequence("Shift+F6"), {},
                        [&docks] { focusNextPanel(docks.docks(), true); })});
  auto* theme = menu->addMenu(tr("&Theme"));
  auto* group = new QActionGroup(&window);
  const std::pair<ThemeChoice, QString> choices[] = {{ThemeChoice::light, tr("&Light")},
                                                     {ThemeChoice::dark, tr("&Dark")},
                                                     {ThemeChoice::system, tr("&Follow the system")}};
  for (const auto& [choice, label] : choices) {
    auto* action = add(window, qPrintable("theme." + toText(choice)), label, {}, {},
                       [&window, choice] { window.setTheme(choice); });
    action->setCheckable(true);
    action->setData(toText(choice));
    group->addAction(action);
    themes.push_back(action);
    theme->addAction(action);
  }
  menu->addSeparator();
  menu->addAction(full_screen);
}

void WindowActions::buildHelp(MainWindow& window) {
  const auto tr = [](const char* text) { return MainWindow::tr(text); };
  auto* menu = window.menuBar()->addMenu(tr("&Help"));
  help = add(window, "help", tr("&What the settings do"), QKeySequence(Qt::Key_F1), {},
             [&window] { window.showHelpTopic("weights"); });
  shortcuts = add(window, "shortcuts", tr("&Keyboard and mouse"), QKeySequence("Ctrl+F1"), {},
                  [&window] { window.showShortcuts(); });
  about = add(window, "about", tr("&About VACO Workbench"), {}, {}, [&window] { window.showAbout(); });
  menu->addActions({help, shortcuts, about});
}

void WindowActions::buildToolBar(MainWindow& window) {
  auto* bar = window.addToolBar(MainWindow::tr("Tools"));
  bar->setObjectName("toolBar");
  bar->setMovable(false);
  bar->setIconSize({18, 18});
  bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  bar->setContextMenuPolicy(Qt::PreventContextMenu);
  bar->addActions({open_dataset});
  bar->addSeparator();
  bar->addActions({start, pause, stop, queue});
  bar->addSeparator();
  bar->addActions({checkpoint, evaluate});
  bar->addSeparator();
  bar->addActions({export_figures});
  auto* space = new QWidget(bar);
  space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
  bar->addWidget(space);
  for (auto* layout : layouts) bar->addAction(layout);
  // Short names here; the menu keeps the full ones.
  open_dataset->setIconText(MainWindow::tr("Open"));
  queue->setIconText(MainWindow::tr("Seeds"));
  checkpoint->setIconText(MainWindow::tr("Checkpoint"));
  evaluate->setIconText(MainWindow::tr("Evaluate"));
  export_figures->setIconText(MainWindow::tr("Export"));
}

void WindowActions::giveIcons() {
  open_dataset->setIcon(themedIcon("open"));
  start->setIcon(themedIcon("start"));
  pause->setIcon(themedIcon("pause"));
  stop->setIcon(themedIcon("stop"));
  queue->setIcon(themedIcon("queue"));
  checkpoint->setIcon(themedIcon("checkpoint"));
  evaluate->setIcon(themedIcon("evaluate"));
  export_figures->setIcon(themedIcon("export"));
  undo->setIcon(themedIcon("undo"));
  redo->setIcon(themedIcon("redo"));
  copy_command->setIcon(themedIcon("copy"));
}

}  // namespace vaco::ui
