// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/explain_desk.h"

#include <QToolButton>

#include "ui/bridge/selection.h"
#include "ui/bridge/session_bridge.h"
#include "ui/data/dataset_panel.h"
#include "ui/explain/episode_panel.h"
#include "ui/explain/explain_panel.h"
#include "ui/explain/side_panel.h"
#include "ui/explain/state_map_plot.h"
#include "ui/shell/explain_controller.h"
#include "ui/shell/linked_selection.h"
#include "ui/shell/selection_actions.h"
#include "ui/shell/side_controller.h"
#include "ui/widgets/dock_host.h"

namespace vaco::ui {

ExplainDesk::ExplainDesk(Worker& reaper, DockHost& docks, QObject* parent)
    : QObject(parent),
      docks_(docks),
      panel_(new ExplainPanel(reaper, &docks)),
      episodes_(new EpisodePanel(&docks)),
      map_(new StateMapPlot(&docks)),
      side_(new SidePanel(reaper, &docks)),
      selection_(new Selection(this)) {
  docks.add("dock.explain", tr("Explain"), panel_);
  docks.add("dock.episodes", tr("Episodes"), episodes_);
  docks.add("dock.states", tr("Map of states"), map_);
  docks.add("dock.side", tr("Side by side"), side_);
}

ExplainDesk::~ExplainDesk() {
  // Those that fill the others first.
  delete side_control_;
  delete chosen_;
  delete controller_;
  delete links_;
}

QWidget* ExplainDesk::button() {
  return chosen_->button();
}

void ExplainDesk::join(const Parts& p) {
  // It forgets a run before the links count the trajectories of the next one.
  controller_ = new ExplainController(
      {*selection_, p.loader, p.session, p.shown, *panel_, *map_, *episodes_, p.rollout, p.messages}, this);
  links_ = new LinkedSelection({*selection_, p.loader, p.shown, p.plots, p.dataset, *episodes_, *panel_, *map_},
                               this);
  chosen_ = new SelectionActions({*selection_, *links_, p.loader, p.model, *panel_, docks_, p.messages}, this);
  side_control_ = new SideController({*side_, p.rollout, p.runs, p.shown}, this);
  connect(&p.dataset, &DatasetPanel::rowRequested, this, [this](qint64 row) {
    docks_.reveal("dock.episodes");
    episodes_->goToRow(row);
  });
  connect(controller_, &ExplainController::replayed, this, [this] { docks_.reveal("dock.rollout"); });
}

}  // namespace vaco::ui
