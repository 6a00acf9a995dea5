// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/side_controller.h"

#include <array>
#include <numeric>
#include <set>
#include <utility>

#include "core/base/files.h"
#include "core/data/policy_file.h"
#include "core/explain/replay.h"
#include "core/sim/environment.h"
#include "ui/explain/side_panel.h"
#include "ui/figures/number_text.h"
#include "ui/rollout/rollout_panel.h"
#include "ui/rollout/rollout_view.h"
#include "ui/runs/runs_panel.h"
#include "ui/shell/shown_run.h"

namespace vaco::ui {
namespace {

/// What a side did, or why it did nothing.
struct Side {
  std::shared_ptr<const Recording> states;
  QString words;
};

QString wordsOfSide(const QString& label, const Recording& states) {
  const auto total = std::accumulate(states.rewards.begin(), states.rewards.end(), 0.0);
  const auto end = states.end == RolledEnd::terminated   ? SideController::tr(", ended by the task")
                   : states.end == RolledEnd::time_limit ? SideController::tr(", ended by the time limit")
                                                         : QString();
  return SideController::tr("%1: %2 steps, return %3%4")
      .arg(label, countText(states.length()), fixedText(total, 1), end);
}

}  // namespace

SideController::SideController(const Parts& parts, QObject* parent) : QObject(parent), parts_(parts) {
  connect(&parts_.panel, &SidePanel::seen, this, &SideController::actIfSeen);
  connect(&parts_.panel, &SidePanel::choiceChanged, this, &SideController::act);
  connect(&parts_.shown, &ShownRun::shown, this, &SideController::actIfSeen);
  connect(&parts_.shown, &ShownRun::comparisonChanged, this, &SideController::actIfSeen);
  connect(&parts_.runs.model(), &RunsModel::baselineChanged, this, &SideController::actIfSeen);
  connect(&acting_, &BackgroundJob::failed, this, [this](const QString& message) {
    for (size_t side = 0; side < SidePanel::kSides; ++side) parts_.panel.setStates(side, nullptr, message);
  });
}

void SideController::listSources() {
  sources_ = {{Source::Kind::newest, tr("newest policy of the run"), {}}};
  const auto add = [this](const QString& label, const std::filesystem::path& file) {
    if (is_file(file)) sources_.push_back({Source::Kind::file, label, file});
  };
  const auto& shown = parts_.shown.folder();
  if (!shown.empty()) add(tr("best policy of the run"), shown / "best_policy.h5");
  auto& model = parts_.runs.model();
  auto others = model.overlaid();
  if (!model.baseline().empty()) others.insert(model.baseline());
  others.erase(shown);
  for (const auto& folder : others) {
    const auto* row = model.row(folder);
    const auto name = row ? tr("%1, %2, seed %3").arg(row->title(), row->algorithm).arg(row->seed)
                          : QString::fromStdString(folder.filename().string());
    add(folder == model.baseline() ? tr("baseline: %1").arg(name) : name, folder / "policy.h5");
  }
  sources_.push_back({Source::Kind::recorded, tr("what is recorded"), {}});
  QStringList labels;
  for (const auto& source : sources_) labels << source.label;
  parts_.panel.setSources(labels);
}

void SideController::actIfSeen() {
  if (!parts_.panel.isVisible()) return;
  listSources();
  act();
}

void SideController::act() {
  auto& panel = parts_.panel;
  const auto environment = parts_.rollout.environment(), physics = parts_.rollout.physics();
  panel.setEnvironment(environment, physics);
  panel.setValues(parts_.rollout.values());
  const auto* frame = parts_.rollout.view().frame();
  const auto in_sight = frame ? frame->shown : nullptr;
  const int64_t row = frame ? frame->time_step : 0;
  const int episode = panel.episode();
  std::array<Source, SidePanel::kSides> sources;
  for (size_t side = 0; side < sources.size(); ++side) {
    if (panel.source(side) < 0) return;
    sources[side] = sources_[static_cast<size_t>(panel.source(side))];
  }
  acting_.start([this, sources, newest = parts_.rollout.policy(), in_sight, row, episode,
                 environment = environment.toStdString(), physics = physics.toStdString()](
                    const ProgressFn&, const std::stop_token&) -> BackgroundJob::Completion {
    auto sides = std::make_shared<std::array<Side, SidePanel::kSides>>();
    const auto begin = [&]() -> Result<std::shared_ptr<const Recording>> {
      if (episode >= 0) return episode_start(environment, physics, episode);
      if (!in_sight || row >= in_sight->states())
        return Error{ErrorCode::unavailable, "the rollout shows no state to begin in"};
      return recording_from(*in_sight, std::min(row, in_sight->length() - 1));
    };
    const auto act_one = [&](const Source& source) -> Result<std::shared_ptr<const Recording>> {
      auto start = begin();
      if (!start || (source.kind == Source::Kind::recorded && episode < 0)) return start;
      if (source.kind == Source::Kind::recorded)
        return Error{ErrorCode::usage,
                     "a recording begins in its own state: choose From what the rollout shows"};
      auto policy = source.kind == Source::Kind::file ? read_policy(source.file)
                    : newest                          ? Result<PolicySnapshot>(*newest)
                             : Error{ErrorCode::unavailable, "no policy has learned yet"};
      if (!policy) return policy.error();
      const auto kind = parse_physics(physics);
      const auto info = environment_info(environment, kind ? *kind : Physics::v2);
      if (!info) return info.error();
      return act_from(*policy, environment, physics, **start, 0, info->max_episode_steps);
    };
    for (size_t side = 0; side < sources.size(); ++side) {
      const auto done = act_one(sources[side]);
      (*sides)[side] = done ? Side{*done, wordsOfSide(sources[side].label, **done)}
                            : Side{nullptr, tr("%1: %2").arg(sources[side].label,
                                                             QString::fromStdString(done.error().message))};
    }
    return [this, sides] {
      for (size_t side = 0; side < sides->size(); ++side)
        parts_.panel.setStates(side, (*sides)[side].states, (*sides)[side].words);
    };
  });
}

}  // namespace vaco::ui
