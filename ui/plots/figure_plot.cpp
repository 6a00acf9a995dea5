// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/figure_plot.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QStackedLayout>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "ui/figures/brush.h"
#include "ui/figures/canvas.h"
#include "ui/figures/legend_place.h"
#include "ui/plots/table_window.h"
#include "ui/widgets/focus_frame.h"
#include "ui/widgets/in_turn.h"
#include "ui/widgets/key_cursor.h"
#include "ui/widgets/lazy_plot.h"

namespace vaco::ui {
namespace {

constexpr int kNarrow = 620;       // pixels
constexpr int kLow = 200;          // height, where words need all the room that there is
constexpr int kRoomForBoth = 360;  // height for a stand-in and the words below it

AxisLimits limitsOf(const QCPAxis* axis) {
  return {axis->range().lower, axis->range().upper};
}

}  // namespace

FigurePlot::FigurePlot(std::unique_ptr<Figure> figure, QWidget* parent)
    : QWidget(parent), figure_(std::move(figure)), theme_(themeFor(palette())) {
  spec_.kind = figure_->kind();
  setFocusPolicy(Qt::StrongFocus);
  setAccessibleName(figure_->name());

  controls_ = new QHBoxLayout;
  controls_->setContentsMargins(6, 3, 6, 0);
  controls_->setSpacing(8);
  emptyPage_ = new QWidget(this);
  emptyPage_->setAutoFillBackground(true);
  emptyLabel_ = new QLabel(figure_->emptyText(), emptyPage_);
  emptyLabel_->setAlignment(Qt::AlignCenter);
  emptyLabel_->setWordWrap(true);
  auto* emptyColumn = new QVBoxLayout(emptyPage_);
  emptyColumn->setContentsMargins(0, 0, 0, 0);
  emptyColumn->addWidget(emptyLabel_, 1);
  plot_ = new LazyPlot(this);
  plot_->setFocusPolicy(Qt::NoFocus);
  plot_->setAccessibleName(figure_->name());
  stack_ = new QStackedLayout;
  stack_->addWidget(emptyPage_);
  stack_->addWidget(plot_);
  readOut_ = new QLabel(this);
  readOut_->setMargin(3);
  readOut_->setTextFormat(Qt::PlainText);
  readOut_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  readOut_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);  // long values must not widen the window
  readOut_->setAccessibleName(tr("Values under the cursor"));

  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(0);
  layout->addLayout(controls_);
  layout->addLayout(stack_, 1);
  layout->addWidget(readOut_);
  new FocusFrame(this);
  connectCanvas();
  applyWidgetColors();
}

FigurePlot::~FigurePlot() = default;

void FigurePlot::connectCanvas() {
  plot_->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
  plot_->addLayer(kCursorLayer, plot_->layer("main"), QCustomPlot::limAbove);
  plot_->layer(kCursorLayer)->setMode(QCPLayer::lmBuffered);
  crossHair_ = new QCPItemStraightLine(plot_);
  crossHair_->setLayer(kCursorLayer);
  crossHair_->setVisible(false);
  const auto moved = [this] { viewMoved(); };
  connect(plot_->xAxis, QOverload<const QCPRange&>::of(&QCPAxis::rangeChanged), this, moved);
  connect(plot_->yAxis, QOverload<const QCPRange&>::of(&QCPAxis::rangeChanged), this, moved);
  connect(plot_, &QCustomPlot::mouseDoubleClick, this, &FigurePlot::resetView);
  connect(plot_, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) { showCursor(event->pos()); });
  connect(plot_, &QCustomPlot::mousePress, this, [this](QMouseEvent* event) { pressedAt_ = event->pos(); });
  connect(plot_, &QCustomPlot::mouseRelease, this, [this](QMouseEvent* event) {
    const bool still = (event->pos() - pressedAt_).manhattanLength() < 4;
    if (still && event->button() == Qt::LeftButton && plot_->axisRect()->rect().contains(event->pos()))
      click(event->pos(), event->modifiers() & Qt::ControlModifier);
  });
  keyCursor_ = new KeyCursor(*plot_, *this, kCursorLayer);
  connect(keyCursor_, &KeyCursor::moved, this, &FigurePlot::showCursor);
  connect(keyCursor_, &KeyCursor::picked, this, &FigurePlot::click);
  connect(keyCursor_, &KeyCursor::hidden, this, &FigurePlot::hideCursor);
  plot_->installEventFilter(this);
  plot_->setContextMenuPolicy(Qt::CustomContextMenu);
  connect(plot_, &QWidget::customContextMenuRequested, this,
          [this](const QPoint& position) { showMenu(plot_->mapToGlobal(position)); });
}

int FigurePlot::addRun(const QString& name, const QString& environment, const std::filesystem::path& folder,
                       const QString& group) {
  return addRun({name.toStdString(), environment.toStdString(), folder, group.toStdString()});
}

