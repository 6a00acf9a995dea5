// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include <QObject>
#include <QStringList>

#include "core/base/json.h"
#include "core/base/result.h"

class QMenu;

namespace vaco::ui {

class MainWindow;

/// What is compared and how it is looked at, under a name: the runs, their arrangement, the layout of the docks
/// and what was chosen in the plots. Files of their own, in the folder "views" beside the runs, in JSON whose
/// keys have a fixed order; runs are named from that folder, so that all of it can be moved.
class SavedViews : public QObject {
  Q_OBJECT
 public:
  explicit SavedViews(MainWindow& window);

  Result<void> save(const QString& name);
  /// Runs that are gone are left out, and told.
  Result<void> open(const QString& name);
  Result<void> remove(const QString& name);
  [[nodiscard]] QStringList names() const;
  /// A menu that is filled whenever it is about to be shown; it belongs to the parent.
  QMenu* makeMenu(QWidget* parent);

 private:
  [[nodiscard]] std::filesystem::path fileOf(const QString& name) const;
  [[nodiscard]] Json toJson() const;
  void apply(const Json& json);
  void fill(QMenu& menu);
  void askName();
  void tell(const Result<void>& done, const QString& what);

  MainWindow& window_;
};

}  // namespace vaco::ui
