// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/selection_actions.h"

#include <QFileDialog>
#include <QMenu>
#include <QToolButton>
#include <algorithm>
#include <memory>
#include <utility>

#include "core/base/readable.h"
#include "core/data/episode_list.h"
#include "core/explain/chosen_data.h"
#include "core/explain/row_table.h"
#include "ui/bridge/selection.h"
#include "ui/data/dataset_loader.h"
#include "ui/explain/explain_panel.h"
#include "ui/explain/play_bar.h"
#include "ui/figures/number_text.h"
#include "ui/setup/config_model.h"
#include "ui/shell/linked_selection.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/message_bar.h"

namespace vaco::ui {
namespace {

constexpr int kReplayMilliseconds = 4000;

/// One line a trajectory: what the data say of it, and the networks where they were asked. chosen: as the run
/// counts, or the dataset where there is none.
std::string chosenCsv(const std::vector<int>& chosen, const Dataset* dataset, const ExplainedRun* run) {
  std::string text = "trajectory,source,first_row,rows,return,ended_by,weight,influence\n";
  const auto& episodes = run ? run->table.episodes : dataset->episodes;
  const auto weights = run ? trajectory_means(run->table.episodes, run->weight) : std::vector<double>();
  std::unique_ptr<InfluenceSums> sums;
  if (run) sums = std::make_unique<InfluenceSums>(*run);
  for (const int number : chosen) {
    const auto t = static_cast<size_t>(number);
    if (t >= episodes.size()) continue;
    std::string source;
    if (run) {
      source = run->source_of(number);
    } else if (const auto row = static_cast<size_t>(episodes.first[t]); row < dataset->policy_ids.size()) {
      const auto id = static_cast<size_t>(dataset->policy_ids[row]);
      if (id < dataset->policy_names.size()) source = dataset->policy_names[id];
    }
    const int64_t one = number;
    text += std::to_string(number) + "," + source + "," + std::to_string(episodes.first[t]) + "," +
            std::to_string(episodes.length[t]) + "," + significant(episodes.returns[t], 9) + "," +
            to_text(episodes.ended_by[t]) + "," + (t < weights.size() ? significant(weights[t], 9) : "") + "," +
            (sums && sums->known() ? significant(sums->of({&one, 1}).change, 9) : "") + "\n";
  }
  return text;
}

}  // namespace

SelectionActions::SelectionActions(const Parts& parts, QObject* parent)
    : QObject(parent), parts_(parts), button_(new QToolButton) {
  button_->setObjectName("selectionButton");
  button_->setToolTip(tr("What can be done with the chosen trajectories"));
  button_->setPopupMode(QToolButton::InstantPopup);
  button_->setAutoRaise(true);
  button_->setFocusPolicy(Qt::StrongFocus);
  makeMenu();
  turn_.setInterval(kReplayMilliseconds);
  connect(&turn_, &QTimer::timeout, this, &SelectionActions::showNext);
  connect(&parts_.selection, &Selection::changed, this, [this] {
    turn_.stop();
    update();
  });
  // What can be done hangs on the data, too.
  connect(&parts_.loader, &DatasetLoader::loaded, this, &SelectionActions::update);
  connect(&parts_.loader, &DatasetLoader::closed, this, &SelectionActions::update);
  connect(&job_, &BackgroundJob::failed, this,
          [this](const QString& message) { parts_.messages.post(MessageKind::error, "selection", message); });
  update();
}

void SelectionActions::makeMenu() {
  auto* menu = new QMenu(button_);
  const auto add = [&](const char* name, const QString& text, const QString& tip, auto run) {
    auto* action = menu->addAction(text);
    action->setObjectName(QString("selection.") + name);
    action->setToolTip(tip);
    connect(action, &QAction::triggered, this, run);
    return action;
  };
  menu->setToolTipsVisible(true);
  replay_ = add("replay", tr("&Replay in turn"), tr("Explain and play them one after the other"),
                [this] { replay(); });
  export_ = add("export", tr("&Export as CSV…"), tr("One line a trajectory"), [this] { askExport(); });
  leave_out_ = add("leaveOut", tr("Train &without these"),
                   tr("Leave them out of the run that is set up; the data stay as they are"),
                   [this] { trainWithout(); });
  write_ = add("write", tr("Write as a &dataset…"), tr("These trajectories alone, as a D4RL file"),
               [this] { askDataset(); });
  menu->addSeparator();
  add("clear", tr("&Choose none"), tr("All light up again"), [this] { parts_.selection.clear(); });
  button_->setMenu(menu);
}

std::vector<int> SelectionActions::counted(const ExplainedRun* run) const {
  const auto& chosen = parts_.selection.trajectories();
  return run ? chosen : parts_.links.inFile(chosen);
}

QString SelectionActions::words() const {
  const auto run = parts_.explain.run();
  const auto dataset = parts_.links.dataTakesPart() ? parts_.loader.dataset() : nullptr;
  const auto chosen = counted(run.get());
  const EpisodeTable* episodes = run ? &run->table.episodes : dataset ? &dataset->episodes : nullptr;
  int64_t rows = 0;
  double weight = 0.0, all = 0.0;
  if (episodes)
    for (const int t : chosen)
      if (static_cast<size_t>(t) < episodes->size()) rows += episodes->length[static_cast<size_t>(t)];
  auto text = tr("%1 of %2 trajectories")
                  .arg(countText(static_cast<int64_t>(chosen.size())), countText(parts_.selection.count()));
  if (episodes) text += tr(", %1 rows").arg(countText(rows));
  if (run && !run->weight.empty()) {
    for (const int t : chosen) {
      const auto at = static_cast<size_t>(t);
      if (at >= episodes->size()) continue;
      for (int64_t i = episodes->first[at]; i < episodes->first[at] + episodes->length[at]; ++i)
        weight += run->weight[static_cast<size_t>(i)];
    }
    for (const float w : run->weight) all += w;
    if (all > 0.0) text += tr(", %1 % of the weight").arg(fixedText(100.0 * weight / all, 1));
  }
  return text;
}

void SelectionActions::update() {
  const bool any = !parts_.selection.empty();
  button_->setVisible(any);
  if (!any) return;
  button_->setText(words());
  button_->setAccessibleName(tr("Chosen: %1").arg(words()));
  const bool data = parts_.links.dataTakesPart() && parts_.loader.dataset();
  leave_out_->setEnabled(data);
  write_->setEnabled(data);
}

void SelectionActions::replay() {
  playing_ = parts_.selection.trajectories();
  next_ = 0;
  if (playing_.empty()) return;
  parts_.docks.reveal("dock.explain");
  showNext();
  turn_.start();
}

void SelectionActions::showNext() {
  if (next_ == playing_.size()) return turn_.stop();
  parts_.selection.setCurrent(playing_[next_++]);
  parts_.explain.bar().setPlaying(true);
}

QFileDialog* SelectionActions::dialog(const QString& title, const QString& what, const QString& ending) {
  const auto& path = parts_.loader.path();
  auto* made = makeFileDialog(button_->window(), title, toText(path.parent_path()), QFileDialog::AnyFile);
  made->setAcceptMode(QFileDialog::AcceptSave);
  const auto stem = path.empty() ? tr("trajectories") : toText(path.stem());
  made->selectFile(
      QString("%1_%2_%3%4").arg(stem, what).arg(parts_.selection.trajectories().size()).arg(ending));
  return made;
}

void SelectionActions::askExport() {
  auto* ask = dialog(tr("Export the chosen trajectories"), "chosen", ".csv");
  connect(ask, &QFileDialog::fileSelected, this, [this](const QString& file) { exportTo(file.toStdString()); });
  ask->open();
}

void SelectionActions::exportTo(const std::filesystem::path& file) {
  const auto run = parts_.explain.run();
  const auto dataset = parts_.loader.dataset();
  if (!run && !dataset) return;
  const auto chosen = counted(run.get());
  job_.start([this, run, dataset, chosen, file](const ProgressFn&,
                                                const std::stop_token&) -> BackgroundJob::Completion {
    const auto written = write_text_atomically(file, chosenCsv(chosen, dataset.get(), run.get()));
    const auto problem = written ? QString() : QString::fromStdString(written.error().message);
    return [this, file, problem] {
      parts_.messages.post(problem.isEmpty() ? MessageKind::note : MessageKind::error, "selection",
                           problem.isEmpty() ? tr("Written: %1").arg(toText(file)) : problem);
    };
  });
}

void SelectionActions::askDataset() {
  auto* ask = dialog(tr("Write the chosen trajectories as a dataset"), "chosen", ".hdf5");
  connect(ask, &QFileDialog::fileSelected, this,
          [this](const QString& file) { writeDataset(file.toStdString()); });
  ask->open();
}

void SelectionActions::trainWithout() {
  const auto dataset = parts_.loader.dataset();
  if (!dataset || !parts_.links.dataTakesPart() || parts_.selection.empty()) return;
  const auto numbers = parts_.links.inFile(parts_.selection.trajectories());
  const auto episodes = EpisodeList::of({numbers.begin(), numbers.end()});
  const auto added = parts_.model.leaveOut(episodes);
  parts_.docks.reveal("dock.experiment");
  if (added == 0) return emit told(tr("The chosen trajectories are left out of the next run already"));
  const auto all = EpisodeList::parse(parts_.model.config().exclude);
  const auto there = static_cast<int64_t>(dataset->episodes.size());
  emit told(tr("Left out of the next run: %1. It trains on %2 of %3 trajectories; Undo takes this back")
                .arg(QString::fromStdString(episodes.short_text()).replace(",", ", "),
                     countText(there - (all ? all->size() : 0)), countText(there)));
}

void SelectionActions::writeDataset(const std::filesystem::path& file) {
  const auto dataset = parts_.loader.dataset();
  if (!dataset || !parts_.links.dataTakesPart()) return;
  const auto chosen = parts_.links.inFile(parts_.selection.trajectories());
  parts_.messages.post(MessageKind::ongoing, "selection", tr("Writing %1…").arg(toText(file.filename())));
  job_.start(
      [this, dataset, chosen, file](const ProgressFn&, const std::stop_token&) -> BackgroundJob::Completion {
        const auto written = write_chosen(file, *dataset, chosen);
        const auto problem = written ? QString() : QString::fromStdString(written.error().message);
        return [this, file, problem] {
          parts_.messages.post(problem.isEmpty() ? MessageKind::note : MessageKind::error, "selection",
                               problem.isEmpty() ? tr("Written: %1").arg(toText(file)) : problem);
        };
      });
}

}  // namespace vaco::ui
