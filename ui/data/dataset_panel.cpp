// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/dataset_panel.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "ui/data/return_histogram.h"
#include "ui/figures/number_text.h"
#include "ui/widgets/elided_label.h"

namespace vaco::ui {

namespace {
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
  column->addWidget(pages_);
  connect(&loader_, &DatasetLoader::started, this, [this](const QString& what) {
    busy_what_->setText(what);
    busy_doing_->clear();
    busy_bar_->setRange(0, 0);
    pages_->setCurrentIndex(1);
  });
  connect(&loader_, &DatasetLoader::progressed, this, [this](double fraction, const QString& doing) {
    busy_bar_->setRange(0, 1000);
    busy_bar_->setValue(static_cast<int>(fraction * 1000));
    busy_doing_->setText(doing);
  });
  const auto back = [this] { pages_->setCurrentIndex(loader_.view() ? 2 : 0); };
  connect(&loader_, &DatasetLoader::failed, this, back);
  connect(&loader_, &DatasetLoader::cancelled, this, back);
  connect(&loader_, &DatasetLoader::loaded, this,
          [this](const std::shared_ptr<const DatasetView>& view) { show(*view); });
}

QWidget* DatasetPanel::makeEmpty() {
  auto* page = new QWidget(this);
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(28, 24, 28, 24);
  column->setSpacing(10);
  column->addStretch(2);
  auto* title = label(tr("Drop a dataset here"), "headline", page);
  title->setAlignment(Qt::AlignCenter);
  auto* text = label(tr("D4RL HDF5. Nothing trains before you have seen what is in it"), "faint", page);
  text->setAlignment(Qt::AlignCenter);
  text->setWordWrap(true);
  auto* open = new QPushButton(tr("&Open dataset…"), page);
  open->setObjectName("openDataset");
  auto* demo = new QPushButton(tr("Use the &demo data"), page);
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
  facts_ = new QFormLayout;
  facts_->setHorizontalSpacing(14);
  facts_->setVerticalSpacing(3);
  facts_->setLabelAlignment(Qt::AlignLeft);
  facts_->setContentsMargins(0, 4, 0, 4);
  column->addLayout(facts_);
  column->addWidget(label(tr("Returns"), "heading", content));
  histogram_ = new ReturnHistogram(content);
  column->addWidget(histogram_);
  policies_ = label({}, "", content);
  policies_->setTextFormat(Qt::RichText);
  column->addWidget(policies_);
  findings_heading_ = label(tr("Findings"), "heading", content);
  column->addWidget(findings_heading_);
  findings_ = new QVBoxLayout;
  findings_->setSpacing(5);
  column->addLayout(findings_);
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
  showFindings(view.summary);
  pages_->setCurrentIndex(2);
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

void DatasetPanel::showFindings(const DatasetSummary& summary) {
  while (auto* item = findings_->takeAt(0)) {
    delete item->widget();
    delete item;
  }
  findings_heading_->setText(summary.findings.empty() ? tr("No findings: nothing unusual in this data")
                                                      : tr("Findings"));
  for (const auto& finding : summary.findings) {
    const char* role = finding.severity == Severity::error     ? "error"
                       : finding.severity == Severity::warning ? "warning"
                                                               : "note";
    auto words = QString::fromStdString(finding.message).toHtmlEscaped();
    if (finding.row >= 0) words += tr(" (<a href='%1'>row %2</a>)").arg(finding.row).arg(whole(finding.row));
    auto* text = label(words, role, nullptr);
    text->setTextFormat(Qt::RichText);
    text->setWordWrap(true);
    text->setTextInteractionFlags(Qt::TextBrowserInteraction);
    connect(text, &QLabel::linkActivated, this,
            [this](const QString& row) { emit rowRequested(row.toLongLong()); });
    text->setToolTip(QString::fromStdString(finding.key));
    findings_->addWidget(text);
  }
}

void DatasetPanel::paintEvent(QPaintEvent*) {
  if (pages_->currentIndex() != 0) return;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(palette().color(QPalette::Mid), 1.2, Qt::DashLine));
  painter.drawRoundedRect(QRectF(rect()).adjusted(10, 10, -10, -10), 6, 6);
}

}  // namespace vaco::ui
