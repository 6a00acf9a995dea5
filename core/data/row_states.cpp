// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/row_states.h"

#include <string>
#include <utility>

#include "core/hdf5/hdf5_file.h"

namespace vaco {
namespace {

/// The column of so many rows; empty where there is none of that kind.
Result<std::vector<double>> column(const Hdf5File& file, const std::string& name, int64_t rows,
                                   int64_t& width) {
  if (!file.has_array(name)) return std::vector<double>{};
  auto array = file.read<double>(name);
  if (!array) return array.error();
  if (array->shape.size() != 2 || array->shape[0] != rows) return std::vector<double>{};
  width = array->shape[1];
  return std::move(array->values);
}

}  // namespace

Result<RowStates> read_row_states(const Dataset& dataset) {
  const auto file = Hdf5File::open(dataset.source.path);
  if (!file) return RowStates{};  // of another layout, which keeps none
  RowStates states;
  auto qpos = column(*file, "infos/qpos", dataset.rows, states.qpos_dim);
  if (!qpos) return qpos.error();
  auto qvel = column(*file, "infos/qvel", dataset.rows, states.qvel_dim);
  if (!qvel) return qvel.error();
  if (qpos->empty() || qvel->empty()) return RowStates{};
  states.qpos = std::move(*qpos);
  states.qvel = std::move(*qvel);
  return states;
}

}  // namespace vaco
