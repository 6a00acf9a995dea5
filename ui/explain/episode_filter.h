// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

#include <QCoreApplication>
#include <QString>

namespace vaco::ui {

/// What is known of an episode in a line of the table.
struct EpisodeLine {
  int number = 0;
  QString source, ended_by;
  double total_reward = 0.0;
  int64_t first = 0, length = 0;
  double weight = 0.0, change = 0.0;  ///< NaN where they are not known
  QString findings;                   ///< one a line; empty: none
};

/// Which episodes are listed: words that all must hold, "return>100 source=expert length<=50 finding".
class EpisodeFilter {
  Q_DECLARE_TR_FUNCTIONS(EpisodeFilter)

 public:
  /// Keys are episode, return, length, weight, change (with = < > <= >=) and source, end (with =); "finding"
  /// asks for a finding; another word must be part of the source or the end. Sets problem() where a word makes
  /// no sense, and then filters nothing.
  explicit EpisodeFilter(const QString& text = {});
  [[nodiscard]] bool takes(const EpisodeLine& line) const;
  [[nodiscard]] const QString& problem() const { return problem_; }

 private:
  void addWord(const QString& word);
  std::vector<std::function<bool(const EpisodeLine&)>> conditions_;
  QString problem_;
};

}  // namespace vaco::ui
