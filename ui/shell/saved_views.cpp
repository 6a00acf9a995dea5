// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/saved_views.h"

#include <QInputDialog>
#include <QMenu>
#include <QStatusBar>

#include "core/base/canonical_path.h"
#include "core/base/files.h"
#include "core/base/json_value.h"
#include "core/study/plan.h"
#include "ui/plots/figure_plot.h"
#include "ui/runs/runs_panel.h"
#include "ui/shell/main_window.h"
#include "ui/shell/plot_deck.h"
#include "ui/shell/shown_run.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/message_bar.h"

namespace vaco::ui {
namespace fs = std::filesystem;

namespace {
constexpr int kViewsVersion = 1;
constexpr int kSavedNoticeMilliseconds = 4000;
constexpr auto kEnding = ".json";

/// From the folder of the runs, where it is inside; else whole.
std::string nameFrom(const fs::path& out, const fs::path& run) {
  const auto relative = run.lexically_relative(out);
  return relative.empty() || *relative.begin() == ".." ? run.string() : relative.string();
}

fs::path runAt(const fs::path& out, const Json& json) {
  if (!json.is_string()) return {};
  const fs::path named = json.get<std::string>();
  return named.empty() ? named : canonical_path(named.is_absolute() ? named : out / named);
}
}  // namespace

SavedViews::SavedViews(MainWindow& window) : QObject(&window), window_(window) {}

fs::path SavedViews::fileOf(const QString& name) const {
  return window_.outFolder() / "views" / (file_name_part(name.toStdString()) + kEnding);
}

QStringList SavedViews::names() const {
  QStringList names;
  for (const auto& file : entries_of(window_.outFolder() / "views")) {
    if (file.extension() != kEnding) continue;
    const auto json = read_json(file);
    if (!json) continue;
    const auto name = value_or<std::string>(*json, "name", {});
    if (!name.empty()) names << QString::fromStdString(name);
  }
  names.sort(Qt::CaseInsensitive);
  return names;
}

Json SavedViews::toJson() const {
  const auto out = canonical_path(window_.outFolder());
  auto& runs = window_.runs();
  Json json;
  json["view_version"] = kViewsVersion;
  json["shown"] = window_.shownRun().folder().empty() ? "" : nameFrom(out, window_.shownRun().folder());
  json["runs"] = Json::array();
  for (const auto& run : runs.model().overlaid()) json["runs"].push_back(nameFrom(out, run));
  json["baseline"] = runs.model().baseline().empty() ? "" : nameFrom(out, runs.model().baseline());
  json["group_by"] = runs.tree().grouping().toStdString();
  json["filter"] = runs.tree().filter().toStdString();
  json["layout"] = window_.docks().currentLayout().toStdString();
  const auto docks = window_.docks().store();
  if (const auto now = docks.find(window_.docks().currentLayout()); now != docks.end())
    json["docks"] = now->second.toBase64().toStdString();
  json["figures"] = Json::object();
  for (const auto* plot : window_.plots().plots()) {
    auto spec = ui::toJson(plot->spec());
    spec.erase("runs");
    json["figures"][plot->objectName().toStdString()] = std::move(spec);
  }
  return json;
}

Result<void> SavedViews::save(const QString& name) {
  if (file_name_part(name.toStdString()).empty())
    return Error{ErrorCode::usage, "a view needs a name with letters or digits"};
  if (auto made = make_folder(window_.outFolder() / "views"); !made) return made;
  auto json = toJson();
  json["name"] = name.toStdString();
  return write_json(fileOf(name), json);
}

Result<void> SavedViews::open(const QString& name) {
  const auto json = read_json(fileOf(name));
  if (!json) return json.error();
  if (value_or<int>(*json, "view_version", 0) != kViewsVersion)
    return Error{ErrorCode::bad_data, fileOf(name).string() + " is no view of this version of the program"};
  apply(*json);
  return {};
}

void SavedViews::apply(const Json& json) {
  const auto out = window_.outFolder();
  auto& runs = window_.runs();
  runs.setGrouping(QString::fromStdString(value_or<std::string>(json, "group_by", {})));
  runs.setFilter(QString::fromStdString(value_or<std::string>(json, "filter", {})));
  if (json.contains("baseline")) runs.model().setBaseline(runAt(out, json["baseline"]));
  const auto layout = QString::fromStdString(value_or<std::string>(json, "layout", {}));
  const auto docks =
      QByteArray::fromBase64(QByteArray::fromStdString(value_or<std::string>(json, "docks", {})));
  window_.docks().showStored(layout, docks);
  size_t gone = 0;
  std::vector<fs::path> compared;
  std::error_code error;
  const auto runs_said = json.find("runs");
  if (runs_said != json.end() && runs_said->is_array())
    for (const auto& one : *runs_said) {
      const auto run = runAt(out, one);
      fs::exists(run / "config.json", error) ? compared.push_back(run) : (void)++gone;
    }
  if (json.contains("shown"))
    if (const auto shown = runAt(out, json["shown"]); !shown.empty() && !window_.shownRun().open(shown)) ++gone;
  runs.model().clearOverlay();
  runs.model().overlay(compared);
  if (const auto figures = json.find("figures"); figures != json.end() && figures->is_object())
    for (auto* plot : window_.plots().plots())
      if (const auto found = figures->find(plot->objectName().toStdString()); found != figures->end())
        if (const auto spec = figureSpecFromJson(*found)) plot->choose(*spec);
  if (gone > 0)
    window_.messages().post(
        MessageKind::warning, "view",
        tr("No longer there, and left out: %1 of this view").arg(countText(gone, tr("run"), tr("runs"))));
  else
    window_.messages().dismiss("view");
}

Result<void> SavedViews::remove(const QString& name) {
  std::error_code error;
  fs::remove(fileOf(name), error);
  if (error) return Error{ErrorCode::failed, "cannot remove " + fileOf(name).string() + ": " + error.message()};
  return {};
}

QMenu* SavedViews::makeMenu(QWidget* parent) {
  auto* menu = new QMenu(tr("&Saved views"), parent);
  menu->setObjectName("menu.views");
  connect(menu, &QMenu::aboutToShow, this, [this, menu] { fill(*menu); });
  return menu;
}

void SavedViews::tell(const Result<void>& done, const QString& what) {
  if (done)
    window_.statusBar()->showMessage(what, kSavedNoticeMilliseconds);
  else
    window_.messages().post(MessageKind::error, "view", QString::fromStdString(done.error().message));
}

void SavedViews::fill(QMenu& menu) {
  menu.clear();
  connect(menu.addAction(tr("&Save this view…")), &QAction::triggered, this, &SavedViews::askName);
  menu.addSeparator();
  const auto all = names();
  for (const auto& name : all)
    connect(menu.addAction(QString(name).replace('&', "&&")), &QAction::triggered, this,
            [this, name] { tell(open(name), tr("View “%1”").arg(name)); });
  if (all.isEmpty()) menu.addAction(tr("none yet"))->setEnabled(false);
  menu.addSeparator();
  auto* removing = menu.addMenu(tr("&Remove"));
  removing->setEnabled(!all.isEmpty());
  for (const auto& name : all)
    connect(removing->addAction(QString(name).replace('&', "&&")), &QAction::triggered, this,
            [this, name] { tell(remove(name), tr("View “%1” removed").arg(name)); });
}

void SavedViews::askName() {
  auto* ask = new QInputDialog(&window_);
  ask->setObjectName("viewName");
  ask->setAttribute(Qt::WA_DeleteOnClose);
  ask->setWindowTitle(tr("Save this view"));
  ask->setLabelText(tr("Name of the view; the same name replaces it"));
  ask->setInputMode(QInputDialog::TextInput);
  connect(ask, &QInputDialog::textValueSelected, this, [this](const QString& name) {
    tell(save(name.trimmed()), tr("View “%1” saved").arg(name.trimmed()));
  });
  ask->show();
}

}  // namespace vaco::ui
