// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace vaco {

/// Puts the values of one row behind those of a column.
template <class Column, class Values>
void append(Column& column, const Values& values) {
  column.insert(column.end(), values.begin(), values.end());
}

}  // namespace vaco
