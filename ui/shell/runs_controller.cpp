// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/runs_controller.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>

#include "ui/figures/number_text.h"
#include "ui/runs/runs_panel.h"
#include "ui/setup/config_model.h"
#include "ui/shell/setup_controller.h"
#include "ui/shell/training_controller.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/message_bar.h"

namespace vaco::ui {

namespace {
constexpr int kMostSteps = 1000000000;

Result<RunConfig> configOf(const std::filesystem::path& run) {
  const auto json = read_json(run / "config.json");
  if (!json) return json.error();
  return config_from_json(*json);
}
}  // namespace

std::vector<Change> changesBetween(const RunConfig& from, const RunConfig& to) {
  std::vector<Change> changes;
  for (const auto& [key, value] : to.params)
    if (const auto before = from.params.find(key);
        before != from.params.end() && to_text(before->second.value) != to_text(value.value))
      changes.emplace_back(key, to_text(value.value));
  return changes;
}

std::pair<std::string, int64_t> lastPhase(const RunConfig& config) {
  std::pair<std::string, int64_t> last;
  const auto schema = full_schema(config.algorithm);
  if (!schema) return last;
  for (const auto& spec : *schema) {
    if (!spec.key.ends_with("_steps") || spec.unit != "steps") continue;
    const auto found = config.params.find(spec.key);
    const auto* steps = found == config.params.end() ? nullptr : std::get_if<int64_t>(&found->second.value);
    if (steps && *steps > 0) last = {spec.key, *steps};
  }
  return last;
}

RunsController::RunsController(const Parts& parts, QWidget* window)
    : QObject(window), parts_(parts), window_(window) {
  auto* commands = &parts_.runs.commands();
  connect(commands, &RunCommands::settingsRequested, this, &RunsController::useSettings);
  connect(commands, &RunCommands::forkRequested, this, &RunsController::fork);
  connect(commands, &RunCommands::extendRequested, this, &RunsController::askExtend);
  connect(commands, &RunCommands::trashed, this, [this](const QStringList& titles) {
    parts_.messages.post(
        MessageKind::note, "trash",
        titles.size() == 1
            ? tr("The run %1 is in the trash, from where it can be restored").arg(titles.front())
            : tr("%1 runs are in the trash, from where they can be restored").arg(titles.size()));
  });
}

void RunsController::useSettings(const std::filesystem::path& run) {
  const auto config = configOf(run);
  if (!config) return complain(QString::fromStdString(config.error().message));
  parts_.setup.adopt(*config);
  parts_.docks.reveal("dock.experiment");
}

void RunsController::complain(const QString& message) {
  parts_.messages.post(MessageKind::error, "fork", message);
}

void RunsController::fork(const std::filesystem::path& run) {
  const auto config = configOf(run);
  if (!config) return complain(QString::fromStdString(config.error().message));
  const auto& wanted = parts_.model.config();
  if (wanted.algorithm != config->algorithm)
    return complain(
        tr("A fork goes on with the algorithm of its run, %1; Experiment has %2. “Use these settings” "
           "sets up the run's own, to change some of them")
            .arg(QString::fromStdString(config->algorithm), QString::fromStdString(wanted.algorithm)));
  const auto changes = changesBetween(*config, wanted);
  if (changes.empty())
    return complain(
        tr("Experiment has the settings of this run, so a fork would only repeat it. Change some of them "
           "first"));
  parts_.training.fork(run, changes, parts_.runs.folder());
}

void RunsController::askExtend(const std::filesystem::path& run) {
  const auto config = configOf(run);
  if (!config) return complain(QString::fromStdString(config.error().message));
  const auto [key, steps] = lastPhase(*config);
  if (key.empty()) return complain(tr("This run has no phase that could go on"));
  const auto spec = require_param(config->algorithm, key);
  auto* ask = new QDialog(window_);
  ask->setObjectName("extendDialog");
  ask->setAttribute(Qt::WA_DeleteOnClose);
  ask->setWindowTitle(tr("Extend %1").arg(toText(run.filename())));
  auto* form = new QFormLayout(ask);
  auto* words = new QLabel(
      tr("A new run goes on from the last checkpoint of this one, which stays as it is. %1 are "
         "%2 so far")
          .arg(spec ? QString::fromStdString(spec->label) : QString::fromStdString(key), countText(steps)));
  words->setWordWrap(true);
  words->setMinimumWidth(320);
  auto* more = new QSpinBox;
  more->setObjectName("extendSteps");
  more->setRange(1, kMostSteps);
  more->setGroupSeparatorShown(true);
  more->setSuffix(tr(" steps"));
  more->setValue(static_cast<int>(std::min<int64_t>(steps, kMostSteps)));
  more->setSingleStep(std::max(1, more->value() / 10));
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
  buttons->addButton(tr("&Extend"), QDialogButtonBox::AcceptRole)->setObjectName("extendStart");
  form->addRow(words);
  form->addRow(tr("&Further"), more);
  form->addRow(buttons);
  connect(buttons, &QDialogButtonBox::accepted, ask, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, ask, &QDialog::reject);
  connect(ask, &QDialog::accepted, this, [this, run, more, key = key, steps = steps] {
    parts_.training.fork(run, {{key, std::to_string(steps + more->value())}}, parts_.runs.folder());
  });
  ask->show();
}

}  // namespace vaco::ui
