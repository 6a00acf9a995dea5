// SPDX-License-Identifier: GPL-3.0-or-later
// torchrl's memory maps (ReplayBuffer.dumps, LazyMemmapStorage): raw .memmap files described by meta.json, next
// to them a folder "next" with what followed; len of storage_metadata.json says how many rows are valid, and
// the writer's cursor where the oldest one stands in a full ring.
#include <fstream>

#include "core/base/json_value.h"
#include "core/base/memory.h"
#include "core/data/dataset_builder.h"
#include "core/data/formats/flat_columns.h"
#include "core/data/formats/keep_rows.h"
#include "core/data/formats/number_bytes.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;

/// The folder with meta.json: the one given, or "storage" in it.
fs::path storage_of(const fs::path& path) {
  std::error_code none;
  return fs::is_regular_file(path / "storage" / "meta.json", none) ? path / "storage" : path;
}

/// Arrays of a tensor dictionary; those of a nested one are named "next/reward".
class MemmapSource final : public ArraySource {
 public:
  explicit MemmapSource(fs::path folder) : folder_(std::move(folder)) {
    // What the flat layout looks for, and where it stands: ends and rewards belong to the next state.
    for (const auto& [name, place] :
         std::initializer_list<std::pair<const char*, const char*>>{{"observations", "observation"},
                                                                    {"actions", "action"},
                                                                    {"rewards", "next/reward"},
                                                                    {"next_observations", "next/observation"},
                                                                    {"terminals", "next/terminated"},
                                                                    {"timeouts", "next/truncated"},
                                                                    {"dones", "next/done"}})
      if (meta(place).is_object()) places_.emplace_back(name, place);
  }
  [[nodiscard]] std::string name() const override { return folder_.string(); }
  [[nodiscard]] std::vector<std::string> arrays() const override {
    std::vector<std::string> names;
    for (const auto& [name, place] : places_) names.push_back(name);
    return names;
  }
  [[nodiscard]] bool has(const std::string& array) const override { return !place_of(array).empty(); }
  [[nodiscard]] fs::path file_of(const std::string& array) const {
    return folder_ / (place_of(array) + ".memmap");
  }

  [[nodiscard]] Result<ArrayInfo> describe(const std::string& array) const override {
    const Json about = meta(place_of(array));
    if (!about.is_object()) return wrong(array, "meta.json does not describe it");
    ArrayInfo info;
    if (about.contains("shape") && about["shape"].is_array())
      for (const auto& extent : about["shape"])
        info.shape.push_back(extent.is_number_integer() ? extent.get<int64_t>() : -1);
    const std::string dtype = value_or<std::string>(about, "dtype", "");
    const auto type = torch_type(dtype);
    const auto count = count_elements(info.shape);
    if (!count) return wrong(array, "its shape in meta.json is impossible");
    if (!type) {
      info.otherwise = dtype.empty() ? "of no type that meta.json names" : "of type " + dtype;
      return info;
    }
    info.kind = type->kind;
    info.element_bytes = type->bytes;
    std::error_code status;
    const auto there = fs::file_size(file_of(array), status);
    const auto wanted = static_cast<uint64_t>(*count * type->bytes);
    if (status) return wrong(array, file_of(array).filename().string() + " is missing");
    if (there < wanted)
      return wrong(array, "it is cut short: it needs " + std::to_string(wanted) + " bytes and has " +
                              std::to_string(there));
    return info;
  }
  [[nodiscard]] Result<std::vector<float>> floats(const std::string& array,
                                                  const ReadContinue& go_on) const override {
    return values<float>(array, go_on);
  }
  [[nodiscard]] Result<std::vector<double>> doubles(const std::string& array,
                                                    const ReadContinue& go_on) const override {
    return values<double>(array, go_on);
  }

