// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/dataset.h"
#include "core/data/formats/array_source.h"

namespace vaco {

/// A column put together of one or several arrays of the same rows, side by side in their order.
struct JoinedArrays {
  struct Part {
    std::string array, label;
    int64_t width = 0;
  };
  std::vector<Part> parts;
  int64_t rows = 0, width = 0;
  int64_t sequences = 1;  ///< of rows, side by side: a single array [rows, sequences, width]
  bool integers = false;  ///< all of its elements
  bool wide = false;      ///< some are float64
  /// The labels of several parts; empty for a single one.
  [[nodiscard]] std::vector<ObservationPart> labelled() const;
};

/// Looks at the arrays: numbers of the same rows, [N], [N, d], a few lines of real ones [N, lines, d] as they
/// lie or (allow_sequences, alone) [N, sequences, d]. Images and everything else is bad_data that says what it
/// is. Labels are the names behind the last common '/'.
Result<JoinedArrays> join_arrays(const ArraySource& source, const std::vector<std::string>& arrays,
                                 bool allow_sequences = false);

/// The arrays among these that a user chose by label, in his order; all without a choice. Usage error for a
/// label that is not there.
Result<std::vector<std::string>> choose_arrays(const ArraySource& source,
                                               const std::vector<std::string>& arrays,
                                               const std::vector<std::string>& chosen);

/// [rows, width]; with sequences [sequences, rows, width], so that each stands in time order.
Result<std::vector<float>> read_joined(const ArraySource& source, const JoinedArrays& joined,
                                       const ReadContinue& go_on);

/// From [rows, sequences, width] to [sequences, rows, width].
template <class T>
std::vector<T> one_after_the_other(std::vector<T> values, int64_t rows, int64_t sequences, int64_t width) {
  if (sequences <= 1) return values;
  std::vector<T> sorted(values.size());
  for (int64_t n = 0; n < rows; ++n)
    for (int64_t s = 0; s < sequences; ++s)
      for (int64_t w = 0; w < width; ++w)
        sorted[static_cast<size_t>((s * rows + n) * width + w)] =
            values[static_cast<size_t>((n * sequences + s) * width + w)];
  return sorted;
}

}  // namespace vaco
