// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>

class QMenu;

namespace vaco::ui {

/// The datasets and runs that were opened last, as a menu; those that are gone are not offered.
class RecentFiles : public QObject {
  Q_OBJECT
 public:
  explicit RecentFiles(QObject* parent = nullptr) : QObject(parent) {}
  void setLists(const QStringList& datasets, const QStringList& runs);
  [[nodiscard]] const QStringList& datasets() const { return datasets_; }
  [[nodiscard]] const QStringList& runs() const { return runs_; }
  void addDataset(const QString& path) { add(datasets_, path); }
  void addRun(const QString& path) { add(runs_, path); }
  /// A menu that is filled whenever it is about to be shown; it belongs to the parent.
  QMenu* makeMenu(QWidget* parent);

 signals:
  void changed();
  void datasetChosen(const QString& path);
  void runChosen(const QString& path);

 private:
  void add(QStringList& list, const QString& path);
  void fill(QMenu& menu);

  QStringList datasets_, runs_;  ///< the newest first
};

}  // namespace vaco::ui
