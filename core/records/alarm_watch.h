// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/records/events.h"
#include "core/records/run_config.h"

namespace vaco {

/// What can be wrong with a run that goes on.
struct AlarmKind {
  const char* key;     ///< "runs_away"; the key of an alarm ends with it
  const char* label;   ///< for lists: "A loss or a norm runs away"
  const char* advice;  ///< what to try
};
const std::vector<AlarmKind>& alarm_kinds();
/// The kind of an alarm by its key ("critic_loss_runs_away"); null for what is no alarm of AlarmWatch.
const AlarmKind* alarm_kind(const std::string& alarm_key);

/// A stretch of a run in which something was wrong.
struct AlarmSpan {
  std::string key;      ///< "critic_loss_runs_away"
  std::string message;  ///< what is wrong, with the numbers of its beginning
  int64_t begin = 0;
  int64_t end = -1;  ///< the step at which it held no more; -1: it holds
};

/// What changes with a record.
struct AlarmNews {
  std::vector<Alarm> begun;        ///< each tells what it means and what to try
  std::vector<std::string> ended;  ///< keys
};

/// Between which values can lie: rewards of the data, as they are learned from, over 1 - discount.
struct ValueLimits {
  double low = 0.0, high = 0.0;
};
/// As a run folder tells; nothing where it does not say what its rewards are.
std::optional<ValueLimits> value_limits(const Json& manifest, const RunConfig& config);
/// The same of a folder: once the run has prepared its data.
std::optional<ValueLimits> value_limits(const std::filesystem::path& run_folder);

/// Finds in the records of one run what its user must know although the run goes on: weights that collapse, are
/// inverted or stay frozen, losses and norms that run away, values beyond what rewards can sum to, numbers that
/// are none. An alarm waits for evidence, and ends by itself when it holds no more. The same records give the
/// same alarms, while the run trains and whenever it is opened again. Metrics and weight reports each in the
/// order of their steps; what a resumed run writes anew replaces what came after it.
class AlarmWatch {
 public:
  explicit AlarmWatch(std::optional<ValueLimits> limits = {}) : limits_(limits) {}
  AlarmNews take(const Event& event);
  /// All that was found so far, in the order of their beginnings.
  [[nodiscard]] const std::vector<AlarmSpan>& history() const { return history_; }

 private:
  struct Level {
    std::vector<double> first;  ///< values, until there are enough for a level
    double usual = 0.0;
  };
  void look(const Metrics& metrics, AlarmNews& news);
  void look(const WeightReport& report, AlarmNews& news);
  void look_at_growth(const Metrics& metrics, const MetricValue& metric, AlarmNews& news);
  void look_at_value(const Metrics& metrics, const MetricValue& metric, AlarmNews& news);
  /// Begins an alarm when its condition has held `evidence` times in a row, and ends it when it does not hold.
  void tell(bool holds, int evidence, int64_t step, const std::string& key, const std::string& message,
            AlarmNews& news);
  /// Takes back what was found from this step on.
  void rewind(int64_t step, bool of_weights);

  std::optional<ValueLimits> limits_;
  std::vector<AlarmSpan> history_;
  std::map<std::string, int> in_a_row_;
  std::map<std::string, Level> levels_;
  std::optional<WeightReport> last_;  ///< without its columns
  int64_t metrics_step_ = -1;
};

}  // namespace vaco
