// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QWidget>

#include "ui/data/dataset_loader.h"

namespace vaco::ui {

/// A small stacked histogram of episode returns, colored by behavior policy; the tool-tip reads a bin out.
class ReturnHistogram : public QWidget {
  Q_OBJECT
 public:
  explicit ReturnHistogram(QWidget* parent = nullptr);
  void setView(std::shared_ptr<const DatasetView> view);
  [[nodiscard]] QSize sizeHint() const override { return {300, 120}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {160, 100}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;

 private:
  [[nodiscard]] QRectF plotArea() const;
  [[nodiscard]] QString binText(size_t bin) const;

  std::shared_ptr<const DatasetView> view_;
};

}  // namespace vaco::ui
