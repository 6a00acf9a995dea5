// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/formats/hdf5_source.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace vaco {

std::string shape_text(const std::vector<int64_t>& shape) {
  std::string text;
  for (const int64_t extent : shape) text += (text.empty() ? "" : " × ") + std::to_string(extent);
  return text.empty() ? "a single value" : text;
}

std::vector<std::string> Hdf5Source::arrays() const {
  std::vector<std::string> names;
  const auto members = file_.children(group_.empty() ? "/" : group_.substr(0, group_.size() - 1));
  if (!members) return names;
  for (const auto& member : *members)
    if (file_.has_array(group_ + member)) names.push_back(member);
  return names;
}

bool Hdf5Source::has(const std::string& array) const {
  return file_.kind(group_ + array) != Hdf5Kind::missing;
}

std::vector<std::string> Hdf5Source::members(const std::string& array) const {
  if (file_.kind(group_ + array) != Hdf5Kind::group) return ArraySource::members(array);
  auto names = file_.children(group_ + array);
  if (!names) return {};
  constexpr std::string_view kTuple = "_index_";
  if (std::all_of(names->begin(), names->end(), [&](const auto& name) { return name.starts_with(kTuple); }))
    std::stable_sort(names->begin(), names->end(),
                     [](const auto& a, const auto& b) { return a.size() < b.size(); });
  std::vector<std::string> leaves;
  constexpr size_t kMostParts = 256;
  for (const auto& name : *names) {
    if (std::count(array.begin(), array.end(), '/') > 8) break;
    for (auto& leaf : members(array + "/" + name))
      if (leaves.size() < kMostParts) leaves.push_back(std::move(leaf));
  }
  return leaves;
}

Result<ArrayInfo> Hdf5Source::describe(const std::string& array) const {
  switch (file_.kind(group_ + array)) {
    case Hdf5Kind::missing:
      return wrong(group_ + array, "there is no such array");
    case Hdf5Kind::group:
      return wrong(group_ + array, "it is a group; an array was expected");
    case Hdf5Kind::array:
    case Hdf5Kind::other:
      break;
  }
  const auto info = file_.describe(group_ + array);
  if (!info) return info.error();
  ArrayInfo found{info->shape, NumberKind::other, info->element_bytes};
  if (info->elements == Hdf5Elements::integer) found.kind = NumberKind::integer;
  if (info->elements == Hdf5Elements::real) found.kind = NumberKind::real;
  if (info->elements == Hdf5Elements::text) found.otherwise = "text";
  if (info->elements == Hdf5Elements::packed) found.otherwise = "packed bytes";
  return found;
}

namespace {

template <class T>
Result<std::vector<T>> read_values(const Hdf5File& file, const std::string& array, const ReadContinue& go_on) {
  auto read = file.read<T>(array, go_on);
  if (!read) return read.error();
  return std::move(read->values);
}

}  // namespace

Result<std::vector<float>> Hdf5Source::floats(const std::string& array, const ReadContinue& go_on) const {
  return read_values<float>(file_, group_ + array, go_on);
}

Result<std::vector<double>> Hdf5Source::doubles(const std::string& array, const ReadContinue& go_on) const {
  return read_values<double>(file_, group_ + array, go_on);
}

std::vector<int64_t> numbered_members(const Hdf5File& file, const std::string& group,
                                      const std::string& prefix) {
  std::vector<int64_t> numbers;
  const auto members = file.children(group);
  if (!members) return numbers;
  for (const auto& member : *members) {
    if (!member.starts_with(prefix)) continue;
    int64_t number = 0;
    const char* end = member.data() + member.size();
    const auto [at, error] = std::from_chars(member.data() + prefix.size(), end, number);
    if (error == std::errc{} && at == end && number >= 0) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace vaco
