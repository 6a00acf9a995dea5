// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/dataset_panel.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "ui/data/finding_list.h"
#include "ui/data/finding_rows.h"
#include "ui/data/return_histogram.h"
#include "ui/figures/number_text.h"
#include "ui/widgets/elided_label.h"

namespace vaco::ui {

namespace {
enum Page { kEmpty, kBusy, kSummary, kRows };

QLabel* label(const QString& text, const char* role, QWidget* parent) {
  auto* made = new QLabel(text, parent);
  if (*role) made->setProperty("role", role);
  made->setIndent(0);
  return made;
}

QString whole(int64_t value) {
  return countText(value);
}

QString real(double value) {
  return fixedText(value, std::abs(value) < 100 ? 1 : 0);
}
}  // namespace

DatasetPanel::DatasetPanel(DatasetLoader& loader, QWidget* parent) : QWidget(parent), loader_(loader) {
  setObjectName("datasetPanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  pages_ = new QStackedWidget(this);
  pages_->addWidget(makeEmpty());
  pages_->addWidget(makeBusy());
  pages_->addWidget(makeSummary());
  rows_ = new FindingRowsTable(this);
  pages_->addWidget(rows_);
  connect(rows_, &FindingRowsTable::backRequested, this, [this] {
    pages_->setCurrentIndex(kSummary);
    findings_->setFocus();
  });
  column->addWidget(pages_);
  connect(&loader_, &DatasetLoader::started, this, [this](const QString& what) {
    busy_what_->setText(what);
    busy_doing_->clear();
    busy_bar_->setRange(0, 0);
    pages_->setCurrentIndex(kBusy);
  });
  connect(&loader_, &DatasetLoader::progressed, this, [this](double fraction, const QString& doing) {
    busy_bar_->setRange(0, 1000);
    busy_bar_->setValue(static_cast<int>(fraction * 1000));
    busy_doing_->setText(doing);
  });
  const auto back = [this] { pages_->setCurrentIndex(loader_.view() ? kSummary : kEmpty); };
  connect(&loader_, &DatasetLoader::failed, this, back);
  connect(&loader_, &DatasetLoader::cancelled, this, back);
  connect(&loader_, &DatasetLoader::closed, this, back);
  connect(&loader_, &DatasetLoader::loaded, this,
          [this](const std::shared_ptr<const DatasetView>& view) { show(*view); });
}

QWidget* DatasetPanel::makeEmpty() {
  auto* page = new QWidget(this);
  page->setObjectName("datasetEmpty");
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(28, 24, 28, 24);
  column->setSpacing(10);
  column->addStretch(2);
  auto* title = label(tr("Drop a dataset here"), "headline", page);
  title->setAlignment(Qt::AlignCenter);
  auto* text =
      label(tr("D4RL, Minari, d3rlpy, OGBench, robomimic, npz, CSV and others. Nothing trains before you have "
               "seen what is in it"),
            "faint", page);
  text->setAlignment(Qt::AlignCenter);
  text->setWordWrap(true);
  auto* open = new QPushButton(tr("&Open dataset…"), page);
  open->setObjectName("openDataset");
  auto* demo = new QPushButton(tr("&Use the demo data"), page);
  demo->setObjectName("useDemo");
  demo->setToolTip(tr("Hopper: random, medium and expert behavior in equal parts, made here in a few seconds"));
  connect(open, &QPushButton::clicked, this, &DatasetPanel::openRequested);
  connect(demo, &QPushButton::clicked, this, &DatasetPanel::demoRequested);
  column->addWidget(title);
  column->addWidget(text);
  auto* buttons = new QHBoxLayout;
  buttons->addStretch(1);
  buttons->addWidget(open);
  buttons->addWidget(demo);
  buttons->addStretch(1);
  column->addLayout(buttons);
  column->addStretch(3);
  return page;
}

QWidget* DatasetPanel::makeBusy() {
  auto* page = new QWidget(this);
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(28, 24, 28, 24);
  column->addStretch(2);
  busy_what_ = label({}, "title", page);
  busy_what_->setWordWrap(true);
  busy_bar_ = new QProgressBar(page);
  busy_bar_->setObjectName("datasetProgress");
  busy_bar_->setTextVisible(false);
  busy_bar_->setAccessibleName(tr("Reading progress"));
  busy_doing_ = label({}, "faint", page);
  auto* cancel = new QPushButton(tr("Cancel"), page);
  cancel->setObjectName("cancelDataset");
  connect(cancel, &QPushButton::clicked, &loader_, &DatasetLoader::cancel);
  column->addWidget(busy_what_);
  column->addWidget(busy_bar_);
  column->addWidget(busy_doing_);
  column->addWidget(cancel, 0, Qt::AlignLeft);
  column->addStretch(3);
  return page;
}

QWidget* DatasetPanel::makeSummary() {
  auto* scroll = new QScrollArea(this);
  scroll->setObjectName("datasetSummary");
  scroll->setAccessibleName(tr("Facts of the dataset"));
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  auto* content = new QWidget(scroll);
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(10, 8, 10, 10);
  column->setSpacing(6);
  auto* top = new QHBoxLayout;
  name_ = new ElidedLabel(content, Qt::ElideMiddle);
  name_->setProperty("role", "headline");
  auto* other = new QPushButton(tr("&Open other…"), content);
  other->setObjectName("openOtherDataset");
  connect(other, &QPushButton::clicked, this, &DatasetPanel::openRequested);
  top->addWidget(name_, 1);
  top->addWidget(other);
  column->addLayout(top);
  where_ = new ElidedLabel(content, Qt::ElideMiddle);
  where_->setProperty("role", "faint");
  column->addWidget(where_);
  column->addWidget(makeExcluded(content));
  facts_ = new QFormLayout;
  facts_->setHorizontalSpacing(14);
  facts_->setVerticalSpacing(3);
  facts_->setLabelAlignment(Qt::AlignLeft);
  facts_->setContentsMargins(0, 4, 0, 4);
  column->addLayout(facts_);
  column->addWidget(makeColumns(content));
  column->addWidget(label(tr("Returns"), "heading", content));
  histogram_ = new ReturnHistogram(content);
  column->addWidget(histogram_);
  policies_ = label({}, "", content);
  policies_->setTextFormat(Qt::RichText);
  column->addWidget(policies_);
  findings_ = new FindingList(content);
  connect(findings_, &FindingList::rowRequested, this, &DatasetPanel::showRow);
  connect(findings_, &FindingList::excludeRequested, this, &DatasetPanel::excludeRequested);
  column->addWidget(findings_);
  column->addStretch(1);
  scroll->setWidget(content);
  return scroll;
}

void DatasetPanel::show(const DatasetView& view) {
  name_->setText(QString::fromStdString(view.path.filename().string()));
  where_->setText(QString::fromStdString(view.path.parent_path().string()));
  where_->setToolTip(QString::fromStdString(view.path.string()));
  showFacts(view.summary);
  histogram_->setView(std::make_shared<const DatasetView>(view));
  showPolicies(view.summary);
  columns_box_->setVisible(!view.summary.columns.empty());
  columns_->setText(QString::fromStdString(view.summary.columns));
  columns_->setCursorPosition(0);
  findings_->show(view.summary);
  pages_->setCurrentIndex(kSummary);
}

void DatasetPanel::showFacts(const DatasetSummary& summary) {
  while (facts_->rowCount() > 0) facts_->removeRow(0);
  const auto add = [this](const QString& name, const QString& value) {
    auto* text = label(value, "", nullptr);
    text->setWordWrap(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    facts_->addRow(label(name, "faint", nullptr), text);
  };
  add(tr("Format"),
      tr("%1, %2").arg(QString::fromStdString(summary.source.format),
                       QLocale::c().formattedDataSize(static_cast<qint64>(summary.source.bytes))));
  if (!summary.environment.empty()) add(tr("Environment"), QString::fromStdString(summary.environment));
  if (!summary.physics.empty()) add(tr("Physics"), QString::fromStdString(summary.physics));
  add(tr("Transitions"), whole(summary.rows));
  add(tr("Dimensions"), tr("%1 observations, %2 actions").arg(summary.obs_dim).arg(summary.action_dim));
  QStringList ends;
  if (summary.ended_by_terminal) ends << tr("%1 terminal").arg(whole(summary.ended_by_terminal));
  if (summary.ended_by_timeout) ends << tr("%1 time limit").arg(whole(summary.ended_by_timeout));
  if (summary.ended_by_cut) ends << tr("%1 cut").arg(whole(summary.ended_by_cut));
  add(tr("Episodes"), tr("%1, mean length %2").arg(whole(summary.episodes), real(summary.mean_length)));
  add(tr("Ended by"), ends.join(", "));
  const auto quantiles = [](const std::vector<double>& q) {
    return q.size() < 7 ? QString()
                        : tr("%1 to %2, median %3").arg(real(q.front()), real(q.back()), real(q[3]));
  };
  add(tr("Return"), quantiles(summary.return_quantiles));
  if (!summary.normalized_return_quantiles.empty())
    add(tr("Normalized"), quantiles(summary.normalized_return_quantiles));
}

void DatasetPanel::showPolicies(const DatasetSummary& summary) {
  policies_->setVisible(!summary.policies.empty());
  const auto cell = [](const QString& text, const char* align) {
    return QString("<td align='%1' style='padding-right:14px'>%2</td>").arg(align, text);
  };
  QString rows = "<tr>" + cell(tr("<i>Policy</i>"), "left") + cell(tr("<i>rows</i>"), "right") +
                 cell(tr("<i>episodes</i>"), "right") + cell(tr("<i>mean return</i>"), "right") + "</tr>";
  for (const auto& policy : summary.policies)
    rows += "<tr>" + cell(QString::fromStdString(policy.name).toHtmlEscaped(), "left") +
            cell(whole(policy.rows), "right") + cell(whole(policy.episodes), "right") +
            cell(real(policy.mean_return), "right") + "</tr>";
  policies_->setText("<table cellspacing='1'>" + rows + "</table>");
}

void DatasetPanel::showRow(qint64 row) {
  const auto dataset = loader_.dataset();
  if (!dataset || row < 0 || row >= dataset->rows) return;
  pages_->setCurrentIndex(kRows);
  rows_->show(dataset, row);
  emit rowRequested(row);
}

QWidget* DatasetPanel::makeColumns(QWidget* parent) {
  columns_box_ = new QWidget(parent);
  auto* row = new QHBoxLayout(columns_box_);
  row->setContentsMargins(0, 0, 0, 0);
  auto* name = label(tr("Colu&mns"), "faint", columns_box_);
  columns_ = new QLineEdit(columns_box_);
  columns_->setObjectName("columns");
  columns_->setAccessibleName(tr("Columns"));
  columns_->setToolTip(
      tr("What stands in which column of the table, counted from 0, as it was guessed. Change it and press "
         "Return"));
  name->setBuddy(columns_);
  row->addWidget(name);
  row->addWidget(columns_, 1);
  connect(columns_, &QLineEdit::editingFinished, this, [this] {
    if (!columns_->isModified()) return;
    columns_->setModified(false);
    emit columnsRequested(columns_->text().trimmed());
  });
  return columns_box_;
}

QWidget* DatasetPanel::makeExcluded(QWidget* parent) {
  excluded_box_ = new QWidget(parent);
  auto* row = new QHBoxLayout(excluded_box_);
  row->setContentsMargins(0, 0, 0, 0);
  excluded_ = label({}, "", excluded_box_);
  excluded_->setWordWrap(true);
  auto* all = new QPushButton(tr("&Use all"), excluded_box_);
  all->setObjectName("includeAll");
  all->setToolTip(tr("Train on every episode again"));
  connect(all, &QPushButton::clicked, this, &DatasetPanel::includeAllRequested);
  row->addWidget(excluded_, 1);
  row->addWidget(all);
  excluded_box_->hide();
  return excluded_box_;
}

void DatasetPanel::setExcluded(const EpisodeList& episodes) {
  excluded_box_->setVisible(!episodes.empty());
  const auto list = QString::fromStdString(episodes.short_text());
  excluded_->setText(episodes.size() == 1
                         ? tr("Not trained on: episode %1").arg(list)
                         : tr("Not trained on: %1 episodes, %2").arg(countText(episodes.size()), list));
}

void DatasetPanel::paintEvent(QPaintEvent*) {
  if (pages_->currentIndex() != kEmpty) return;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(palette().color(QPalette::Mid), 1.2, Qt::DashLine));
  painter.drawRoundedRect(QRectF(rect()).adjusted(10, 10, -10, -10), 6, 6);
}

}  // namespace vaco::ui
