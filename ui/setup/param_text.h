// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "core/base/param_spec.h"

namespace vaco::ui {

/// "0.7", "1 000 000": a value as people read it.
QString readable(const ParamValue& value);
/// "0 < to 1", "at least 1", or empty.
QString rangeText(const ParamSpec& spec);
/// "Value steps: 2,500 is unusual; usual are 20,000 to 3,000,000": when the value lies outside the warning
/// range, else empty.
QString warningText(const ParamSpec& spec, const ParamValue& value);
/// Why a text is no value of the parameter, by the parameter's name in the form; problem is what its reader
/// said.
QString refusalText(const ParamSpec& spec, const QString& text, const std::string& problem);
/// The tool-tip: name (symbol), help, default, this preset's value, range, what it affects, where it comes
/// from.
QString tooltipText(const ParamSpec& spec, const ParamValue& base);
/// A choice for people: "As printed (per sample)" for weight_level = sample; others with their underscores
/// opened.
QString choiceLabel(const std::string& key, const std::string& choice);

}  // namespace vaco::ui
