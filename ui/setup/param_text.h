// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "core/base/param_spec.h"

namespace vaco::ui {

/// "0.7", "1 000 000": a value as people read it.
QString readable(const ParamValue& value);
/// "0 < to 1", "at least 1", or empty.
QString rangeText(const ParamSpec& spec);
/// The tool-tip: name (symbol), help, default, this preset's value, range, what it affects, where it comes
/// from.
QString tooltipText(const ParamSpec& spec, const ParamValue& base);
/// A choice for people: "As printed (per sample)" for weight_level = sample; others with their underscores
/// opened.
QString choiceLabel(const std::string& key, const std::string& choice);

}  // namespace vaco::ui
