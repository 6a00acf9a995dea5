// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/experiment_panel.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpressionValidator>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/learn/algorithm.h"
#include "core/session/fit_to_data.h"
#include "core/tasks/catalogue.h"
#include "ui/setup/config_model.h"
#include "ui/setup/param_form.h"
#include "ui/setup/param_text.h"
#include "ui/widgets/quiet_combo.h"
#include "ui/widgets/segmented_control.h"

namespace vaco::ui {

namespace {
constexpr auto kWeightLevel = "weight_level";

QString weight_level_note(const std::string& level) {
  if (level == "auto")
    return ExperimentPanel::tr(
        "Our choice: a sample counts with the mean weight of its whole trajectory; where actions are "
        "choices, with its own");
  if (level == "sample")
    return ExperimentPanel::tr(
        "The rule as the paper prints it: every sample has its own weight <i>w</i>(<i>s</i>, "
        "<i>a</i>, <i>Q</i>). Weights may collapse; watch the effective sample size");
  if (level == "trajectory")
    return ExperimentPanel::tr(
        "Our choice: a sample counts with the mean weight of its whole trajectory. Keeps which "
        "trajectories are good, drops what exploits the value function");
  return ExperimentPanel::tr(
      "Our choice: a sample counts with the mean weight of a window of its trajectory, between "
      "the printed rule and the whole trajectory");
}
}  // namespace

ExperimentPanel::ExperimentPanel(ConfigModel& model, QWidget* parent) : QWidget(parent), model_(model) {
  setObjectName("experimentPanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(10, 8, 10, 6);
  column->setSpacing(8);
  column->addWidget(makeChoices());
  column->addWidget(makeWeightLevel());

  auto* bar = new QHBoxLayout;
  auto* heading = new QLabel(tr("Parameters"), this);
  heading->setProperty("role", "title");
  edited_ = new QLabel(this);
  edited_->setProperty("role", "faint");
  revert_all_ = new QToolButton(this);
  revert_all_->setObjectName("revertAll");
  revert_all_->setText(tr("Revert all"));
  revert_all_->setToolTip(tr("Set every parameter back to what the preset says"));
  revert_all_->setAutoRaise(true);
  connect(revert_all_, &QToolButton::clicked, &model_, &ConfigModel::revertAll);
  bar->addWidget(heading);
  bar->addStretch(1);
  bar->addWidget(edited_);
  bar->addWidget(revert_all_);
  column->addLayout(bar);
  form_ = new ParamForm(model_, this);
  column->addWidget(form_, 1);
  connect(&model_, &ConfigModel::changed, this, &ExperimentPanel::refresh);
  refreshEnvironments();
  refresh();
}

QWidget* ExperimentPanel::makeChoices() {
  auto* box = new QWidget(this);
  auto* grid = new QGridLayout(box);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(8);
  grid->setVerticalSpacing(5);

  algorithm_ = new QuietCombo(box);
  algorithm_->setObjectName("algorithm");
  for (const auto& info : algorithms()) {
    algorithm_->addItem(QString::fromStdString(info.label), QString::fromStdString(info.key));
    algorithm_->setItemData(algorithm_->count() - 1, QString::fromStdString(info.summary), Qt::ToolTipRole);
  }
  connect(algorithm_, &QComboBox::activated, this,
          [this](int at) { model_.setAlgorithm(algorithm_->itemData(at).toString().toStdString()); });
  preset_ = new QuietCombo(box);
  preset_->setObjectName("preset");
  for (const auto& preset : presets()) {
    preset_->addItem(QString::fromStdString(preset.label), QString::fromStdString(preset.key));
    preset_->setItemData(preset_->count() - 1, QString::fromStdString(preset.summary), Qt::ToolTipRole);
  }
  connect(preset_, &QComboBox::activated, this,
          [this](int at) { model_.setPreset(preset_->itemData(at).toString().toStdString()); });
  environment_ = new QuietCombo(box);
  environment_->setObjectName("environment");
  connect(environment_, &QComboBox::activated, this,
          [this](int at) { model_.setEnvironment(environment_->itemData(at).toString().toStdString()); });
  seed_ = new QLineEdit(box);
  seed_->setObjectName("seed");
  seed_->setMinimumWidth(60);
  seed_->setValidator(new QRegularExpressionValidator(QRegularExpression("[0-9]{1,18}"), seed_));
  connect(seed_, &QLineEdit::editingFinished, this, [this] { model_.setSeed(seed_->text().toULongLong()); });
  physics_ = new SegmentedControl(box);
  physics_->setObjectName("physics");
  connect(physics_, &SegmentedControl::chosen, this, [this](const QString& key) {
    // Choosing what the data says leaves it to the data, also to the next one.
    const bool as_data = key.toStdString() == physics_for({}, dataset_physics_.toStdString(), environment());
    model_.setPhysics(as_data ? std::string() : key.toStdString());
    refresh();
  });

  exclude_ = makeExclude(box);
  const auto add = [&](int row, int at, const QString& text, QWidget* editor) {
    auto* label = new QLabel(text, box);
    label->setBuddy(editor);
    auto name = text;
    editor->setAccessibleName(name.remove('&'));
    grid->addWidget(label, row, at);
    grid->addWidget(editor, row, at + 1);
  };
  add(0, 0, tr("&Algorithm"), algorithm_);
  add(0, 2, tr("See&d"), seed_);
  add(1, 0, tr("Prese&t"), preset_);
  add(2, 0, tr("Enviro&nment"), environment_);
  add(2, 2, tr("Ph&ysics"), physics_);
  grid->setColumnStretch(1, 3);
  grid->setColumnStretch(3, 1);
  grid->addWidget(preset_, 1, 1, 1, 3);
  add(3, 0, tr("&Leave out"), exclude_);
  grid->addWidget(exclude_, 3, 1, 1, 3);
  exclude_note_ = new QLabel(box);
  exclude_note_->setProperty("role", "error");
  exclude_note_->setWordWrap(true);
  exclude_note_->hide();
  grid->addWidget(exclude_note_, 4, 0, 1, 4);
  summary_ = new QLabel(box);
  summary_->setProperty("role", "faint");
  summary_->setWordWrap(true);
  grid->addWidget(summary_, 5, 0, 1, 4);
  return box;
}

QLineEdit* ExperimentPanel::makeExclude(QWidget* box) {
  auto* edit = new QLineEdit(box);
  edit->setObjectName("exclude");
  edit->setPlaceholderText(tr("no episode"));
  edit->setToolTip(
      tr("Episodes of the dataset that are not trained on, by their numbers from 0: 3, 17, 20-25. The list is "
         "kept with the run"));
  connect(edit, &QLineEdit::editingFinished, this, [this, edit] {
    const auto problem = model_.setExclude(edit->text());
    exclude_note_->setText(problem);
    exclude_note_->setVisible(!problem.isEmpty());
    if (!problem.isEmpty()) return;
    exclude_->setModified(false);
    refresh();
  });
  return edit;
}

QWidget* ExperimentPanel::makeWeightLevel() {
  weight_box_ = new QWidget(this);
  weight_box_->setObjectName("weightLevelBox");
  weight_box_->setAttribute(Qt::WA_StyledBackground);
  auto* column = new QVBoxLayout(weight_box_);
  column->setContentsMargins(10, 8, 10, 8);
  column->setSpacing(5);
  auto* heading = new QLabel(tr("Where weights act"), weight_box_);
  heading->setProperty("role", "title");
  weight_level_ = new SegmentedControl(weight_box_);
  weight_level_->setObjectName("weightLevel");
  weight_level_->setAccessibleName(tr("Where weights act"));
  connect(weight_level_, &SegmentedControl::chosen, this,
          [this](const QString& key) { (void)model_.setParam(kWeightLevel, key); });
  weight_note_ = new QLabel(weight_box_);
  weight_note_->setWordWrap(true);
  weight_note_->setProperty("role", "faint");
  auto* more = new QToolButton(weight_box_);
  more->setObjectName("weightHelp");
  more->setText(tr("What these do"));
  more->setToolTip(tr("What each weight setting does, with pictures (F1)"));
  more->setAutoRaise(true);
  connect(more, &QToolButton::clicked, this, [this] { emit helpRequested("weights"); });
  auto* top = new QHBoxLayout;
  top->addWidget(heading, 1);
  top->addWidget(more);
  column->addLayout(top);
  column->addWidget(weight_level_);
  column->addWidget(weight_note_);
  connect(&model_, &ConfigModel::schemaChanged, this, &ExperimentPanel::refreshWeightLevel);
  refreshWeightLevel();
  return weight_box_;
}

void ExperimentPanel::refreshWeightLevel() {
  const auto* spec = find_spec(model_.schema(), kWeightLevel);
  weight_box_->setVisible(spec != nullptr);
  if (!spec) return;
  std::vector<SegmentedControl::Segment> segments;
  for (const auto& choice : spec->choices)
    segments.push_back({QString::fromStdString(choice), choiceLabel(kWeightLevel, choice),
                        tooltipText(*spec, model_.baseValue(kWeightLevel))});
  weight_level_->setSegments(segments);
}

void ExperimentPanel::setDatasetEnvironment(const QString& environment, const QString& physics) {
  dataset_environment_ = environment;
  dataset_physics_ = physics;
  refreshEnvironments();
  refresh();
}

void ExperimentPanel::refreshEnvironments() {
  environment_->clear();
  const auto text = [](std::string_view said) {
    return QString::fromUtf8(said.data(), static_cast<qsizetype>(said.size()));
  };
  const Task* of_data = find_task(dataset_environment_.toStdString());
  const QString label = of_data ? text(of_data->label) : QString();
  environment_->addItem(label.isEmpty() ? tr("As the data says") : tr("%1 (as the data says)").arg(label),
                        QString());
  for (const auto& task : tasks())
    if (task.simulated()) environment_->addItem(text(task.label), text(task.name));
}

std::string ExperimentPanel::environment() const {
  const auto& chosen = model_.config().environment;
  return chosen.empty() ? dataset_environment_.toStdString() : chosen;
}

void ExperimentPanel::showVersions() {
  const Task* task = find_task(environment());
  std::vector<SegmentedControl::Segment> segments;
  const auto add = [&](const char* version, const QString& about) {
    const bool has = task && task->simulated() ? task->has_physics(version) : version != std::string_view("v1");
    if (has) segments.push_back({version, version, about});
  };
  add("v1", tr("Equations of its own, as Gymnasium's v1"));
  add("v2", tr("Capsules have a cylinder's mass, as when D4RL's data was made"));
  add("v4", tr("True capsules, as Gymnasium's v4"));
  add("v5", tr("True capsules and the rules of Gymnasium's v5"));
  QStringList versions;
  for (const auto& segment : segments) versions << segment.key;
  if (versions == versions_) return;
  versions_ = versions;
  physics_->setSegments(segments);
}

void ExperimentPanel::refresh() {
  const auto& config = model_.config();
  algorithm_->setCurrentIndex(algorithm_->findData(QString::fromStdString(config.algorithm)));
  preset_->setCurrentIndex(preset_->findData(QString::fromStdString(config.preset)));
  environment_->setCurrentIndex(environment_->findData(QString::fromStdString(config.environment)));
  if (!seed_->hasFocus()) seed_->setText(QString::number(config.seed));
  if (!exclude_->isModified()) exclude_->setText(QString::fromStdString(config.exclude).replace(",", ", "));
  showVersions();
  physics_->setCurrent(
      QString::fromStdString(physics_for(config.physics, dataset_physics_.toStdString(), environment())));
  QStringList about;
  for (const auto& info : algorithms())
    if (info.key == config.algorithm) about << QString::fromStdString(info.summary);
  for (const auto& preset : presets())
    if (preset.key == config.preset) about << QString::fromStdString(preset.summary);
  for (auto& sentence : about)
    if (!sentence.isEmpty() && !sentence.endsWith('.')) sentence += '.';
  summary_->setText(about.join(' '));
  if (model_.has(kWeightLevel)) {
    const auto level = std::get<std::string>(model_.value(kWeightLevel));
    weight_level_->setCurrent(QString::fromStdString(level));
    weight_note_->setText(weight_level_note(level));
  }
  const int count = model_.editedCount();
  edited_->setText(count == 0 ? QString() : tr("%n edited", nullptr, count));
  revert_all_->setEnabled(count > 0);
}

}  // namespace vaco::ui