int FigurePlot::addRun(FigureRun run) {
  dirty_ = true;
  return figure_->addRun(std::move(run));
}

void FigurePlot::consume(const Event& event) {
  if (figure_->runs().empty()) addRun("run");
  consume(0, event);
}

void FigurePlot::consume(int run, const Event& event) {
  if (figure_->consume(run, event)) dirty_ = true;
}

void FigurePlot::clear() {
  figure_->clear();
  viewX_.reset();
  viewY_.reset();
  dirty_ = true;
  if (isVisible()) drawNow();
}

void FigurePlot::beginFeeding() {
  figure_->clear();
  dirty_ = true;
}

void FigurePlot::refresh() {
  if (dirty_ && isVisible()) drawNow();
}

void FigurePlot::refreshInTurn() {
  if (!dirty_ || !isVisible() || std::exchange(awaitsTurn_, true)) return;
  inTurn(this, [this] {
    awaitsTurn_ = false;
    refresh();
  });
}

void FigurePlot::drawNow() {
  dirty_ = false;
  updateControls();
  const bool empty = figure_->empty();
  stack_->setCurrentIndex(empty ? 0 : 1);
  if (!empty) draw();
  const QString said = empty ? emptyWords() : figure_->summary(spec_);
  if (accessibleDescription() != said) {
    setAccessibleDescription(said);
    plot_->setAccessibleDescription(said);
    QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&changed);
  }
  empty ? keyCursor_->hide() : keyCursor_->tell();
  // Under the cross the words stay, fitted anew.
  say(crossHair_->visible() ? readOut_->toolTip() : empty ? standInWords_ : said);
  if (table_) table_->setTable(table());
}

void FigurePlot::draw() {
  drawing_ = true;
  crossHair_->setPen(QPen(theme_.faintText, 1.0, Qt::DotLine));
  renderFigure(*plot_, *figure_, spec_, theme_, viewX_, viewY_);
  drawing_ = false;
  plot_->setToolTip(hiddenLegendText(*plot_));
  plot_->replot(QCustomPlot::rpQueuedReplot);
}

void FigurePlot::viewMoved() {
  if (drawing_) return;
  const bool first = !viewX_;
  viewX_ = limitsOf(plot_->xAxis);
  viewY_ = limitsOf(plot_->yAxis);
  // Curves are drawn no finer than the window: another window needs another drawing. One for many small moves.
  if (!dirty_ || first) QTimer::singleShot(15, this, [this] { refresh(); });
  dirty_ = true;
}

void FigurePlot::resetView() {
  viewX_.reset();
  viewY_.reset();
  applyChoice();
}

void FigurePlot::applyChoice() {
  dirty_ = true;
  refresh();
}

void FigurePlot::showCursor(const QPoint& position) {
  if (!plot_->axisRect()->rect().contains(position)) return hideCursor();
  const double x = plot_->xAxis->pixelToCoord(position.x()), y = plot_->yAxis->pixelToCoord(position.y());
  crossHair_->point1->setCoords(x, 1.0);
  crossHair_->point2->setCoords(x, 2.0);
  crossHair_->setVisible(true);
  plot_->layer(kCursorLayer)->replot();
  say(figure_->readOut(spec_, x, y));
}

void FigurePlot::hideCursor() {
  if (!crossHair_->visible()) return;
  crossHair_->setVisible(false);
  plot_->layer(kCursorLayer)->replot();
  say(figure_->empty() ? standInWords_ : figure_->summary(spec_));
}

int FigurePlot::readOutLines() const {
  // Narrow plots get a second line for good, so that nothing moves under the cursor.
  return width() < kNarrow ? 2 : 1;
}

void FigurePlot::fitReadOut() {
  readOut_->setFixedHeight(readOutLines() * readOut_->fontMetrics().lineSpacing() + 2 * readOut_->margin());
}

void FigurePlot::say(const QString& text) {
  readOut_->setToolTip(text);
  const auto metrics = readOut_->fontMetrics();
  // Broken here and not by the label, which would lay out the whole panel anew with every text.
  const int room = std::max(60, width() - 8);
  qsizetype cut = text.size();
  if (readOutLines() > 1)
    while (cut > 0 && metrics.horizontalAdvance(text.left(cut)) > room) cut = text.lastIndexOf(' ', cut - 1);
  const bool whole = cut <= 0 || cut == text.size();
  const QString first = whole ? text : text.left(cut), rest = whole ? QString() : text.mid(cut + 1);
  const QString shown = metrics.elidedText(first, Qt::ElideRight, room);
  readOut_->setText(rest.isEmpty() ? shown : shown + '\n' + metrics.elidedText(rest, Qt::ElideRight, room));
}

void FigurePlot::setWaiting(const QString& text) {
  if (text == waiting_) return;
  waiting_ = text;
  emptyLabel_->setText(text.isEmpty() ? figure_->emptyText() : figure_->emptyText() + "\n\n" + text);
}

