// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QObject>

namespace vaco::ui {

/// Which trajectories of the data are meant, and which one of them is looked at: the one model behind scatter,
/// histograms, episode table, map of states and the Explain dock. Whoever changes it hears of it like all
/// others.
class Selection : public QObject {
  Q_OBJECT
 public:
  using QObject::QObject;
  enum class How { replace, add, remove };

  /// Trajectories by number, increasing, each once.
  [[nodiscard]] const std::vector<int>& trajectories() const { return chosen_; }
  [[nodiscard]] bool empty() const { return chosen_.empty(); }
  [[nodiscard]] bool contains(int trajectory) const;
  /// The one that is looked at; -1 = none. It need not be among those that are chosen.
  [[nodiscard]] int current() const { return current_; }
  /// How many trajectories the data has; others are left out of what is chosen.
  [[nodiscard]] int count() const { return count_; }

  /// Other data, of so many trajectories: nothing is chosen. The same number again leaves all as it is.
  void setCount(int count);
  void choose(std::vector<int> trajectories, How how = How::replace);
  void setCurrent(int trajectory);
  void clear() { choose({}); }

 signals:
  void changed();
  void currentChanged(int trajectory);

 private:
  std::vector<int> chosen_;
  int current_ = -1, count_ = 0;
};

}  // namespace vaco::ui
