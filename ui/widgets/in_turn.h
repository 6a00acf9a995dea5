// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

class QObject;

namespace vaco::ui {

/// Does work in an event of its own, after all work that was asked for before and after what the user does:
/// many pieces together then hold up nothing. It is left out when its owner is gone by then.
void inTurn(QObject* owner, std::function<void()> work);
/// Whether any such work is still to be done.
bool turnsAreWaiting();

}  // namespace vaco::ui
