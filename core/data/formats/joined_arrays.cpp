// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/formats/joined_arrays.h"

#include <algorithm>
#include <optional>

namespace vaco {
namespace {

std::string label_of(const std::string& array) {
  const size_t slash = array.find('/');
  return slash == std::string::npos ? array : array.substr(slash + 1);
}

std::string labels_text(const std::vector<std::string>& arrays) {
  std::string text;
  for (const auto& array : arrays) text += (text.empty() ? "" : ", ") + label_of(array);
  return text;
}

/// Real numbers in several lines a row are taken one line after the other; nothing for what is too much.
std::optional<int64_t> numbers_in_a_row(const ArrayInfo& info) {
  constexpr int64_t kMost = 4096;
  if (info.shape.size() <= 2) return info.shape.size() == 2 ? info.shape[1] : 1;
  int64_t width = 1;
  for (size_t d = 1; d < info.shape.size(); ++d)
    if (__builtin_mul_overflow(width, info.shape[d], &width) || width > kMost) return std::nullopt;
  return info.kind == NumberKind::real ? std::optional(width) : std::nullopt;
}

/// Pictures come as bytes, rows × height × width (× channels).
bool are_images(const ArrayInfo& info) {
  return info.shape.size() >= 3 && info.kind == NumberKind::integer && info.element_bytes == 1;
}

Error images(const ArraySource& source, const std::string& array, const std::string& what,
             const std::vector<std::string>& arrays) {
  std::string mend = "; pictures are not learned from here: write the state as numbers, rows × numbers";
  if (arrays.size() > 1)
    mend += ", or leave the pictures out with --observations (there are " + labels_text(arrays) + ")";
  return source.wrong(array, "it holds image observations (" + what + ")" + mend);
}

}  // namespace

std::vector<ObservationPart> JoinedArrays::labelled() const {
  std::vector<ObservationPart> labels;
  if (parts.size() > 1)
    for (const Part& part : parts) labels.push_back({part.label, part.width});
  return labels;
}

Result<JoinedArrays> join_arrays(const ArraySource& source, const std::vector<std::string>& arrays,
                                 bool allow_sequences) {
  if (arrays.empty()) return Error{ErrorCode::bad_data, source.name() + ": a part of it holds no observations"};
  JoinedArrays joined;
  joined.integers = true;
  for (const auto& array : arrays) {
    const auto info = source.describe(array);
    if (!info) return info.error();
    if (are_images(*info)) return images(source, array, "uint8, " + shape_text(info->shape), arrays);
    if (info->kind == NumberKind::other) {
      if (info->otherwise == "packed bytes") return images(source, array, "packed as JPEG or PNG", arrays);
      return source.wrong(array, info->otherwise.empty()
                                     ? "its elements are not numbers"
                                     : "its elements are not numbers but " + info->otherwise);
    }
    const auto& shape = info->shape;
    const bool side_by_side = allow_sequences && arrays.size() == 1 && shape.size() == 3;
    const auto in_a_row = allow_sequences && shape.size() > 2 ? std::nullopt : numbers_in_a_row(*info);
    if (shape.empty() || (!in_a_row && !side_by_side))
      return source.wrong(array, "it has the shape " + shape_text(shape) + "; rows × numbers was expected");
    const int64_t width = side_by_side ? shape.back() : *in_a_row;
    if (shape[0] < 1 || width < 1 || (side_by_side && shape[1] < 1)) return source.wrong(array, "it is empty");
    if (!joined.parts.empty() && shape[0] != joined.rows)
      return source.wrong(array, "it has " + std::to_string(shape[0]) + " rows, but " +
                                     joined.parts.front().array + " has " + std::to_string(joined.rows));
    joined.rows = shape[0];
    joined.sequences = side_by_side ? shape[1] : 1;
    joined.parts.push_back({array, label_of(array), width});
    joined.integers = joined.integers && info->kind == NumberKind::integer;
    joined.wide = joined.wide || info->element_bytes > (info->kind == NumberKind::real ? 4 : 2);
    if (__builtin_add_overflow(joined.width, width, &joined.width) || joined.width > int64_t{1} << 24)
      return source.wrong(array, "its rows are impossibly long");
  }
  return joined;
}

Result<std::vector<std::string>> choose_arrays(const ArraySource& source,
                                               const std::vector<std::string>& arrays,
                                               const std::vector<std::string>& chosen) {
  if (chosen.empty()) return arrays;
  std::vector<std::string> taken;
  for (const auto& label : chosen) {
    const auto found = std::find_if(arrays.begin(), arrays.end(), [&](const auto& array) {
      return array == label || label_of(array) == label;
    });
    if (found == arrays.end())
      return Error{ErrorCode::usage,
                   source.name() + " has no observations '" + label + "'; there are " + labels_text(arrays)};
    taken.push_back(*found);
  }
  return taken;
}

Result<std::vector<float>> read_joined(const ArraySource& source, const JoinedArrays& joined,
                                       const ReadContinue& go_on) {
  if (joined.parts.size() == 1) {
    auto values = source.floats(joined.parts[0].array, go_on);
    if (!values) return values.error();
    return one_after_the_other(std::move(*values), joined.rows, joined.sequences, joined.width);
  }
  std::vector<float> all(static_cast<size_t>(joined.rows * joined.width));
  int64_t offset = 0;
  for (const auto& part : joined.parts) {
    const auto values = source.floats(part.array, go_on);
    if (!values) return values.error();
    for (int64_t row = 0; row < joined.rows; ++row)
      std::copy_n(values->begin() + row * part.width, part.width, all.begin() + row * joined.width + offset);
    offset += part.width;
  }
  return all;
}

}  // namespace vaco
