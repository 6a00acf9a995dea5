// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/shown_run.h"

#include <memory>
#include <utility>

#include "core/base/canonical_path.h"
#include "core/records/recorded_trajectory.h"
#include "ui/bridge/own_run_feed.h"
#include "ui/bridge/policy_reader.h"
#include "ui/bridge/run_set.h"
#include "ui/bridge/run_watcher.h"
#include "ui/bridge/session_bridge.h"
#include "ui/plots/plots.h"
#include "ui/rollout/rollout_panel.h"
#include "ui/runs/compare_panel.h"
#include "ui/runs/runs_panel.h"
#include "ui/shell/plot_deck.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/message_bar.h"

namespace vaco::ui {

namespace {

/// The settings of a run, with the environment that was found in its data.
Result<RunConfig> readSettings(const std::filesystem::path& folder) {
  const auto json = read_json(folder / "config.json");
  if (!json) return json.error();
  auto config = config_from_json(*json);
  if (!config) return config.error().within((folder / "config.json").string());
  if (config->environment.empty())
    if (const auto manifest = read_json(folder / "manifest.json"); manifest && manifest->is_object())
      if (const auto found = manifest->find("environment"); found != manifest->end() && found->is_string())
        config->environment = found->get<std::string>();
  return config;
}

}  // namespace

ShownRun::ShownRun(const Parts& parts, QObject* parent)
    : QObject(parent),
      parts_(parts),
      watcher_(new RunWatcher(this)),
      own_feed_(new OwnRunFeed(this)),
      policies_(new PolicyReader(this)),
      compared_(new RunSet(this)) {
  connectSession();
  connectRecords();
}

ShownRun::~ShownRun() = default;

void ShownRun::connectSession() {
  auto& session = parts_.session;
  connect(&session, &SessionBridge::started, this, [this](const RunConfig& config) {
    show(parts_.session.folder(), config);
    watcher_->stop();
    own_feed_->forget();
    parts_.runs.rescan();
  });
  connect(&session, &SessionBridge::event, this, [this](const Event& event) {
    if (own()) own_feed_->take(event);
  });
  connect(&session, &SessionBridge::drained, this, [this] { parts_.plots.refresh(); });
  connect(&session, &SessionBridge::stateChanged, this, [this](RunState state, const QString& message) {
    if (own()) watched_ = {state, message};
    parts_.rollout.setTraining(parts_.session.active());
    emit standingChanged();
  });
  connect(&session, &SessionBridge::policyChanged, this,
          [this](const std::shared_ptr<const PolicySnapshot>& policy) {
            if (own()) parts_.rollout.setPolicy(policy);
          });
  connect(&session, &SessionBridge::ended, this, [this] {
    parts_.rollout.setTraining(false);
    parts_.runs.rescan();
  });
  connect(own_feed_, &OwnRunFeed::event, this, [this](const Event& event) {
    parts_.plots.consume(event);
    emit recorded(event);
  });
  connect(own_feed_, &OwnRunFeed::drained, this, [this] { parts_.plots.refresh(); });
}

void ShownRun::connectRecords() {
  connect(watcher_, &RunWatcher::event, this, &ShownRun::takeRecord);
  connect(watcher_, &RunWatcher::drained, this, [this] { parts_.plots.refresh(); });
  connect(policies_, &PolicyReader::policyRead, this,
          [this](const std::shared_ptr<const PolicySnapshot>& policy) {
            // The environment may be known from the dataset alone, which the policy remembers.
            parts_.rollout.setEnvironment(QString::fromStdString(policy->environment),
                                          QString::fromStdString(config_.physics));
            parts_.rollout.setPolicy(policy);
          });
  const auto complain = [this](const QString& message) {
    parts_.messages.post(MessageKind::error, "reading", message);
  };
  connect(watcher_, &RunWatcher::failed, this, complain);
  connect(own_feed_, &OwnRunFeed::failed, this, complain);
  connect(policies_, &PolicyReader::failed, this, complain);
  connect(compared_, &RunSet::failed, this, complain);
  connect(&parts_.runs, &RunsPanel::failed, this, complain);
  connect(&trajectory_job_, &BackgroundJob::failed, this, complain);
  auto& scatter = parts_.plots.scatter();
  connect(&scatter, &WeightReturnPlot::trajectoryChosen, this, &ShownRun::showTrajectory);
  connect(&parts_.rollout, &RolloutPanel::trajectoryClosed, this,
          [this] { parts_.plots.scatter().select(-1); });
  auto& listed = parts_.runs.model();
  connect(&listed, &RunsModel::overlayChanged, this, &ShownRun::compare);
  connect(&listed, &RunsModel::baselineChanged, this,
          [this, &listed] { parts_.compare.setBaseline(listed.baseline()); });
  connect(&parts_.compare, &ComparePanel::baselineChosen, &listed, &RunsModel::setBaseline);
  connect(compared_, &RunSet::changed, this, [this] {
    parts_.plots.setOverlays(compared_->runs());
    parts_.compare.setRuns(compared_->runs());
    if (const auto& problems = compared_->problems(); problems.empty())
      parts_.messages.dismiss("compare");
    else
      parts_.messages.post(MessageKind::warning, "compare",
                           tr("%1 of the chosen runs cannot be read and are left out: %2")
                               .arg(problems.size())
                               .arg(QString::fromStdString(problems.front())));
  });
}

bool ShownRun::own() const {
  return parts_.session.active() && !folder_.empty() && folder_ == parts_.session.folder();
}

RunStanding ShownRun::standing() const {
  if (parts_.session.opening() || own()) return {parts_.session.state(), parts_.session.message()};
  return watched_;
}

Result<void> ShownRun::open(const std::filesystem::path& given) {
  const auto folder = canonical_path(given);
  auto config = readSettings(folder);
  if (!config) return config.error();
  show(folder, *config);
  if (own()) {
    watcher_->stop();
    own_feed_->retell(folder_);
  } else {
    own_feed_->forget();
    watcher_->watch(folder_);
    policies_->read(folder_);
  }
  return {};
}

void ShownRun::show(const std::filesystem::path& folder, const RunConfig& config) {
  folder_ = folder;
  config_ = config;
  watched_ = {};
  parts_.messages.dismiss("trajectory");
  parts_.messages.dismiss("reading");
  watched_.message = toText(folder.filename());
  policies_->stop();
  parts_.plots.beginRun(config, folder);
  parts_.runs.model().setCurrent(folder);
  compare();
  showInRollout();
  emit shown();
  emit standingChanged();
}

void ShownRun::showInRollout() {
  auto& rollout = parts_.rollout;
  rollout.showPolicy();
  rollout.setEnvironment(QString::fromStdString(config_.environment), QString::fromStdString(config_.physics));
  rollout.setPolicy(own() ? parts_.session.policy() : nullptr);
}

void ShownRun::takeRecord(const Event& event) {
  parts_.plots.consume(event);
  emit recorded(event);
  if (std::holds_alternative<EvaluationDone>(event)) policies_->read(folder_);
  if (const auto* metrics = std::get_if<Metrics>(&event)) {
    watched_.step = metrics->step;
  } else if (const auto* changed = std::get_if<StateChanged>(&event)) {
    watched_.state = changed->state;
    watched_.message = !changed->message.empty()             ? QString::fromStdString(changed->message)
                       : changed->state == RunState::running ? tr("Another process trains this run")
                                                             : toText(folder_.filename());
  } else {
    return;
  }
  emit standingChanged();
}

std::vector<std::filesystem::path> ShownRun::compared() const {
  return compared_->folders();
}

void ShownRun::compare() {
  // The run that is shown takes part; the plots have its newest numbers from elsewhere.
  std::vector<std::filesystem::path> folders;
  if (!folder_.empty()) folders.push_back(folder_);
  for (const auto& folder : parts_.runs.model().overlaid())
    if (folder != folder_) folders.push_back(folder);
  compared_->setFolders(std::move(folders));
  emit comparisonChanged();
}

void ShownRun::showTrajectory(int trajectory, qint64 step) {
  trajectory_job_.start([this, run = folder_, trajectory, step](
                            const ProgressFn&, const std::stop_token&) -> BackgroundJob::Completion {
    auto read = std::make_shared<Result<RecordedTrajectory>>(read_recorded_trajectory(run, step, trajectory));
    return [this, run, read] {
      if (run != folder_) return;
      if (*read)
        parts_.rollout.showTrajectory(**read);
      else
        parts_.messages.post(MessageKind::error, "trajectory", QString::fromStdString(read->error().message));
    };
  });
}

}  // namespace vaco::ui
