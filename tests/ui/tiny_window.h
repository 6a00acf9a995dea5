// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QTemporaryDir>
#include <QtGlobal>

#include "core/session/training_session.h"
#include "ui/shell/main_window.h"

namespace vaco::ui::test {

/// A window that remembers nothing, whose runs are in a folder of the test's.
inline std::unique_ptr<MainWindow> openWindow(const QTemporaryDir& folder) {
  WindowOptions options;
  options.out = folder.filePath("runs");
  options.remember = false;
  auto window = std::make_unique<MainWindow>(options);
  window->resize(1280, 800);
  window->show();
  return window;
}

/// A run in that folder, trained to its end.
inline std::filesystem::path trainRun(const QTemporaryDir& folder, const RunConfig& config, const char* name) {
  SessionOptions options;
  options.out = folder.filePath("runs").toStdString();
  options.folder_name = name;
  auto session = TrainingSession::create(config, options);
  if (!session) qFatal("%s", session.error().message.c_str());
  (*session)->start();
  (*session)->wait();
  return options.out / name;
}

}  // namespace vaco::ui::test
