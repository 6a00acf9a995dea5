// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/formats/d4rl_reader.h"
#include "core/data/reader.h"

namespace vaco {

const std::vector<std::unique_ptr<DatasetReader>>& dataset_readers() {
  static const auto readers = [] {
    std::vector<std::unique_ptr<DatasetReader>> all;
    all.push_back(make_d4rl_reader());
    return all;
  }();
  return readers;
}

namespace {

/// Where no reader knows the file, the first one still says best what is wrong with it.
const DatasetReader& reader_for(const std::filesystem::path& path) {
  const DatasetReader* best = dataset_readers().front().get();
  double confidence = 0.0;
  for (const auto& reader : dataset_readers()) {
    if (const double own = reader->probe(path); own > confidence) {
      confidence = own;
      best = reader.get();
    }
  }
  return *best;
}

}  // namespace

Result<DatasetHead> read_dataset_head(const std::filesystem::path& path) {
  return reader_for(path).read_head(path);
}

Result<Dataset> read_dataset(const std::filesystem::path& path, const ReadOptions& options,
                             const ProgressFn& progress, std::stop_token stop) {
  return reader_for(path).read(path, options, progress, std::move(stop));
}

}  // namespace vaco
