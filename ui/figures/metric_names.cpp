// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/metric_names.h"

#include <algorithm>

#include "core/learn/algorithm.h"

namespace vaco::ui {
namespace {

/// What the session adds to every line of metrics.
constexpr Metric kOfTheSession[] = {{"time_s", "Wall time (s)", ""},
                                    {"steps_per_second", "Gradient steps per second", ""}};

const Metric* find_metric(const std::string& key) {
  const auto has_key = [&](const Metric& metric) { return metric.key == key; };
  for (const auto& info : algorithms()) {
    const auto found = std::find_if(info.metrics.begin(), info.metrics.end(), has_key);
    if (found != info.metrics.end()) return &found->get();
  }
  const auto found = std::find_if(std::begin(kOfTheSession), std::end(kOfTheSession), has_key);
  return found == std::end(kOfTheSession) ? nullptr : found;
}

}  // namespace

QString keyWords(const std::string& key) {
  return QString::fromStdString(key).replace('_', ' ');
}

QString metricName(const std::string& key) {
  if (const Metric* metric = find_metric(key)) return QString::fromStdString(display_name(*metric));
  QString words = keyWords(key);
  if (!words.isEmpty()) words[0] = words[0].toUpper();
  return words;
}

}  // namespace vaco::ui
