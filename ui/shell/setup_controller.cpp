// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/setup_controller.h"

#include <algorithm>
#include <utility>

#include "core/base/threads.h"
#include "core/collect/demo.h"
#include "core/session/fit_to_data.h"
#include "core/session/session_parts.h"
#include "core/tasks/catalogue.h"
#include "core/tasks/task_names.h"
#include "ui/data/dataset_loader.h"
#include "ui/data/dataset_panel.h"
#include "ui/setup/config_model.h"
#include "ui/setup/experiment_panel.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/message_bar.h"

namespace vaco::ui {

SetupController::SetupController(const Parts& parts, QObject* parent) : QObject(parent), parts_(parts) {
  auto& loader = parts_.loader;
  connect(&loader, &DatasetLoader::started, this, &SetupController::changed);
  connect(&loader, &DatasetLoader::loaded, this,
          [this](const std::shared_ptr<const DatasetView>& view) { takeDataset(*view); });
  connect(&loader, &DatasetLoader::failed, this, &SetupController::takeFailure);
  connect(&loader, &DatasetLoader::cancelled, this, [this] { takeFailure({}); });
  connect(&parts_.model, &ConfigModel::changed, this, &SetupController::takeChange);
  auto& panel = parts_.dataset;
  connect(&panel, &DatasetPanel::excludeRequested, &parts_.model, &ConfigModel::leaveOut);
  connect(&panel, &DatasetPanel::includeAllRequested, this, [this] { (void)parts_.model.setExclude({}); });
  connect(&panel, &DatasetPanel::columnsRequested, this,
          [this](const QString& columns) { parts_.model.setColumns(columns.toStdString()); });
}

void SetupController::load(const std::filesystem::path& dataset) {
  demo_loading_ = false;
  parts_.loader.load(dataset, dataset == parts_.model.config().dataset ? reading() : ReadOptions());
}

void SetupController::loadRemembered() {
  const auto& path = parts_.model.config().dataset;
  std::error_code error;
  if (std::filesystem::exists(path, error))
    parts_.loader.load(path, reading());
  else if (error)
    parts_.messages.post(MessageKind::warning, "dataset",
                         tr("The dataset of last time, %1, cannot be reached: %2. Open it from another place, "
                            "or open another one")
                             .arg(toText(path), QString::fromStdString(error.message())));
}

void SetupController::loadDemo(bool start) {
  demo_loading_ = true;
  start_when_loaded_ = start;
  parts_.loader.loadDemo();
}

void SetupController::adopt(const RunConfig& config) {
  parts_.model.adopt(config);
  std::error_code unreachable;
  if (parts_.loader.path() != config.dataset && std::filesystem::exists(config.dataset, unreachable))
    parts_.loader.load(config.dataset, reading());
}

void SetupController::takeDataset(const DatasetView& view) {
  following_ = false;
  parts_.messages.dismiss("dataset");
  parts_.messages.dismiss("findings");
  takeEnvironment(QString::fromStdString(view.summary.environment),
                  QString::fromStdString(view.summary.physics));
  const bool demo = std::exchange(demo_loading_, false);
  if (demo && start_when_loaded_)
    adoptDemoConfig(view.path);
  else
    parts_.model.setDataset(view.path);
  if (demo) parts_.model.setPreset("demo");
  const auto errors = std::count_if(view.summary.findings.begin(), view.summary.findings.end(),
                                    [](const Finding& finding) { return finding.severity == Severity::error; });
  if (errors > 0)
    parts_.messages.post(MessageKind::warning, "findings",
                         tr("The dataset cannot be learned from as it is; see its findings"));
  emit changed();
  if (std::exchange(start_when_loaded_, false)) emit readyToStart();
}

void SetupController::takeEnvironment(const QString& environment, const QString& physics) {
  environment_of_data_ = environment;
  physics_of_data_ = physics;
  parts_.experiment.setDatasetEnvironment(environment, physics);
}

void SetupController::takeFailure(const QString& message) {
  start_when_loaded_ = demo_loading_ = following_ = false;
  if (!message.isEmpty()) parts_.messages.post(MessageKind::error, "dataset", message);
  if (parts_.model.config().dataset.empty()) close();
  emit changed();
}

void SetupController::takeChange() {
  // Undo may bring another dataset back, or other columns, or take the first one away: the summary follows.
  const auto& path = parts_.model.config().dataset;
  const auto& loaded = parts_.loader.path();
  std::error_code unreachable;
  const bool other = loaded != path || parts_.loader.options() != reading();
  if (path.empty()) {
    close();
  } else if ((!loaded.empty() || taken_away_) && other && std::filesystem::exists(path, unreachable)) {
    taken_away_ = false;
    following_ = true;
    parts_.loader.load(path, reading());
  }
  const auto excluded = EpisodeList::parse(parts_.model.config().exclude);
  parts_.dataset.setExcluded(excluded ? *excluded : EpisodeList());
  emit changed();
}

void SetupController::close() {
  // What the user has just opened is still on its way into the settings.
  if (parts_.loader.busy() ? !following_ : !parts_.loader.view()) return;
  taken_away_ = true;
  takeEnvironment({}, {});
  parts_.messages.dismiss("dataset");
  parts_.messages.dismiss("findings");
  parts_.loader.close();
}

ReadOptions SetupController::reading() const {
  // Episodes that a run leaves out are shown all the same.
  RunConfig whole = parts_.model.config();
  whole.exclude.clear();
  whole.environment.clear();
  auto reading = reading_of(whole);
  return reading ? std::move(*reading) : ReadOptions();
}

void SetupController::adoptDemoConfig(const std::filesystem::path& dataset) {
  if (auto config = demo_config("vaco", dataset))
    parts_.model.reset(*config);
  else
    parts_.messages.post(MessageKind::error, "demo", QString::fromStdString(config.error().message));
}

QString SetupController::datasetName() const {
  return toText(parts_.model.config().dataset.stem());
}

QString SetupController::missingToStart() const {
  // What is trained on is what was looked at, not what a former session had open.
  const auto& view = parts_.loader.view();
  const auto& path = parts_.model.config().dataset;
  if (parts_.loader.busy() || !view || view->path != path) {
    if (path.empty() || parts_.loader.busy() || !view) return tr("Open a dataset and press Start");
    return tr("The dataset of these settings is not open. Open %1, or another one").arg(toText(path));
  }
  const auto& refused = parts_.model.refused();
  if (const auto missing = missingEpisodes(); refused.empty()) return missing;
  if (refused.contains(ConfigModel::kExcludeKey)) return tr("Mend the list of episodes to leave out to start");
  const auto* spec = find_spec(parts_.model.schema(), *refused.begin());
  return tr("Mend the value of “%1” to start").arg(QString::fromStdString(spec ? spec->label : std::string()));
}

QString SetupController::missingEpisodes() const {
  const auto list = EpisodeList::parse(parts_.model.config().exclude);
  const auto there = parts_.loader.view()->summary.episodes;
  if (!list || list->last() < 0) return {};
  if (list->last() >= there)
    return tr("Episode %1 is to be left out, but the dataset has only 0 to %2: mend the list to start")
        .arg(list->last())
        .arg(there - 1);
  return list->size() < there ? QString() : tr("Every episode is to be left out: mend the list to start");
}

RunConfig SetupController::configToRun() const {
  auto config = parts_.model.config();
  // An environment nobody knows must not be asked for by name; its data can be learned from all the same.
  const auto said = environment_of_data_.toStdString();
  const auto& view = parts_.loader.view();
  const bool fits = view && fits_environment(said, view->summary.obs_dim, view->summary.action_dim,
                                             view->summary.action_count > 0) != false;
  if (config.environment.empty() && fits && check_environment_name(said)) config.environment = said;
  // The window keeps one core for itself; the numbers do not depend on it.
  if (config.threads == 0) config.threads = std::max(1, usable_processors() - 1);
  return config;
}

std::shared_ptr<const SessionParts> SetupController::sessionParts() const {
  auto parts = std::make_shared<SessionParts>();
  parts->read = parts_.loader.readOnce();
  return parts;
}

QString SetupController::environment() const {
  const auto& chosen = parts_.model.config().environment;
  return chosen.empty() ? environment_of_data_ : QString::fromStdString(chosen);
}

QString SetupController::physics() const {
  return QString::fromStdString(physics_for(parts_.model.config().physics, physics_of_data_.toStdString()));
}

}  // namespace vaco::ui
