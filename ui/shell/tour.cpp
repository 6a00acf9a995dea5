// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/tour.h"

#include <cstdio>
#include <functional>
#include <vector>

#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QLineEdit>
#include <QPixmap>
#include <QPushButton>
#include <QTimer>

#include "core/collect/demo.h"
#include "ui/bridge/selection.h"
#include "ui/bridge/session_bridge.h"
#include "ui/data/dataset_loader.h"
#include "ui/explain/explain_panel.h"
#include "ui/explain/state_picture.h"
#include "ui/plots/plots.h"
#include "ui/rollout/film.h"
#include "ui/rollout/rollout_panel.h"
#include "ui/rollout/rollout_view.h"
#include "ui/runs/runs_panel.h"
#include "ui/runs/statistics_panel.h"
#include "ui/setup/config_model.h"
#include "ui/setup/experiment_panel.h"
#include "ui/setup/param_form.h"
#include "ui/shell/explain_desk.h"
#include "ui/shell/export_controller.h"
#include "ui/shell/plot_deck.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/in_turn.h"
#include "ui/widgets/message_bar.h"

namespace vaco::ui {

namespace {
constexpr int kTourPollMilliseconds = 100;
constexpr int kSettleMilliseconds = 900;
constexpr int kStepsForCurves = 40, kStateOfContact = 14;

/// The demo, shortened so that the whole tour takes about a minute.
constexpr std::pair<const char*, const char*> kShortened[] = {
    {"value_steps", "2500"},  {"warmup_steps", "400"},         {"bilevel_steps", "2500"},
    {"cloning_steps", "600"}, {"eval_interval", "400"},        {"eval_episodes", "3"},
    {"log_interval", "20"},   {"diagnostics_interval", "200"}, {"checkpoint_interval", "1000"},
};

class Tour : public QObject {
 public:
  Tour(MainWindow& window, QString folder, QString dataset, int patience)
      : window_(window), folder_(std::move(folder)), dataset_(std::move(dataset)), patience_(patience) {
    addSteps();
    // A slow machine is waited for as long as anything moves.
    QObject::connect(&window_.session(), &SessionBridge::event, this, [this] { still_.restart(); });
    QObject::connect(&window_.loader(), &DatasetLoader::progressed, this, [this] { still_.restart(); });
    QObject::connect(&timer_, &QTimer::timeout, this, [this] { poll(); });
    clock_.start();
    timer_.start(kTourPollMilliseconds);
    enter();
  }

 private:
  struct Step {
    QString name;  ///< of the picture; empty = no picture
    std::function<void()> action;
    std::function<bool()> ready;
    std::function<QWidget*()> target = {};  ///< what is pictured; the window if not given
  };

  void addSteps();
  void addRunSteps();
  void addManyRunsSteps();
  void addRolloutSteps();
  /// Fills in the dialog that is open for it; whether the picture of the state is there.
  bool writePicture();
  void enter() {
    ready_since_ = -1;
    clock_.restart();
    still_.restart();
    if (steps_[at_].action) steps_[at_].action();
  }
  void poll();
  void giveUp(const Step& step);
  bool save(const Step& step);
  void finish(int code) {
    timer_.stop();
    QApplication::exit(code);
  }
  void shorten() {
    for (const auto& [key, value] : kShortened)
      if (window_.model().has(key)) (void)window_.model().setParam(key, value);
  }
  [[nodiscard]] bool inPhase(const std::string& phase, double fraction) const {
    return ended() || (progress_.phase == phase && static_cast<double>(progress_.phase_step) >=
                                                       fraction * static_cast<double>(progress_.phase_steps));
  }
  [[nodiscard]] bool ended() const { return ran_ && !window_.session().active(); }

