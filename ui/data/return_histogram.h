// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include <QWidget>

#include "ui/data/dataset_loader.h"

namespace vaco::ui {

/// A small histogram of episode returns with a logarithmic axis, on which rare returns can be seen as well. A
/// bar is divided by behavior policy, in proportion; the tool-tip reads a bin out.
class ReturnHistogram : public QWidget {
  Q_OBJECT
 public:
  explicit ReturnHistogram(QWidget* parent = nullptr);
  void setView(std::shared_ptr<const DatasetView> view);
  /// Returns of chosen episodes: their share of each bar stands out.
  void setChosen(const std::vector<double>& returns);
  [[nodiscard]] QSize sizeHint() const override { return {300, 150}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {180, 120}; }

 signals:
  /// A bar was clicked: the returns it counts; add: Ctrl was held.
  void returnsChosen(double low, double high, bool add);

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;

 private:
  [[nodiscard]] QRectF plotArea() const;
  /// Episodes of the fullest bin.
  [[nodiscard]] int64_t top() const;
  void drawAxes(QPainter& painter, const QRectF& area) const;
  void drawBars(QPainter& painter, const QRectF& area) const;
  void drawChosen(QPainter& painter, const QRectF& area) const;
  void drawNames(QPainter& painter, const QRectF& area) const;
  /// The bin at a place; −1 beside them.
  [[nodiscard]] int binAt(double x) const;
  [[nodiscard]] QList<QColor> sourceColors() const;
  [[nodiscard]] QString binText(size_t bin) const;

  std::shared_ptr<const DatasetView> view_;
  std::vector<int64_t> chosen_;  ///< [bins] episodes
};

}  // namespace vaco::ui
