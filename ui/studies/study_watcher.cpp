// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studies/study_watcher.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include <QStringList>

#include "core/base/json_value.h"
#include "core/records/run_lock.h"
#include "core/study/slurm_sweep.h"
#include "core/study/study.h"
#include "core/study/sweep_eta.h"

namespace vaco::ui {

namespace {
constexpr int kStudyLookMilliseconds = 1000, kLooksForEachOfSlurm = 5;
constexpr auto kPlan = "plan.json";

QString textAt(const Json& json, const char* key) {
  return QString::fromStdString(value_or<std::string>(json, key, {}));
}

/// "expectile 0.8, policy_lr 0.001"
QString paramsText(const Json& cell) {
  QStringList words;
  if (const auto params = cell.find("params"); params != cell.end() && params->is_object())
    for (const auto& [key, value] : params->items())
      words << QString::fromStdString(key + " " +
                                      (value.is_string() ? value.get<std::string>() : value.dump()));
  return words.join(", ");
}
}  // namespace

int StudyState::count(CellState state) const {
  return static_cast<int>(std::count_if(cells.begin(), cells.end(),
                                        [&](const StudyCell& cell) { return cell.look.state == state; }));
}

bool StudyState::queued() const {
  return std::any_of(cells.begin(), cells.end(), [](const StudyCell& cell) { return cell.queued; });
}

double StudyState::fraction() const {
  double sum = 0.0;
  for (const auto& cell : cells) sum += cell.look.state == CellState::failed ? 1.0 : cell.look.fraction();
  return cells.empty() ? 0.0 : sum / static_cast<double>(cells.size());
}

bool isStudy(const std::filesystem::path& folder) {
  const auto plan = read_json(study_runs_folder(folder) / kPlan);
  return plan && plan->is_object() && plan->contains("cells");
}

/// Remembers what it has read, so that a look reads only what was added. One thread at a time.
class StudyWatcher::Reader {
 public:
  explicit Reader(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::shared_ptr<const StudyState> look() {
    // A study goes on with more seeds than it began with.
    std::error_code missing;
    const auto runs = study_runs_folder(folder_);
    const auto written = std::filesystem::last_write_time(runs / kPlan, missing);
    if (followers_.empty() || written != plan_written_) readPlan(runs);
    plan_written_ = written;
    auto state = std::make_shared<StudyState>(plan_);
    state->running = is_being_written(runs);
    state->on_slurm = std::filesystem::exists(runs / "slurm", missing);
    if (state->on_slurm) askSlurm(runs);
    state->slurm_problem = slurm_problem_;
    std::vector<CellCost> costs;
    int jobs = 0;
    for (size_t i = 0; i < followers_.size(); ++i) {
      auto& cell = state->cells[i];
      cell.look = followers_[i].look();
      if (const auto place = places_.find(cell.folder.filename().string()); place != places_.end())
        takePlace(cell, place->second);
      const bool running = cell.look.state == CellState::running;
      jobs += running;
      costs.push_back({(cell.label + " " + cell.params).toStdString(), cell.dataset.toStdString(),
                       cell.look.fraction(), cell.look.seconds, cell.look.state == CellState::failed, running});
    }
    if (state->running || jobs > 0) state->eta_seconds = sweep_eta(costs, std::max(1, jobs));
    return state;
  }

 private:
  /// Slurm's answer takes a moment, and a busy cluster is not to be asked every second.
  void askSlurm(const std::filesystem::path& runs) {
    if (looks_++ % kLooksForEachOfSlurm != 0) return;
    auto places = slurm_places(runs);
    slurm_problem_ = places ? QString() : QString::fromStdString(places.error().message);
    if (places) places_ = std::move(*places);
  }
  static void takePlace(StudyCell& cell, const SlurmPlace& place) {
    const auto state = cell.look.state;
    cell.queued = place.queued && state != CellState::finished;
    if (cell.queued) cell.queue = QString::fromStdString(place.queue);
    if ((state == CellState::fresh || state == CellState::interrupted) && !place.why.empty())
      cell.look.message = place.why;
  }

  void readPlan(const std::filesystem::path& runs) {
    plan_ = {};
    followers_.clear();
    plan_.folder = folder_;
    const auto plan = read_json(runs / kPlan);
    if (!plan || !plan->is_object() || !plan->contains("cells") || !(*plan)["cells"].is_array()) return;
    for (const auto& json : (*plan)["cells"]) {
      if (!json.is_object()) continue;
      const auto name = std::filesystem::path(textAt(json, "name").toStdString());
      if (name.empty() || name.has_parent_path()) continue;
      StudyCell cell;
      cell.folder = runs / name;
      cell.dataset = textAt(json, "dataset");
      cell.label = textAt(json, "label");
      cell.params = paramsText(json);
      if (const auto seed = json.find("seed"); seed != json.end() && seed->is_number_unsigned())
        cell.seed = seed->get<quint64>();
      followers_.emplace_back(cell.folder);
      plan_.cells.push_back(std::move(cell));
    }
  }

  std::filesystem::path folder_;
  StudyState plan_;
  std::filesystem::file_time_type plan_written_;
  std::vector<CellFollower> followers_;
  std::map<std::string, SlurmPlace> places_;
  QString slurm_problem_;
  int looks_ = 0;
};

StudyWatcher::StudyWatcher(QObject* parent) : QObject(parent) {
  connect(&job_, &BackgroundJob::failed, this, &StudyWatcher::failed);
  timer_.setInterval(kStudyLookMilliseconds);
  connect(&timer_, &QTimer::timeout, this, [this] {
    if (!job_.running()) look();
  });
}

StudyWatcher::~StudyWatcher() = default;

void StudyWatcher::watch(const std::filesystem::path& folder) {
  folder_ = folder;
  state_.reset();
  // A look at the folder before may still go on: it keeps its own reader, and its outcome is dropped.
  reader_ = std::make_shared<Reader>(folder);
  timer_.start();
  look();
}

void StudyWatcher::look() {
  job_.start([this, reader = reader_](const ProgressFn&, const std::stop_token&) -> BackgroundJob::Completion {
    auto state = reader->look();
    return [this, state] {
      state_ = state;
      emit changed();
    };
  });
}

}  // namespace vaco::ui