  MainWindow& window_;
  QString folder_, dataset_;
  int patience_;  ///< milliseconds
  std::vector<Step> steps_;
  size_t at_ = 0;
  qint64 ready_since_ = -1;
  QElapsedTimer clock_, still_;  ///< since the step began; since anything moved
  QTimer timer_;
  Progress progress_;
  bool ran_ = false;
};

void Tour::addSteps() {
  auto& w = window_;
  const auto now = [] { return true; };
  steps_.push_back({"01_start", [&w] { w.docks().applyLayout("setup"); }, now});
  steps_.push_back(
      {"02_dataset",
       [this, &w] {
         if (dataset_.isEmpty())
           w.loadDemo();
         else
           w.loadDataset(dataset_.toStdString());
       },
       [&w] { return w.loader().view() && !w.loader().busy() && w.rollout().view().hasPicture(); }});
  steps_.push_back({"03_parameters",
                    [this, &w] {
                      if (auto config = demo_config("vaco", w.loader().view()->path)) w.model().reset(*config);
                      (void)w.model().setParam("expectile", "0.8");
                      (void)w.model().setParam("meta_lr", "3e-4");
                      w.experiment().form().setAdvanced(true);
                    },
                    now});
  addRunSteps();
}

void Tour::addRunSteps() {
  auto& w = window_;
  const auto now = [] { return true; };
  QObject::connect(&w.session(), &SessionBridge::event, this, [this](const Event& event) {
    if (const auto* progress = std::get_if<Progress>(&event)) progress_ = *progress;
  });
  steps_.push_back({"04_value",
                    [this, &w] {
                      if (auto config = demo_config("vaco", w.loader().view()->path)) w.model().reset(*config);
                      w.experiment().form().setAdvanced(false);
                      shorten();
                      w.startTraining();
                      ran_ = true;
                    },
                    [this] { return inPhase("value", 0.5); }});
  steps_.push_back({"05_bilevel", {}, [this] { return inPhase("bilevel", 0.7); }});
  steps_.push_back({"06_rollout", [&w] { w.rollout().view().setSpeed(0.5); },
                    [&w] { return w.session().policy() && w.rollout().view().hasPicture(); },
                    [&w] { return static_cast<QWidget*>(&w.rollout()); }});
  steps_.push_back({"07_finished", {}, [this] { return ended(); }});
  steps_.push_back({"08_compare", [&w] { w.docks().applyLayout("compare"); }, now});
  steps_.push_back({"09_paper", [&w] { w.docks().applyLayout("paper"); }, now});
  steps_.push_back({"10_explain",
                    [&w] {
                      w.docks().applyLayout("explain");
                      w.explainDesk().selection().setCurrent(17);
                    },
                    [&w] { return w.explainDesk().panel().picture().view().hasPicture(); }});
  steps_.push_back({"11_chosen",
                    [&w] { w.explainDesk().selection().choose(w.plots().scatter().withWeights(0.5, 1e300)); },
                    now});
  steps_.push_back({"12_export", [this, &w] { w.exports().figuresTo((folder_ + "/figures").toStdString()); },
                    [&w] { return !w.exports().exporting(); }});
  steps_.push_back({"13_shortcuts", [&w] { w.showShortcuts(); }, now,
                    [&w] { return w.findChild<QWidget*>("shortcutSheet"); }});
  steps_.push_back({"14_watch_other_theme",
                    [&w] {
                      if (auto* sheet = w.findChild<QWidget*>("shortcutSheet")) sheet->close();
                      w.messages().clear();
                      w.setTheme(themeIsDark() ? ThemeChoice::light : ThemeChoice::dark);
                      w.docks().applyLayout("watch");
                    },
                    now});
  steps_.push_back({"15_setup_other_theme", [&w] { w.docks().applyLayout("setup"); }, now});
  addManyRunsSteps();
}

void Tour::addManyRunsSteps() {
  auto& w = window_;
  steps_.push_back({"16_statistics",
                    [&w] {
                      w.docks().applyLayout("compare");
                      w.docks().reveal("dock.statistics");
                      w.runs().setGrouping("settings");
                    },
                    [&w] {
                      auto* shown = w.findChild<StatisticsPanel*>();
                      return shown && shown->shown();
                    }});
  steps_.push_back({"17_alarms",
                    [&w] {
                      w.docks().applyLayout("watch");
                      w.docks().reveal("dock.alarms");
                    },
                    [] { return true; }});
  steps_.push_back({"18_seeds", [&w] { w.askQueue(); },
                    [&w] {
                      auto* start = w.findChild<QWidget*>("queueStart");
                      return start && start->isEnabled();
                    },
                    [&w] { return w.findChild<QWidget*>("queueDialog"); }});
  addRolloutSteps();
}

void Tour::addRolloutSteps() {
  auto& w = window_;
  steps_.push_back({"19_overlays",
                    [&w] {
                      if (auto* dialog = w.findChild<QDialog*>("queueDialog")) dialog->reject();
                      w.docks().applyLayout("explain");
                      w.docks().reveal("dock.rollout");
                      w.rollout().showPolicy();
                      w.rollout().view().restart();
                      w.rollout().view().setOverlays({true, true, true, true});
                    },
                    [&w] {
                      const auto* frame = w.rollout().view().frame();
                      return frame && frame->policy_step >= 0 && frame->trajectory < 0 &&
                             (frame->time_step > kStepsForCurves || frame->over);
                    }});
  steps_.push_back({"20_figure_of_a_state",
                    [&w] {
                      w.rollout().view().setOverlays({.forces = true});
                      w.rollout().view().setPlaying(false);
                      w.rollout().view().seek(kStateOfContact);
                    },
                    [this] { return writePicture(); }, [&w] { return static_cast<QWidget*>(&w.rollout()); }});
  steps_.push_back({"21_film", [&w] { w.rollout().askFilm(); },
                    [&w] { return w.findChild<QWidget*>("filmDialog"); },
                    [&w] { return w.findChild<QWidget*>("filmDialog"); }});
}

bool Tour::writePicture() {
  const auto target = QDir(folder_).filePath("figures/state.png");
  if (QFile::exists(target)) return true;
  if (window_.rollout().view().timeStep() != kStateOfContact) return false;
  auto* dialog = window_.findChild<QDialog*>("filmDialog");
  if (!dialog) window_.rollout().askFilm();
  if (!dialog || !dialog->isVisible()) return false;
  auto* kinds = dialog->findChild<QComboBox*>("filmKind");
  kinds->setCurrentIndex(kinds->findData(static_cast<int>(FilmKind::picture)));
  dialog->findChild<QLineEdit*>("filmTarget")->setText(target);
  dialog->findChild<QPushButton*>("filmWrite")->click();
  return false;
}

void Tour::poll() {
  const auto& step = steps_[at_];
  if (step.ready() && !turnsAreWaiting()) {
    if (ready_since_ < 0) ready_since_ = clock_.elapsed();
    if (clock_.elapsed() - ready_since_ < kSettleMilliseconds) return;
    if (!save(step)) return finish(1);
    if (++at_ == steps_.size()) return finish(window_.session().state() == RunState::failed ? 1 : 0);
    enter();
  } else if (still_.elapsed() > patience_) {
    giveUp(step);
  }
}

void Tour::giveUp(const Step& step) {
  save(step);
  std::fprintf(stderr,
               "tour: gave up at %s: nothing has moved for %d s. What the window shows is in %s; messages: %s; "
               "status: %s. Try again when less else runs; the pictures of the rollout need an OpenGL driver "
               "(libegl-mesa0, libgl1-mesa-dri)\n",
               qPrintable(step.name), patience_ / 1000, qPrintable(QDir(folder_).filePath(step.name + ".png")),
               qPrintable(window_.messages().texts().join(" | ")), qPrintable(window_.session().message()));
  finish(1);
}

bool Tour::save(const Step& step) {
  if (step.name.isEmpty()) return true;
  for (auto* plot : window_.plots().plots())
    if (plot->isVisible()) plot->refresh();
  do QCoreApplication::processEvents();  // what was refreshed is drawn by an event
  while (turnsAreWaiting());
  auto* target = step.target ? step.target() : nullptr;
  const auto path = QDir(folder_).filePath(step.name + ".png");
  const bool saved = (target ? target : &window_)->grab().save(path);
  if (!saved)
    std::fprintf(stderr, "tour: cannot write %s\n", qPrintable(path));
  else
    std::printf("%s\n", qPrintable(path));
  std::fflush(stdout);
  return saved;
}
}  // namespace

int runTour(const QString& folder, const QString& size, WindowOptions options, int patience) {
  if (!QDir().mkpath(folder)) {
    std::fprintf(stderr, "tour: cannot make the folder %s\n", qPrintable(folder));
    return 1;
  }
  const auto parts = size.split('x');
  options.remember = false;
  const QString dataset = std::exchange(options.dataset, {});
  if (options.out.isEmpty()) options.out = folder + "/runs";
  MainWindow window(options);
  if (parts.size() == 2) window.resize(parts[0].toInt(), parts[1].toInt());
  window.show();
  Tour tour(window, folder, dataset, patience);
  return QApplication::exec();
}

}  // namespace vaco::ui
