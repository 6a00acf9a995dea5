// SPDX-License-Identifier: GPL-3.0-or-later
// The metrics figure in words and as a table.
#include "ui/figures/metrics_figure.h"

namespace vaco::ui {

FigureTable MetricsFigure::table(const FigureSpec& spec) const {
  FigureTable table;
  const bool smoothed = spec.smoothing > 0.0;
  table.columns = {"run", "metric", "step", "value"};
  if (smoothed) table.columns.push_back("smoothed");
  for (size_t run = 0; run < data_.size(); ++run) {
    const std::string name = labelOf(spec, runs()[run].name).toStdString();
    for (const std::string& key : shownKeys(spec)) {
      const auto found = data_[run].series.find(key);
      if (found == data_[run].series.end()) continue;
      const Pyramid& raw = found->second.raw();
      const Pyramid* smooth = smoothed ? &found->second.smooth(spec.smoothing) : nullptr;
      for (size_t i = 0; i < raw.size(); ++i) {
        if (!inView(spec, raw.x()[i])) continue;
        table.rows.push_back({name, key, static_cast<int64_t>(raw.x()[i]), raw.y()[i]});
        if (smooth) table.rows.back().emplace_back(smooth->y()[i]);
      }
    }
  }
  return table;
}

QString MetricsFigure::summary(const FigureSpec& spec) const {
  QStringList parts;
  const auto shown = shownKeys(spec);
  for (size_t run = 0; run < data_.size(); ++run)
    for (const std::string& key : shown) {
      const MetricSeries* one = series(static_cast<int>(run), key);
      if (!one || one->raw().empty()) continue;
      QString text = tr("%1: %2 at step %3")
                         .arg(curveName(spec, static_cast<int>(run), key, shown.size()),
                              valueText(one->raw().y().back()), stepText(one->raw().x().back()));
      if (!one->faults().empty())
        text += tr(", not a number from step %1").arg(stepText(one->faults().front().low));
      parts << text;
    }
  return parts.join("; ");
}

QString MetricsFigure::readOut(const FigureSpec& spec, double x, double) const {
  QStringList parts;
  const auto shown = shownKeys(spec);
  if (!data_.empty() && data_.front().phases.size() > 1)
    for (const Phase& phase : data_.front().phases)
      if (x > phase.low && x <= phase.high) parts << phaseLabel(phase.key);
  for (size_t run = 0; run < data_.size(); ++run)
    for (const std::string& key : shown) {
      const auto found = data_[run].series.find(key);
      if (found == data_[run].series.end() || found->second.raw().empty()) continue;
      const Pyramid& raw = found->second.raw();
      const size_t i = raw.nearest(x);
      QString text = QString("%1 at %2: %3")
                         .arg(curveName(spec, static_cast<int>(run), key, shown.size()), stepText(raw.x()[i]),
                              valueText(raw.y()[i]));
      if (spec.smoothing > 0.0)
        text += tr(" (smoothed %1)").arg(valueText(found->second.smooth(spec.smoothing).y()[i]));
      parts << text;
    }
  return parts.join("   ");
}

}  // namespace vaco::ui
