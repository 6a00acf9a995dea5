// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/config_model.h"

#include "core/data/reader.h"
#include "ui/setup/config_commands.h"
#include "ui/setup/param_text.h"

namespace vaco::ui {

namespace {
constexpr int kUndoSteps = 200;
constexpr auto kFirstPreset = "quick";
constexpr int kNeverMerged = -1;
enum MergeId { kAlgorithm = 1, kPreset, kSeed, kEnvironment, kPhysics, kExclude, kColumns, kRevertAll, kAdopt };
}  // namespace

ConfigModel::ConfigModel(QObject* parent) : QObject(parent) {
  undo_.setUndoLimit(kUndoSteps);
  auto made = make_config("vaco", kFirstPreset);
  if (!made) made = make_config("vaco", "");
  if (made) reset(*made);
}

bool ConfigModel::edited(const std::string& key) const {
  return has(key) && value(key) != baseValue(key);
}

int ConfigModel::editedCount() const {
  int count = 0;
  for (const auto& [key, value] : config_.params) count += edited(key) ? 1 : 0;
  return count;
}

QString ConfigModel::setParam(const std::string& key, const QString& text) {
  RunConfig next = config_;
  if (auto done = set_param(next, key, text.toStdString(), Origin::run); !done) {
    refused_.insert(key);
    emit changed();
    const auto* spec = find_spec(schema_, key);
    const auto& problem = done.error().message;
    return spec ? refusalText(*spec, text, problem) : QString::fromStdString(problem);
  }
  if (next.params.at(key).value == value(key)) {
    if (refused_.erase(key) > 0) emit changed();
    return {};
  }
  if (next.params.at(key).value == baseValue(key)) next.params.at(key) = base_.params.at(key);
  undo_.push(new SetParameter(*this, key, config_.params.at(key), next.params.at(key)));
  return {};
}

void ConfigModel::revertParam(const std::string& key) {
  if (edited(key) || refused_.contains(key))
    undo_.push(new SetParameter(*this, key, config_.params.at(key), base_.params.at(key), false));
}

void ConfigModel::revertAll() {
  if (editedCount() == 0) return;
  RunConfig next = config_;
  next.params = base_.params;
  pushConfig(next, tr("revert all parameters"), kRevertAll);
}

RunConfig ConfigModel::rebuilt(const std::string& algorithm, const std::string& preset) const {
  auto made = make_config(algorithm, preset);
  if (!made) return config_;
  RunConfig next = config_;
  next.algorithm = made->algorithm;
  next.preset = made->preset;
  next.params = made->params;
  for (const auto& [key, configured] : config_.params)
    if (edited(key) && next.params.contains(key))
      (void)set_param(next, key, to_text(configured.value), Origin::run);  // refused: the new default stands
  return next;
}

void ConfigModel::setAlgorithm(const std::string& algorithm) {
  if (algorithm != config_.algorithm)
    pushConfig(rebuilt(algorithm, config_.preset), tr("change algorithm"), kAlgorithm);
}

void ConfigModel::setPreset(const std::string& preset) {
  if (preset != config_.preset) pushConfig(rebuilt(config_.algorithm, preset), tr("change preset"), kPreset);
}

void ConfigModel::setSeed(quint64 seed) {
  if (seed == config_.seed) return;
  RunConfig next = config_;
  next.seed = seed;
  pushConfig(next, tr("change seed"), kSeed);
}

void ConfigModel::setEnvironment(const std::string& environment) {
  if (environment == config_.environment) return;
  RunConfig next = config_;
  next.environment = environment;
  pushConfig(next, tr("change environment"), kEnvironment);
}

void ConfigModel::setPhysics(const std::string& physics) {
  if (physics == config_.physics) return;
  RunConfig next = config_;
  next.physics = physics;
  pushConfig(next, tr("change physics"), kPhysics);
}

void ConfigModel::setDataset(const std::filesystem::path& dataset) {
  if (dataset == config_.dataset) return;
  RunConfig next = config_;
  next.dataset = dataset;
  set_reading(next, {});
  pushConfig(next, tr("choose dataset"), kNeverMerged);
}

QString ConfigModel::setExclude(const QString& text) {
  const auto list = EpisodeList::parse(text.toStdString());
  if (!list) {
    refused_.insert(kExcludeKey);
    emit changed();
    return QString::fromStdString(list.error().message);
  }
  if (list->text() == config_.exclude) {
    if (refused_.erase(kExcludeKey) > 0) emit changed();
    return {};
  }
  RunConfig next = config_;
  next.exclude = list->text();
  pushConfig(next, tr("choose episodes"), kExclude);
  return {};
}

int64_t ConfigModel::leaveOut(const EpisodeList& episodes) {
  auto all = EpisodeList::parse(config_.exclude);
  if (!all) return 0;
  const auto before = all->size();
  all->add(episodes);
  if (all->size() == before) return 0;
  RunConfig next = config_;
  next.exclude = all->text();
  pushConfig(next, tr("leave out episodes"), kNeverMerged);
  return all->size() - before;
}

void ConfigModel::setColumns(const std::string& columns) {
  if (columns == config_.columns) return;
  RunConfig next = config_;
  next.columns = columns;
  pushConfig(next, tr("choose columns"), kColumns);
}

void ConfigModel::adopt(const RunConfig& config) {
  RunConfig next = config;
  next.threads = config_.threads;
  if (to_json(next) != to_json(config_)) pushConfig(next, tr("take over the settings of a run"), kAdopt);
}

void ConfigModel::pushConfig(const RunConfig& next, const QString& text, int merge_id) {
  undo_.push(new ChangeSetup(*this, text, merge_id, config_, next));
}

void ConfigModel::reset(const RunConfig& config) {
  undo_.clear();
  applyConfig(config);
}

void ConfigModel::applyConfig(const RunConfig& config) {
  const bool other_schema = schema_.empty() || config.algorithm != config_.algorithm;
  config_ = config;
  refused_.clear();
  auto base = make_config(config.algorithm, config.preset);
  if (!base) base = make_config(config.algorithm, "");
  base_ = base ? *base : config;
  if (other_schema)
    if (auto schema = full_schema(config.algorithm)) schema_ = *schema;
  // A config of another version may lack or bring parameters: the schema decides.
  for (const auto& [key, value] : base_.params) config_.params.try_emplace(key, value);
  std::erase_if(config_.params, [this](const auto& entry) { return !base_.params.contains(entry.first); });
  if (other_schema)
    emit schemaChanged();
  else
    for (const auto& [key, value] : config_.params) emit paramChanged(key);
  emit changed();
}

void ConfigModel::applyParam(const std::string& key, const ConfiguredValue& value) {
  config_.params[key] = value;
  refused_.erase(key);
  emit paramChanged(key);
  emit changed();
}

}  // namespace vaco::ui
