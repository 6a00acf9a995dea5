// SPDX-License-Identifier: GPL-3.0-or-later
#include <fstream>
#include <new>

#include "core/base/files.h"
#include "core/data/dataset_builder.h"
#include "core/data/formats/foreign_kinds.h"
#include "core/data/reader.h"
#include "core/hdf5/hdf5_bytes.h"
#include "core/hdf5/hdf5_file.h"

namespace vaco {

// One line a format: each is made in a file of its own in formats/ (formats/README.md says how).
using MakeReader = std::unique_ptr<DatasetReader>();
MakeReader make_d4rl_reader;
MakeReader make_minari_reader;
MakeReader make_d3rlpy1_reader;
MakeReader make_d3rlpy2_reader;
MakeReader make_ogbench_reader;
MakeReader make_npz_reader;
MakeReader make_robomimic_reader;
MakeReader make_tianshou_reader;
MakeReader make_torchrl_reader;
MakeReader make_csv_reader;

const std::vector<std::unique_ptr<DatasetReader>>& dataset_readers() {
  static const auto readers = [] {
    std::vector<std::unique_ptr<DatasetReader>> all;
    for (MakeReader* make :
         {make_d4rl_reader, make_minari_reader, make_d3rlpy1_reader, make_d3rlpy2_reader, make_ogbench_reader,
          make_npz_reader, make_robomimic_reader, make_tianshou_reader, make_torchrl_reader, make_csv_reader})
      all.push_back(make());
    return all;
  }();
  return readers;
}

namespace {
namespace fs = std::filesystem;

Error bad(const fs::path& path, const std::string& what) {
  return {ErrorCode::bad_data, path.string() + " " + what};
}

/// What can be said before anything looks inside.
Result<void> check_there(const fs::path& path) {
  std::error_code status;
  const auto type = fs::status(path, status).type();
  if (type == fs::file_type::not_found)
    return Error{ErrorCode::bad_data, "cannot open " + path.string() + ": there is no such file"};
  if (type == fs::file_type::directory) return {};
  if (type != fs::file_type::regular) {
    if (status) return Error{ErrorCode::failed, "cannot open " + path.string() + ": " + status.message()};
    return bad(path, "is not a regular file");
  }
  if (!std::ifstream(path, std::ios::binary))
    return Error{ErrorCode::failed, "cannot open " + path.string() + ": " + last_system_error()};
  if (fs::file_size(path, status) == 0 && !status) return bad(path, "is empty");
  return {};
}

std::string layouts() {
  std::string text;
  for (const auto& reader : dataset_readers()) text += (text.empty() ? "" : ", ") + reader->name();
  return text;
}

/// What no reader knows.
Error unknown(const fs::path& path) {
  std::error_code none;
  if (fs::is_directory(path, none))
    return bad(path, "is a folder in which no dataset of a known layout lies (" + layouts() + ")");
  const auto bytes = Hdf5Bytes::open(path);
  if (!bytes) return bytes.error();
  const std::string extension = path.extension().string();
  if (!find_superblock(**bytes))
    return bad(path, extension == ".hdf5" || extension == ".h5" || extension == ".hdf"
                         ? "is not an HDF5 file: give a D4RL-style .hdf5 file, such as vaco collect writes, or "
                           "another layout that vaco inspect --help lists"
                         : "is of no kind that is known here; read are " + layouts());
  const auto file = Hdf5File::open(path);
  if (!file) return file.error();
  std::string members;
  constexpr size_t kMost = 12;
  const auto names = file->children("/");
  if (!names) return names.error();
  for (size_t i = 0; i < names->size() && i < kMost; ++i)
    members += (members.empty() ? "" : ", ") + (*names)[i];
  if (names->size() > kMost) members += ", …";
  return bad(path, "is an HDF5 file of no layout that is known here (" + layouts() + "): it holds " +
                       (members.empty() ? "nothing" : members) +
                       "; --columns \"observations=NAME;actions=NAME;...\" says which array is what");
}

/// What would be ignored is refused: who names a subset means to train on that.
Result<void> check_options(const DatasetReader& reader, const fs::path& path, const ReadOptions& options) {
  const auto refuse = [&](const std::string& option, const std::string& what) {
    return Error{ErrorCode::usage, option + ": " + path.string() + " is " + reader.name() + ", which " + what};
  };
  const LayoutOptions takes = reader.options();
  if (!options.columns.empty() && !takes.columns) return refuse("--columns", "says itself what stands where");
  if (!options.observation_keys.empty() && !takes.observation_keys)
    return refuse("--observations", "has no named observations");
  if (!options.subset.empty() && !takes.subset) return refuse("--subset", "names no subsets of its episodes");
  return {};
}

Result<const DatasetReader*> reader_for(const fs::path& path, const ReadOptions& options) {
  if (auto there = check_there(path); !there) return there.error();
  const DatasetReader* best = nullptr;
  double confidence = 0.0;
  for (const auto& reader : dataset_readers()) {
    if (const double own = reader->probe(path); own > confidence) {
      confidence = own;
      best = reader.get();
    }
  }
  constexpr double kCertain = 1.0;
  if (confidence < kCertain)
    if (const auto kind = foreign_kind(path)) return bad(path, "is " + *kind);
  // Names that only the user knows: any file of arrays can be read then.
  if (best == nullptr && !options.columns.empty() && Hdf5File::open(path))
    best = dataset_readers().front().get();
  if (best == nullptr) return unknown(path);
  if (auto understood = check_options(*best, path, options); !understood) return understood.error();
  return best;
}

Error too_large(const fs::path& path) {
  return bad(path, "needs more memory than there is");
}

}  // namespace

std::string dataset_kind(const fs::path& path) {
  if (const auto reader = reader_for(path, {})) return (*reader)->name();
  return foreign_kind(path).value_or("of no layout that is known here");
}

Result<DatasetHead> read_dataset_head(const fs::path& path, const ReadOptions& options) {
  try {
    const auto reader = reader_for(path, options);
    if (!reader) return reader.error();
    return (*reader)->read_head(path, options);
  } catch (const std::bad_alloc&) {
    return too_large(path);
  }
}

Result<Dataset> read_dataset(const fs::path& path, const ReadOptions& options, const ProgressFn& progress,
                             const std::stop_token& stop) {
  try {
    const auto reader = reader_for(path, options);
    if (!reader) return reader.error();
    auto rows = (*reader)->read_rows(path, options, progress, stop);
    if (!rows) return rows.error();
    if (progress) progress(1.0, "looking for episodes and quirks");
    return build_dataset(std::move(*rows), path, (*reader)->name(), options, stop);
  } catch (const std::bad_alloc&) {
    return too_large(path);
  }
}

}  // namespace vaco