 private:
  [[nodiscard]] std::string place_of(const std::string& array) const {
    for (const auto& [name, place] : places_)
      if (name == array) return place;
    return {};
  }
  [[nodiscard]] Json meta(const std::string& place) const {
    const size_t slash = place.rfind('/');
    const fs::path folder = slash == std::string::npos ? folder_ : folder_ / place.substr(0, slash);
    const auto json = read_json(folder / "meta.json");
    const std::string key = place.substr(slash == std::string::npos ? 0 : slash + 1);
    return json && json->is_object() && json->contains(key) ? (*json)[key] : Json();
  }
  template <class T>
  Result<std::vector<T>> values(const std::string& array, const ReadContinue& go_on) const {
    const auto info = describe(array);
    if (!info) return info.error();
    const NumberType type = *torch_type(value_or<std::string>(meta(place_of(array)), "dtype", ""));
    const auto count = static_cast<size_t>(*count_elements(info->shape));
    if (count * sizeof(T) > available_memory()) return wrong(array, "it needs more memory than there is");
    std::ifstream file(file_of(array), std::ios::binary);
    std::vector<T> out;
    out.reserve(count);
    std::vector<std::byte> slab(size_t{4} << 20);
    const auto element = static_cast<size_t>(type.bytes);
    while (out.size() < count) {
      const size_t wanted = std::min(slab.size(), (count - out.size()) * element);
      if (!file.read(reinterpret_cast<char*>(slab.data()), static_cast<std::streamsize>(wanted)))
        return wrong(array, "it cannot be read to its end");
      append_numbers<T>(type, std::span(slab).first(wanted), out);
      if (go_on && !go_on(static_cast<double>(out.size()) / static_cast<double>(count)))
        return Error{ErrorCode::stopped, "stopped reading " + name()};
    }
    return out;
  }

  fs::path folder_;
  std::vector<std::pair<std::string, std::string>> places_;
};

const FlatNeeds kTorchRlNeeds{
    "a replay buffer of torchrl (it needs observation, action, next/reward and next/terminated)"};

class TorchrlReader final : public DatasetReader {
 public:
  [[nodiscard]] std::string name() const override { return "torchrl memory maps"; }
  [[nodiscard]] std::string takes() const override { return "a folder of ReplayBuffer.dumps of torchrl"; }

  [[nodiscard]] double probe(const fs::path& path) const override {
    std::error_code none;
    const fs::path storage = storage_of(path);
    if (!fs::is_directory(path, none) || !fs::is_regular_file(storage / "meta.json", none)) return 0.0;
    return fs::is_regular_file(storage / "observation.memmap", none) ||
                   fs::is_regular_file(storage / "action.memmap", none)
               ? 1.0
               : 0.0;
  }

  [[nodiscard]] Result<DatasetHead> read_head(const fs::path& path, const ReadOptions& options) const override {
    const auto layout = find_flat(MemmapSource(storage_of(path)), kTorchRlNeeds, options);
    if (!layout) return layout.error();
    return DatasetHead{layout->observations.width, layout->actions.width,
                       resolve_environment(path, options, {}), "", layout->discrete() ? 2 : 0};
  }

  [[nodiscard]] Result<RawRows> read_rows(const fs::path& path, const ReadOptions& options,
                                          const ProgressFn& progress, std::stop_token stop) const override {
    const fs::path storage = storage_of(path);
    const MemmapSource source(storage);
    const auto layout = find_flat(source, kTorchRlNeeds, options);
    if (!layout) return layout.error();
    auto rows = read_flat(source, *layout, progress, stop);
    if (!rows) return rows;
    if (auto kept = keep_valid(path, storage, *rows); !kept) return kept.error();
    rows->ends_are_complete = rows->timeouts.has_value();
    for (const auto& array : source.arrays()) rows->files.push_back(source.file_of(array));
    return rows;
  }

 private:
  static Result<void> keep_valid(const fs::path& path, const fs::path& storage, RawRows& rows) {
    const auto about = read_json(storage / "storage_metadata.json");
    const int64_t capacity = rows.rows;
    const int64_t valid = about ? value_or<int64_t>(*about, "len", capacity) : capacity;
    if (valid < 1 || valid > capacity)
      return Error{ErrorCode::bad_data, storage.string() + ": storage_metadata.json says that " +
                                            std::to_string(valid) + " of " + std::to_string(capacity) +
                                            " rows are valid"};
    const auto writer = read_json(path / "writer" / "metadata.json");
    const int64_t cursor = writer ? value_or<int64_t>(*writer, "cursor", 0) : 0;
    const int64_t first = valid == capacity && cursor > 0 && cursor < capacity ? cursor : 0;
    std::vector<int64_t> order(static_cast<size_t>(valid));
    for (int64_t i = 0; i < valid; ++i) order[static_cast<size_t>(i)] = (first + i) % capacity;
    keep_rows(rows, order);
    return {};
  }
};

}  // namespace

std::unique_ptr<DatasetReader> make_torchrl_reader() {
  return std::make_unique<TorchrlReader>();
}

}  // namespace vaco
