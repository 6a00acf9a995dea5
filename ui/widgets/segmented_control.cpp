// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/segmented_control.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QToolButton>

namespace vaco::ui {

SegmentedControl::SegmentedControl(QWidget* parent) : QWidget(parent) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  group_.setExclusive(true);
  // A label's key, whose buddy this is, goes to the button that is down.
  setFocusPolicy(Qt::ClickFocus);
  connect(&group_, &QButtonGroup::idToggled, this, [this](int id, bool down) {
    if (down) setFocusProxy(group_.button(id));
  });
  connect(&group_, &QButtonGroup::idClicked, this,
          [this](int id) { emit chosen(keys_[static_cast<size_t>(id)]); });
}

void SegmentedControl::setSegments(const std::vector<Segment>& segments) {
  for (auto* button : group_.buttons()) {
    group_.removeButton(button);
    delete button;
  }
  keys_.clear();
  for (size_t i = 0; i < segments.size(); ++i) {
    auto* button = new QToolButton(this);
    button->setText(segments[i].label);
    button->setToolTip(segments[i].tooltip);
    button->setAccessibleName(segments[i].label);
    button->setObjectName(objectName() + "." + segments[i].key);
    button->setCheckable(true);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    button->setProperty("segment", segments.size() == 1       ? "only"
                                   : i == 0                   ? "first"
                                   : i + 1 == segments.size() ? "last"
                                                              : "middle");
    group_.addButton(button, static_cast<int>(i));
    layout()->addWidget(button);
    keys_.push_back(segments[i].key);
  }
}

void SegmentedControl::setCurrent(const QString& key) {
  const auto found = std::find(keys_.begin(), keys_.end(), key);
  if (found != keys_.end()) group_.button(static_cast<int>(found - keys_.begin()))->setChecked(true);
}

QString SegmentedControl::current() const {
  const int id = group_.checkedId();
  return id < 0 ? QString() : keys_[static_cast<size_t>(id)];
}

}  // namespace vaco::ui
