// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studies/queue_dialog.h"

#include <algorithm>

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QRegularExpression>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/base/threads.h"
#include "ui/figures/number_text.h"
#include "ui/studies/study_process.h"
#include "ui/widgets/file_dialog.h"

namespace vaco::ui {

namespace {
constexpr int kWaitMilliseconds = 150;
constexpr auto kFirstSeeds = "0-4";

QListWidget* makeList(const QString& name, const char* object) {
  auto* list = new QListWidget;
  list->setObjectName(object);
  list->setAccessibleName(name);
  list->setTextElideMode(Qt::ElideMiddle);
  return list;
}

QListWidgetItem* addItem(QListWidget* list, const QString& text, const QString& value, bool checked) {
  auto* item = new QListWidgetItem(text, list);
  item->setData(Qt::UserRole, value);
  item->setToolTip(value);
  item->setFlags(item->flags() | Qt::ItemIsUserCheckable);
  item->setCheckState(checked ? Qt::Checked : Qt::Unchecked);
  return item;
}

QStringList ticked(const QListWidget* list) {
  QStringList values;
  for (int i = 0; i < list->count(); ++i)
    if (list->item(i)->checkState() == Qt::Checked) values << list->item(i)->data(Qt::UserRole).toString();
  return values;
}
}  // namespace

QueueDialog::QueueDialog(QueueChoices choices, QWidget* parent)
    : QDialog(parent), choices_(std::move(choices)) {
  setObjectName("queueDialog");
  setWindowTitle(tr("Train several seeds"));
  resize(640, 470);
  auto* column = new QVBoxLayout(this);
  column->addWidget(makeLists(), 1);
  auto* form = new QFormLayout;
  seeds_ = new QLineEdit(kFirstSeeds);
  seeds_->setObjectName("queueSeeds");
  seeds_->setToolTip(tr("Whole numbers and ranges, as 0-4 or 0, 3, 7-9"));
  form->addRow(tr("S&eeds"), seeds_);
  jobs_ = new QSpinBox;
  jobs_->setObjectName("queueJobs");
  jobs_->setRange(1, 1024);
  jobs_->setValue(usable_processors());
  jobs_->setToolTip(tr("Each run takes one core; more at a time than there are cores gains nothing"));
  form->addRow(tr("Runs at a &time"), jobs_);
  form->addRow(tr("On Sl&urm"), makeSlurm());
  name_ = new QLineEdit;
  name_->setObjectName("queueName");
  name_->setPlaceholderText(proposedName());
  name_->setToolTip(tr("The folder of the runs, inside %1").arg(toText(choices_.out)));
  form->addRow(tr("&Folder"), name_);
  column->addLayout(form);
  cost_ = new QLabel;
  cost_->setObjectName("queueCost");
  cost_->setWordWrap(true);
  cost_->setMinimumHeight(3 * fontMetrics().lineSpacing());
  cost_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  column->addWidget(cost_);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
  start_ = buttons->addButton(tr("&Start"), QDialogButtonBox::AcceptRole);
  start_->setObjectName("queueStart");
  column->addWidget(buttons);
  start_->setDefault(true);
  connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(seeds_, &QLineEdit::textChanged, this, &QueueDialog::changed);
  connect(name_, &QLineEdit::textChanged, this, &QueueDialog::changed);
  connect(jobs_, &QSpinBox::valueChanged, this, &QueueDialog::changed);
  connect(datasets_, &QListWidget::itemChanged, this, &QueueDialog::changed);
  connect(algorithms_, &QListWidget::itemChanged, this, &QueueDialog::changed);
  connect(&job_, &BackgroundJob::failed, this, [this](const QString& message) { say(message, false); });
  wait_.setSingleShot(true);
  wait_.setInterval(kWaitMilliseconds);
  connect(&wait_, &QTimer::timeout, this, &QueueDialog::look);
  changed();
}

QWidget* QueueDialog::makeLists() {
  auto* lists = new QWidget;
  auto* row = new QHBoxLayout(lists);
  row->setContentsMargins(0, 0, 0, 0);
  datasets_ = makeList(tr("Datasets"), "queueDatasets");
  for (size_t i = 0; i < choices_.datasets.size(); ++i)
    addItem(datasets_, toText(choices_.datasets[i].filename()), toText(choices_.datasets[i]), i == 0);
  algorithms_ = makeList(tr("Algorithms"), "queueAlgorithms");
  for (const auto& [key, label] : choices_.algorithms)
    addItem(algorithms_, label, key, key.toStdString() == choices_.base.algorithm);
  auto* add = new QToolButton;
  add->setText(tr("&Add…"));
  add->setToolTip(tr("Add another dataset"));
  connect(add, &QToolButton::clicked, this, &QueueDialog::chooseDatasetRequested);
  for (auto* list : {datasets_, algorithms_}) {
    auto* column = new QVBoxLayout;
    auto* head = new QHBoxLayout;
    auto* caption = new QLabel(list == datasets_ ? tr("&Datasets") : tr("A&lgorithms"));
    caption->setBuddy(list);
    head->addWidget(caption, 1);
    if (list == datasets_) head->addWidget(add);
    list->setCurrentRow(0);
    column->addLayout(head);
    column->addWidget(list, 1);
    row->addLayout(column, 1);
  }
  return lists;
}

void QueueDialog::addDataset(const QString& path) {
  for (int i = 0; i < datasets_->count(); ++i)
    if (datasets_->item(i)->data(Qt::UserRole).toString() == path)
      return datasets_->item(i)->setCheckState(Qt::Checked);
  addItem(datasets_, QFileInfo(path).fileName(), path, true);
  changed();
}

QString QueueDialog::proposedName() const {
  const auto datasets = ticked(datasets_), algorithms = ticked(algorithms_);
  const auto named = datasets.size() == 1 ? toText(std::filesystem::path(datasets.front().toStdString()).stem())
                                          : tr("%1-datasets").arg(datasets.size());
  QString name = QString("%1__%2__seeds-%3").arg(named, algorithms.join("-"), seeds_->text().simplified());
  return QString::fromStdString(file_name_part(name.toStdString()));
}

std::filesystem::path QueueDialog::folder() const {
  const auto name = name_->text().trimmed();
  return choices_.out / (name.isEmpty() ? name_->placeholderText() : name).toStdString();
}

QWidget* QueueDialog::makeSlurm() {
  auto* line = new QWidget;
  auto* row = new QHBoxLayout(line);
  row->setContentsMargins(0, 0, 0, 0);
  slurm_ = new QCheckBox(tr("submit as jobs"));
  slurm_->setObjectName("queueSlurm");
  const bool there = StudyProcess::hasSlurm();
  slurm_->setEnabled(there);
  slurm_->setToolTip(
      there ? tr("Each run is a task of a job array: it saves itself before its time limit and queues again")
            : tr("Slurm's sbatch is not on the PATH of this machine"));
  row->addWidget(slurm_);
  const auto field = [&](const char* object, const QString& name, const QString& usual, const QString& tip) {
    auto* edit = new QLineEdit;
    edit->setObjectName(object);
    edit->setAccessibleName(name);
    edit->setPlaceholderText(usual);
    edit->setToolTip(tip);
    edit->setEnabled(false);
    connect(slurm_, &QCheckBox::toggled, edit, &QWidget::setEnabled);
    connect(edit, &QLineEdit::textChanged, this, &QueueDialog::changed);
    row->addWidget(edit, 1);
    return edit;
  };
  time_ = field("queueTime", tr("Time limit"), tr("time"),
                tr("Time limit of a run, as 4:00:00; empty: the partition's"));
  memory_ = field("queueMemory", tr("Memory"), "4G", tr("Memory of a run"));
  partition_ = field("queuePartition", tr("Partition"), tr("partition"), tr("Empty: the cluster's default"));
  gpu_ = field("queueGpu", tr("Cards"), tr("cards"), tr("Cards of a run, as 1 or a100:1; empty: none"));
  connect(slurm_, &QCheckBox::toggled, this, &QueueDialog::changed);
  return line;
}

bool QueueDialog::onSlurm() const {
  return slurm_->isChecked();
}

QStringList QueueDialog::words() const {
  QStringList words{"--jobs", QString::number(jobs_->value())};
  if (!onSlurm())
    return words << "--nice"
                 << "10";
  words << "--slurm";
  for (const auto& [option, edit] :
       {std::pair{"--time", time_}, {"--memory", memory_}, {"--partition", partition_}, {"--gpu", gpu_}})
    if (const auto text = edit->text().trimmed(); !text.isEmpty()) words << option << text;
  return words;
}

QString QueueDialog::problem() const {
  if (onSlurm())
    for (const auto* edit : {time_, memory_, partition_, gpu_})
      if (edit->text().trimmed().contains(QRegularExpression("[\\s\"'`$\\\\]")))
        return tr("%1 for Slurm must be one word without quotes").arg(edit->accessibleName());
  if (const auto name = name_->text().trimmed(); name.contains('/') || name.startsWith('.'))
    return tr("The folder's name must be a plain one: it is made inside %1").arg(toText(choices_.out));
  return {};
}

void QueueDialog::changed() {
  name_->setPlaceholderText(proposedName());
  start_->setEnabled(false);
  wait_.start();
}

void QueueDialog::say(const QString& text, bool can_start) {
  cost_->setText(text);
  start_->setEnabled(can_start);
}

void QueueDialog::look() {
  const auto seeds = parse_seeds(seeds_->text().toStdString());
  if (!seeds) return say(QString::fromStdString(seeds.error().message), false);
  QueueRequest request{choices_.base, {}, {}, *seeds};
  for (const auto& path : ticked(datasets_)) request.datasets.emplace_back(path.toStdString());
  for (const auto& key : ticked(algorithms_)) request.algorithms.push_back(key.toStdString());
  if (request.datasets.empty()) return say(tr("Tick at least one dataset"), false);
  if (request.algorithms.empty()) return say(tr("Tick at least one algorithm"), false);
  if (const auto wrong = problem(); !wrong.isEmpty()) return say(wrong, false);
  cost_->setText(tr("Checking the plan…"));
  job_.start([this, json = queue_plan(request), out = choices_.out, past = past_, jobs = jobs_->value()](
                 const ProgressFn&, const std::stop_token& stop) -> BackgroundJob::Completion {
    auto plan = std::make_shared<Result<Plan>>(parse_plan(json, out));
    auto known = past ? past : std::make_shared<const std::vector<PastRun>>(past_runs(out, stop));
    return [this, json, plan, known, jobs] {
      past_ = known;
      if (!plan->ok()) return say(QString::fromStdString(plan->error().message), false);
      plan_ = json;
      say(costText(plan_cost(**plan, *known, jobs)), true);
    };
  });
}

QString QueueDialog::costText(const PlanCost& cost) const {
  auto text =
      tr("%1, %2 gradient steps together. ")
          .arg(countText(static_cast<int64_t>(cost.runs), tr("run"), tr("runs")), countText(cost.steps));
  if (cost.seconds < 0.0)
    text += tr("No finished run in %1 tells how long that takes; the study's own estimate comes with its first "
               "steps. ")
                .arg(toText(choices_.out.filename()));
  else
    text +=
        tr("About %1 by this machine's clock and %2 MB on the disk, by what finished runs took%3. ")
            .arg(durationText(cost.seconds))
            .arg(std::max<int64_t>(1, static_cast<int64_t>(cost.bytes >> 20)))
            .arg(cost.measured < cost.runs ? tr(" (partly of other algorithms: a rough guess)") : QString());
  if (onSlurm()) return text + tr("Slurm decides where and when each run works; this window watches it");
  return text + tr("It goes on when this window is closed, and can be stopped, continued and retried");
}

}  // namespace vaco::ui