void FigurePlot::setStandIn(QWidget* picture, const QString& words) {
  delete standIn_;
  standIn_ = picture;
  standInWords_ = words;
  if (picture) static_cast<QVBoxLayout*>(emptyPage_->layout())->insertWidget(0, picture, 2);
  arrangeEmpty();
  dirty_ = true;
  refresh();
}

QString FigurePlot::emptyWords() const {
  return standInWords_.isEmpty() ? figure_->emptyText() : standInWords_ + ". " + figure_->emptyText();
}

void FigurePlot::arrangeEmpty() {
  emptyLabel_->setVisible(!standIn_ || height() >= kRoomForBoth);
  emptyLabel_->setMargin(height() < kLow ? 4 : 24);
}

void FigurePlot::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  arrangeEmpty();
  fitReadOut();
  dirty_ = true;
  refreshInTurn();
}

bool FigurePlot::eventFilter(QObject* watched, QEvent* event) {
  if (watched == plot_ && event->type() == QEvent::Leave) hideCursor();
  // The first layout, and a new width, change where the legend fits and how fine the curves are.
  if (watched == plot_ && event->type() == QEvent::Resize) {
    dirty_ = true;
    refreshInTurn();
  }
  return QWidget::eventFilter(watched, event);
}

void FigurePlot::click(const QPoint& position, bool add) {
  clicked(plot_->xAxis->pixelToCoord(position.x()), plot_->yAxis->pixelToCoord(position.y()), add);
}

void FigurePlot::clicked(double, double, bool) {}

void FigurePlot::makeBrushable() {
  enableBrush(*plot_, [this](AxisLimits x, AxisLimits y, bool add) { brushed(x, y, add); });
}

void FigurePlot::brushed(AxisLimits, AxisLimits, bool) {}

std::pair<double, double> FigurePlot::viewSize() const {
  return {plot_->xAxis->range().size(), plot_->yAxis->range().size()};
}

void FigurePlot::setTheme(const PlotTheme& theme) {
  followsPalette_ = false;
  theme_ = theme;
  applyWidgetColors();
  dirty_ = true;
  refresh();
}

void FigurePlot::applyWidgetColors() {
  QPalette colors = emptyPage_->palette();
  colors.setColor(QPalette::Window, theme_.background);
  colors.setColor(QPalette::WindowText, theme_.faintText);
  emptyPage_->setPalette(colors);
  emptyLabel_->setPalette(colors);
  plot_->setBackground(theme_.background);
}

void FigurePlot::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  const bool looks = event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange;
  if (!looks || !followsPalette_ || !plot_) return;
  theme_ = themeFor(palette());
  applyWidgetColors();
  fitReadOut();
  dirty_ = true;
  refreshInTurn();
}

void FigurePlot::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  refreshInTurn();
}

void FigurePlot::keyPressEvent(QKeyEvent* event) {
  if (stack_->currentWidget() == plot_ && keyCursor_->press(*event)) return;
  // The wheel's and the mouse's doings without either.
  const auto zoom = [this](double factor) {
    plot_->xAxis->scaleRange(factor);
    plot_->yAxis->scaleRange(factor);
  };
  const auto pan = [](QCPAxis* axis, double share) { axis->moveRange(share * axis->range().size()); };
  switch (event->key()) {
    case Qt::Key_Home:
      return resetView();
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      return zoom(0.8);
    case Qt::Key_Minus:
      return zoom(1.25);
    case Qt::Key_Left:
      return pan(plot_->xAxis, -0.1);
    case Qt::Key_Right:
      return pan(plot_->xAxis, 0.1);
    case Qt::Key_Up:
      return plot_->yAxis->scaleType() == QCPAxis::stLinear ? pan(plot_->yAxis, 0.1) : void();
    case Qt::Key_Down:
      return plot_->yAxis->scaleType() == QCPAxis::stLinear ? pan(plot_->yAxis, -0.1) : void();
    case Qt::Key_Menu:
      return showMenu(mapToGlobal(rect().center()));
    default:
      QWidget::keyPressEvent(event);
  }
}

FigureSpec FigurePlot::spec() const {
  FigureSpec spec = spec_;
  spec.runs.clear();
  for (const FigureRun& run : figure_->runs())
    if (!run.folder.empty()) spec.runs.push_back(run.folder);
  if (viewX_) spec.x = viewX_;
  if (viewY_) spec.y = viewY_;
  return spec;
}

void FigurePlot::choose(FigureSpec spec) {
  spec.kind = spec_.kind;
  viewX_ = std::exchange(spec.x, {});
  viewY_ = std::exchange(spec.y, {});
  spec_ = std::move(spec);
  applyChoice();
  emit specChanged();
}

void FigurePlot::changeLook(const FigureSpec& before, const FigureSpec& after) {
  choose(after);
  emit lookChanged(before, after);
}

FigureTable FigurePlot::table() const {
  return figure_->table(spec());
}

}  // namespace vaco::ui
