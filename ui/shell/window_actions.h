// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

#include <QAction>

namespace vaco::ui {

class MainWindow;

/// Every action of the window, in menus and toolbar. Made once by build().
struct WindowActions {
  QAction *open_dataset, *open_run, *open_study, *use_demo, *export_figures, *export_plot, *export_checkpoint,
      *out_folder, *quit;
  QAction *undo, *redo, *find, *advanced, *copy_command, *copy_plot;
  QAction *start, *pause, *stop, *queue, *checkpoint, *evaluate, *poster;
  std::vector<QAction*> layouts, themes;
  QAction *reset_layout, *full_screen;
  QAction *help, *shortcuts, *about;

  void build(MainWindow& window);

 private:
  QAction* add(MainWindow& window, const char* name, const QString& text, const QKeySequence& keys,
               const QString& tip, const std::function<void()>& run);
  void buildFile(MainWindow& window);
  void buildEdit(MainWindow& window);
  void buildRun(MainWindow& window);
  void buildView(MainWindow& window);
  void buildHelp(MainWindow& window);
  void buildToolBar(MainWindow& window);
  void giveIcons();
};

}  // namespace vaco::ui
