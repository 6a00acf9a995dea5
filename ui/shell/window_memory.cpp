// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/window_memory.h"

#include <QScreen>
#include <QTimer>

#include "ui/data/dataset_loader.h"
#include "ui/export/export_choices.h"
#include "ui/runs/alarms_panel.h"
#include "ui/runs/runs_panel.h"
#include "ui/setup/config_model.h"
#include "ui/setup/experiment_panel.h"
#include "ui/setup/param_form.h"
#include "ui/shell/export_controller.h"
#include "ui/shell/main_window.h"
#include "ui/shell/recent_files.h"
#include "ui/shell/setup_controller.h"
#include "ui/shell/shown_run.h"
#include "ui/shell/study_controller.h"
#include "ui/studies/study_panel.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/file_dialog.h"

namespace vaco::ui {

namespace {
constexpr QSize kFirstSize{1280, 800};
constexpr auto kStartLayout = "setup";
}  // namespace

WindowMemory::WindowMemory(MainWindow& window, Worker& worker, bool keeps)
    : QObject(&window), window_(window), store_(worker), keeps_(keeps) {
  connect(&store_, &UiStateStore::collect, this, [this](UiState& state) { collect(state); });
  const auto changed = [this] { schedule(); };
  connect(&window.setup(), &SetupController::changed, this, changed);
  connect(&window.exports(), &ExportController::choicesChanged, this, changed);
  connect(&window.docks(), &DockHost::layoutApplied, this, changed);
  connect(&window.alarms(), &AlarmsPanel::pausesChanged, this, changed);
  connect(&window.runs(), &RunsPanel::arrangementChanged, this, changed);
  connect(&window.recent(), &RecentFiles::changed, this, changed);
  connect(&window.shownRun(), &ShownRun::shown, this, changed);
  connect(&window.shownRun(), &ShownRun::comparisonChanged, this, changed);
  connect(&window.loader(), &DatasetLoader::loaded, &window.recent(),
          [&window] { window.recent().addDataset(toText(window.loader().path())); });
  connect(&window.shownRun(), &ShownRun::shown, &window.recent(),
          [&window] { window.recent().addRun(toText(window.shownRun().folder())); });
}

void WindowMemory::schedule() {
  if (keeps_) store_.scheduleSave();
}

void WindowMemory::flush() {
  if (keeps_) store_.flush();
}

void WindowMemory::restore(const WindowOptions& options) {
  auto state = keeps_ ? UiStateStore::read() : UiState{};
  if (!options.theme.isEmpty()) state.theme = options.theme;
  if (!options.out.isEmpty()) state.out = options.out;
  restorePanels(state);
  begin(options, state);
}

void WindowMemory::restorePanels(const UiState& state) {
  window_.setTheme(themeFromText(state.theme));
  window_.setLastFolder(state.last_folder);
  if (keeps_) exportChoices() = exportChoicesFromJson(state.figures);
  window_.setOutFolder(state.out.toStdString());
  window_.experiment().form().setAdvanced(state.advanced);
  window_.alarms().setPausesAt(state.pauses_at);
  auto& runs = window_.runs();
  runs.model().setBaseline(state.baseline.toStdString());
  runs.setGrouping(state.runs_grouping);
  runs.setFilter(state.runs_filter);
  window_.recent().setLists(state.recent_data, state.recent_runs);
  window_.resize(kFirstSize);
  if (!state.geometry.isEmpty()) window_.restoreGeometry(state.geometry);
  keepOnScreen();
  if (!window_.docks().restore(state.docks, state.layout)) window_.docks().applyLayout(kStartLayout);
  if (!state.config.is_null())
    if (auto config = config_from_json(state.config)) window_.model().reset(*config);
}

void WindowMemory::begin(const WindowOptions& options, const UiState& state) {
  // When the window is shown: what is read may have much to tell.
  const auto later = [this](auto what) { QTimer::singleShot(0, &window_, what); };
  if (options.demo) {
    later([this] {
      window_.docks().reveal("dock.dataset");
      window_.setup().loadDemo(true);
    });
  } else if (!options.dataset.isEmpty()) {
    window_.docks().applyLayout(kStartLayout);
    later([this, path = options.dataset] { window_.loadDataset(path.toStdString()); });
  } else if (options.open_run.isEmpty()) {
    later([this, state] {
      if (!window_.model().config().dataset.empty()) window_.setup().loadRemembered();
      restoreShown(state);
    });
  }
  if (!options.open_run.isEmpty())
    later([this, run = options.open_run] { window_.openRun(run.toStdString()); });
}

void WindowMemory::restoreShown(const UiState& state) {
  std::error_code gone;
  const auto there = [&](const QString& path) {
    return !path.isEmpty() && std::filesystem::exists(path.toStdString(), gone);
  };
  if (there(state.study)) window_.studies().watch(state.study.toStdString());
  // Its settings are not adopted: what was being set up stays as it was left.
  if (there(state.shown_run)) (void)window_.shownRun().open(state.shown_run.toStdString());
  std::vector<std::filesystem::path> others;
  for (const auto& run : state.overlaid)
    if (there(run)) others.emplace_back(run.toStdString());
  window_.runs().model().overlay(others);
}

void WindowMemory::keepOnScreen() {
  if (window_.isMaximized() || window_.isFullScreen()) return;
  const QRect room = window_.screen()->availableGeometry();
  window_.resize(window_.size().boundedTo(room.size()));
  if (room.intersected(window_.geometry()).size() != window_.size()) window_.move(room.topLeft());
}

void WindowMemory::collect(UiState& state) const {
  state.geometry = window_.saveGeometry();
  state.docks = window_.docks().store();
  state.layout = window_.docks().currentLayout();
  state.theme = toText(window_.theme());
  state.out = toText(window_.outFolder());
  state.last_folder = window_.lastFolder();
  state.study = toText(window_.study().folder());
  state.shown_run = toText(window_.shownRun().folder());
  auto& runs = window_.runs();
  for (const auto& run : runs.model().overlaid()) state.overlaid << toText(run);
  state.baseline = toText(runs.model().baseline());
  state.runs_grouping = runs.tree().grouping();
  state.runs_filter = runs.tree().filter();
  state.recent_data = window_.recent().datasets();
  state.recent_runs = window_.recent().runs();
  state.advanced = window_.experiment().form().advanced();
  state.pauses_at = window_.alarms().pausesAt();
  state.figures = toJson(exportChoices());
  state.config = to_json(window_.model().config());
}

}  // namespace vaco::ui
