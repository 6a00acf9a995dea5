// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string>

namespace vaco::ui {

/// What a training metric is called on axes and in legends: as the algorithm that reports it declares it. A key
/// that none knows is shown with its underscores opened.
QString metricName(const std::string& key);
/// A key as words: "weights_collapse" becomes "weights collapse".
QString keyWords(const std::string& key);

}  // namespace vaco::ui
