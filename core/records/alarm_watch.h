// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/records/events.h"

namespace vaco {

/// Finds in the records of one run what its user must know although the run goes on: weights that collapse, are
/// inverted or stay frozen, losses that run away. The same records give the same alarms, while the run trains
/// and whenever it is opened again. Metrics and weight reports each in the order of their steps; what a resumed
/// run writes anew replaces what came after it.
class AlarmWatch {
 public:
  /// The alarms that begin with this record; each tells what it means and what to try.
  std::vector<Alarm> take(const Event& event);

 private:
  struct Loss {
    std::vector<double> first;  ///< values, until there are enough for a level
    double level = 0.0;         ///< what counts as usual
    int above = 0;              ///< values in a row that are far above it
  };
  void look(const Metrics& metrics, std::vector<Alarm>& raised);
  void look(const WeightReport& report, std::vector<Alarm>& raised);
  /// Raises an alarm when its condition comes to hold; it may be raised again once it has ceased.
  void tell(bool holds, int64_t step, const std::string& key, const std::string& message,
            std::vector<Alarm>& raised);

  std::set<std::string> standing_;
  std::map<std::string, Loss> losses_;
  std::optional<WeightReport> last_;  ///< without its columns
  int same_ = 0;                      ///< reports in a row that are like the one before
  int64_t metrics_step_ = -1;
};

}  // namespace vaco
