// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/config_commands.h"

#include <QCoreApplication>

namespace vaco::ui {

namespace {
constexpr int kSetParameterId = 1000;  // above the merge ids of ChangeSetup
}

SetParameter::SetParameter(ConfigModel& model, std::string key, ConfiguredValue before, ConfiguredValue after,
                           bool merge)
    : model_(model), key_(std::move(key)), before_(std::move(before)), after_(std::move(after)), merge_(merge) {
  const auto* spec = find_spec(model.schema(), key_);
  const auto label = QString::fromStdString(spec ? spec->label : key_);
  setText(QCoreApplication::translate("SetParameter", "set %1").arg(label.toLower()));
}

int SetParameter::id() const {
  return merge_ ? kSetParameterId : -1;
}

bool SetParameter::mergeWith(const QUndoCommand* other) {
  const auto* next = dynamic_cast<const SetParameter*>(other);
  if (!next || next->key_ != key_) return false;
  after_ = next->after_;
  setObsolete(after_.value == before_.value);
  return true;
}

ChangeSetup::ChangeSetup(ConfigModel& model, const QString& text, int merge_id, RunConfig before,
                         RunConfig after)
    : QUndoCommand(text),
      model_(model),
      merge_id_(merge_id),
      before_(std::move(before)),
      after_(std::move(after)) {}

bool ChangeSetup::mergeWith(const QUndoCommand* other) {
  const auto* next = dynamic_cast<const ChangeSetup*>(other);
  if (!next || next->merge_id_ != merge_id_) return false;
  after_ = next->after_;
  return true;
}

}  // namespace vaco::ui
