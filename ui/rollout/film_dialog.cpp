// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/film_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

#include "ui/figures/number_text.h"
#include "ui/widgets/decimal_box.h"
#include "ui/widgets/file_dialog.h"

namespace vaco::ui {
namespace {

constexpr int kNoteLines = 3;

QSpinBox* pixelBox(const char* name, int value) {
  auto* box = new QSpinBox;
  box->setObjectName(name);
  box->setRange(64, 4096);
  box->setSingleStep(16);
  box->setSuffix(FilmDialog::tr(" px"));
  box->setValue(value);
  return box;
}

QDoubleSpinBox* factorBox(const char* name, double low, double high, const QString& unit, double value) {
  auto* box = new DecimalBox;
  box->setObjectName(name);
  box->setRange(low, high);
  box->setDecimals(2);
  box->setSuffix(unit);
  box->setValue(value);
  return box;
}

/// A row of several widgets has no buddy by itself.
void addLabelled(QFormLayout& form, const QString& text, QLayout* row, QWidget* buddy) {
  auto* label = new QLabel(text);
  label->setBuddy(buddy);
  form.addRow(label, row);
}

}  // namespace

FilmDialog::FilmDialog(const QString& what, const QString& name, int64_t states, double dt,
                       const FilmChoices& choices, QWidget* parent)
    : QDialog(parent),
      name_(name),
      states_(states),
      dt_(dt),
      kind_(new QComboBox),
      width_(pixelBox("filmWidth", choices.width)),
      height_(pixelBox("filmHeight", choices.height)),
      rate_(factorBox("filmRate", 1.0, 120.0, tr(" pictures a second"), choices.rate)),
      speed_(factorBox("filmSpeed", 0.05, 20.0, tr("×"), choices.speed)),
      told_(new QCheckBox(tr("&With what is written and drawn over the picture"))),
      light_(new QCheckBox(tr("On a &light ground, as figures have"))),
      target_(new QLineEdit),
      note_(new QLabel) {
  setObjectName("filmDialog");
  setWindowTitle(tr("Write an episode as pictures or a film"));
  setAttribute(Qt::WA_DeleteOnClose);
  auto* form = new QFormLayout(this);
  auto* words = new QLabel(what);
  words->setWordWrap(true);
  form->addRow(words);
  kind_->setObjectName("filmKind");
  kind_->addItem(tr("Film (MP4)"), static_cast<int>(FilmKind::mp4));
  kind_->addItem(tr("Film (GIF)"), static_cast<int>(FilmKind::gif));
  kind_->addItem(tr("Numbered pictures in a folder (PNG)"), static_cast<int>(FilmKind::pictures));
  kind_->addItem(tr("The picture in sight, as a figure (PNG)"), static_cast<int>(FilmKind::picture));
  kind_->setCurrentIndex(std::max(0, kind_->findData(static_cast<int>(choices.kind))));
  form->addRow(tr("&As"), kind_);
  auto* size = new QHBoxLayout;
  size->addWidget(width_);
  size->addWidget(new QLabel("×"));
  size->addWidget(height_);
  size->addStretch(1);
  width_->setAccessibleName(tr("Width"));
  height_->setAccessibleName(tr("Height"));
  addLabelled(*form, tr("&Size"), size, width_);
  form->addRow(tr("&Rate"), rate_);
  form->addRow(tr("S&peed"), speed_);
  told_->setObjectName("filmTold");
  told_->setChecked(choices.told);
  light_->setObjectName("filmLight");
  light_->setChecked(choices.light);
  form->addRow(told_);
  form->addRow(light_);
  target_->setObjectName("filmTarget");
  target_->setText(choices.folder + "/" + name_);
  target_->setMinimumWidth(fontMetrics().averageCharWidth() * 50);
  auto* browse = new QPushButton(tr("&Browse..."));
  auto* place = new QHBoxLayout;
  place->addWidget(target_, 1);
  place->addWidget(browse);
  addLabelled(*form, tr("&To"), place, target_);
  note_->setObjectName("filmNote");
  note_->setWordWrap(true);
  note_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  note_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  note_->setMinimumHeight(kNoteLines * fontMetrics().lineSpacing());
  form->addRow(note_);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
  write_ = buttons->addButton(tr("&Write"), QDialogButtonBox::AcceptRole);
  write_->setObjectName("filmWrite");
  form->addRow(buttons);
  write_->setDefault(true);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(buttons, &QDialogButtonBox::accepted, this, [this] {
    emit writeRequested();
    accept();
  });
  connect(browse, &QPushButton::clicked, this, &FilmDialog::browse);
  connect(kind_, &QComboBox::currentIndexChanged, this, &FilmDialog::chooseKind);
  connect(target_, &QLineEdit::textChanged, this, &FilmDialog::check);
  for (auto* box : {rate_, speed_}) connect(box, &QDoubleSpinBox::valueChanged, this, &FilmDialog::check);
  chooseKind();
}

FilmKind FilmDialog::kind() const {
  return static_cast<FilmKind>(kind_->currentData().toInt());
}

FilmChoices FilmDialog::choices() const {
  return {kind(),          width_->value(),    height_->value(),    rate_->value(),
          speed_->value(), told_->isChecked(), light_->isChecked(), QFileInfo(target_->text()).path()};
}

std::filesystem::path FilmDialog::target() const {
  return target_->text().toStdString();
}

void FilmDialog::chooseKind() {
  QString text = target_->text();
  for (const auto* ending : {".png", ".mp4", ".gif"})
    if (text.endsWith(ending)) text.chop(4);
  target_->setText(text + endingOf(kind()));
  for (auto* box : {rate_, speed_}) box->setEnabled(kind() != FilmKind::picture);
  check();
}

void FilmDialog::browse() {
  const auto folder = QFileInfo(target_->text()).path();
  auto* ask = kind() == FilmKind::pictures ? makeNewFolderDialog(this, tr("Folder for the pictures"), folder)
                                           : makeFileDialog(this, tr("Write to"), folder, QFileDialog::AnyFile);
  if (kind() != FilmKind::pictures) {
    ask->setAcceptMode(QFileDialog::AcceptSave);
    ask->setDefaultSuffix(QString(endingOf(kind())).mid(1));
    ask->selectFile(QFileInfo(target_->text()).fileName());
  }
  connect(ask, &QFileDialog::fileSelected, target_, &QLineEdit::setText);
  ask->open();
}

void FilmDialog::check() {
  const QFileInfo there(target_->text());
  const bool full = kind() == FilmKind::pictures && there.exists();
  QStringList words;
  const auto missing = whyNoFilm(kind());
  if (!missing.isEmpty())
    words << missing;
  else if (target_->text().trimmed().isEmpty() || there.fileName().isEmpty())
    words << tr("Name a file");
  else if (const auto named = filmKindOf(target()); !named || *named != kind())
    words << (kind() == FilmKind::pictures ? tr("A folder's name has no dot")
                                           : tr("The name must end in %1").arg(endingOf(kind())));
  else if (full)
    words << tr("%1 is there already; name another folder").arg(there.fileName());
  const bool can = words.isEmpty();
  if (can && kind() != FilmKind::picture) {
    const auto pictures = filmRows(states_, dt_, rate_->value(), speed_->value()).size();
    words << tr("%1, %2 s")
                 .arg(countText(static_cast<int64_t>(pictures), tr("picture"), tr("pictures")),
                      fixedText(static_cast<double>(pictures) / rate_->value(), 1));
  }
  if (can && there.exists()) words << tr("%1 is there and will be replaced").arg(there.fileName());
  note_->setText(words.join(". "));
  write_->setEnabled(can);
}

}  // namespace vaco::ui
