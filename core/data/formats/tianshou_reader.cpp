// SPDX-License-Identifier: GPL-3.0-or-later
// tianshou's HDF5 (ReplayBuffer.save_hdf5): _meta/{obs, act, rew, terminated, truncated, done, obs_next} at
// full capacity, of which _size rows are valid, in ring order from _insertion_idx (_index before) once the
// buffer is full. A VectorReplayBuffer keeps several such rings, told by _offset, _lengths and last_index.
#include "core/data/dataset_builder.h"
#include "core/data/formats/flat_columns.h"
#include "core/data/formats/hdf5_source.h"
#include "core/data/formats/keep_rows.h"

namespace vaco {
namespace {

const FlatNeeds kTianshouNeeds{
    "a buffer of tianshou (it needs _meta/obs, _meta/act, _meta/rew and _meta/done or terminated)"};

/// Valid rows in time order, one ring after the other.
struct Order {
  std::vector<int64_t> rows;
  std::vector<int64_t> ends;  ///< places in rows behind which a ring ends
};

void add_ring(Order& order, int64_t offset, int64_t capacity, int64_t valid, int64_t first) {
  for (int64_t i = 0; i < valid; ++i) order.rows.push_back(offset + (first + i) % capacity);
  if (valid > 0) order.ends.push_back(static_cast<int64_t>(order.rows.size()) - 1);
}

Result<Order> find_order(const Hdf5File& file, int64_t capacity) {
  Order order;
  const auto odd = [&] {
    return Error{ErrorCode::bad_data,
                 file.name() + ": the buffer contradicts itself about how many rows are valid"};
  };
  const auto list = [&](const char* name) {
    auto values = file.has_array(name) ? file.read<int64_t>(name) : Error{};
    return values ? std::move(values->values) : std::vector<int64_t>{};
  };
  const auto offsets = list("_offset"), lengths = list("_lengths"), last = list("last_index");
  if (!offsets.empty() && offsets.size() == lengths.size() && last.size() == lengths.size()) {
    for (size_t b = 0; b < offsets.size(); ++b) {
      const int64_t end = b + 1 < offsets.size() ? offsets[b + 1] : capacity;
      const int64_t own = end - offsets[b];
      if (offsets[b] < 0 || own < 1 || end > capacity || lengths[b] < 0 || lengths[b] > own) return odd();
      const int64_t next = last[b] - offsets[b] + 1;
      if (next < 0 || next > own) return odd();
      add_ring(order, offsets[b], own, lengths[b], lengths[b] == own ? next : 0);
    }
    return order;
  }
  const auto size = file.integer_attribute("/", "_size");
  if (!size) return size.error();
  auto next = file.integer_attribute("/", "_insertion_idx");
  if (!next) next = file.integer_attribute("/", "_index");
  if (*size < 0 || *size > capacity || (next && (*next < 0 || *next > capacity))) return odd();
  add_ring(order, 0, capacity, *size, *size == capacity && next ? *next : 0);
  return order;
}

class TianshouReader final : public DatasetReader {
 public:
  [[nodiscard]] std::string name() const override { return "tianshou HDF5"; }
  [[nodiscard]] std::string takes() const override {
    return "an .hdf5 file of ReplayBuffer.save_hdf5 of tianshou";
  }

  [[nodiscard]] double probe(const std::filesystem::path& path) const override {
    const auto file = Hdf5File::open(path);
    if (!file || file->kind("_meta") != Hdf5Kind::group) return 0.0;
    return file->has_array("_meta/act") && file->kind("_meta/obs") != Hdf5Kind::missing ? 1.0 : 0.3;
  }

  [[nodiscard]] Result<DatasetHead> read_head(const std::filesystem::path& path,
                                              const ReadOptions& options) const override {
    const auto file = Hdf5File::open(path);
    if (!file) return file.error();
    const auto layout = find_flat(Hdf5Source(*file, "_meta/"), kTianshouNeeds, options);
    if (!layout) return layout.error();
    return DatasetHead{layout->observations.width, layout->actions.width,
                       resolve_environment(path, options, {}), "", layout->discrete() ? 2 : 0};
  }

  [[nodiscard]] Result<RawRows> read_rows(const std::filesystem::path& path, const ReadOptions& options,
                                          const ProgressFn& progress, std::stop_token stop) const override {
    const auto file = Hdf5File::open(path);
    if (!file) return file.error();
    const Hdf5Source source(*file, "_meta/");
    const auto layout = find_flat(source, kTianshouNeeds, options);
    if (!layout) return layout.error();
    const auto order = find_order(*file, layout->rows);
    if (!order) return order.error();
    if (order->rows.empty()) return Error{ErrorCode::bad_data, path.string() + ": the buffer is empty"};
    auto rows = read_flat(source, *layout, progress, stop);
    if (!rows) return rows;
    keep_rows(*rows, order->rows);
    rows->cuts.assign(static_cast<size_t>(rows->rows), 0);
    for (const int64_t end : order->ends) rows->cuts[static_cast<size_t>(end)] = 1;
    for (auto& part : rows->observation_parts) part.name = part.name.substr(part.name.rfind('/') + 1);
    rows->ends_are_complete = !rows->ends_are_mixed;
    rows->files = {path};
    return rows;
  }
};

}  // namespace

std::unique_ptr<DatasetReader> make_tianshou_reader() {
  return std::make_unique<TianshouReader>();
}

}  // namespace vaco
