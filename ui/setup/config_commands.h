// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include <QUndoCommand>

#include "ui/setup/config_model.h"

namespace vaco::ui {

/// One parameter gets another value. Edits of the same parameter in a row are one step, except for reverts.
class SetParameter : public QUndoCommand {
 public:
  SetParameter(ConfigModel& model, std::string key, ConfiguredValue before, ConfiguredValue after,
               bool merge = true);
  void undo() override { model_.applyParam(key_, before_); }
  void redo() override { model_.applyParam(key_, after_); }
  [[nodiscard]] int id() const override;
  bool mergeWith(const QUndoCommand* other) override;

 private:
  ConfigModel& model_;
  std::string key_;
  ConfiguredValue before_, after_;
  bool merge_;
};

/// Anything else of the set-up changes (algorithm, preset, seed, dataset, ...).
class ChangeSetup : public QUndoCommand {
 public:
  ChangeSetup(ConfigModel& model, const QString& text, int merge_id, RunConfig before, RunConfig after);
  void undo() override { model_.applyConfig(before_); }
  void redo() override { model_.applyConfig(after_); }
  [[nodiscard]] int id() const override { return merge_id_; }
  bool mergeWith(const QUndoCommand* other) override;

 private:
  ConfigModel& model_;
  int merge_id_;
  RunConfig before_, after_;
};

}  // namespace vaco::ui
