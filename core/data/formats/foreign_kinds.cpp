// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/formats/foreign_kinds.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <string_view>

#include "core/base/json.h"
#include "core/base/json_value.h"
#include "core/zip/zip_archive.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;
using namespace std::string_view_literals;

constexpr std::string_view kSaveArrays =
    "load it with the program that wrote it and save its arrays: numpy.savez(\"data.npz\", observations=..., "
    "actions=..., rewards=..., terminals=..., timeouts=...)";

struct Signature {
  size_t at;
  std::string_view bytes;
  std::string_view kind;
  std::string_view mend;
};

/// One table of what people bring that is no dataset here; the first that fits counts.
const Signature kSignatures[] = {
    {0, "PAR1"sv, "a Parquet file",
     "convert it, for instance with pandas: pandas.read_parquet(\"in.parquet\").to_csv(\"out.csv\", "
     "index=False)"},
    {0, "ARROW1"sv, "an Arrow file",
     "convert it with pyarrow to CSV; a Minari dataset of Arrow files: load it with minari and collect it "
     "again with "
     "data_format=\"hdf5\""},
    {0, "FEA1"sv, "a Feather file", "convert it with pandas: pandas.read_feather(...).to_csv(...)"},
    {0, "version https://git-lfs"sv, "a Git LFS pointer, not the file itself",
     "fetch the file with: git lfs pull"},
    {0, "\x1f\x8b"sv, "packed with gzip", "unpack it: gunzip FILE"},
    {0, "BZh"sv, "packed with bzip2", "unpack it: bunzip2 FILE"},
    {0,
     "\xfd"
     "7zXZ"sv,
     "packed with xz", "unpack it: unxz FILE"},
    {0, "\x28\xb5\x2f\xfd"sv, "packed with zstd", "unpack it: unzstd FILE"},
    {0, "7z\xbc\xaf\x27\x1c"sv, "a 7z archive", "unpack it"},
    {0, "Rar!"sv, "a RAR archive", "unpack it"},
    {257, "ustar"sv, "a tar archive", "unpack it: tar xf FILE"},
    {0, "\x89PNG"sv, "a picture (PNG)", "pictures are not learned from here"},
    {0, "\xff\xd8\xff"sv, "a picture (JPEG)", "pictures are not learned from here"},
    {0, "GIF8"sv, "a picture (GIF)", "pictures are not learned from here"},
    {4, "ftyp"sv, "a video", "videos are not learned from here"},
    {0, "MATLAB 5.0"sv, "a MATLAB file", "convert it with scipy.io.loadmat and numpy.savez"},
    {0, "SQLite format 3"sv, "an SQLite database", "export a table of transitions as CSV"},
    {0, "CDF"sv, "a NetCDF file", "convert it to HDF5 or CSV"},
    {0, "%PDF"sv, "a PDF", "it holds no rows to learn from"},
    {0,
     "\x7f"
     "ELF"sv,
     "a program", "it holds no rows to learn from"},
};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string told(std::string_view kind, std::string_view mend) {
  return std::string(kind) + "; " + std::string(mend);
}

/// Text files by how they begin.
std::optional<std::string> text_kind(const std::string& beginning) {
  const size_t first = beginning.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  if (first == std::string::npos) return std::nullopt;
  const std::string start = lower(beginning.substr(first, 64));
  if (start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<head"))
    return told("a page of HTML, not the file it was to be",
                "the download gave a page (an error, or one that asks to log in); download the file itself");
  if (start.starts_with("<?xml")) return told("XML", "it is no table of transitions");
  if (start[0] == '{' || start[0] == '[')
    return told("JSON",
                "convert it, for instance with pandas: pandas.read_json(\"in.jsonl\", lines=True)"
                ".to_csv(\"out.csv\", index=False)");
  return std::nullopt;
}

std::optional<std::string> zip_kind(const fs::path& path) {
  const auto archive = ZipArchive::open(path);
  if (!archive) return std::nullopt;  // the npz reader says what is wrong
  const std::string extension = lower(path.extension().string());
  bool arrays = false, torch = false, stable = false;
  for (const auto& entry : archive->entries()) {
    arrays = arrays || entry.name.ends_with(".npy");
    torch = torch || entry.name.ends_with("data.pkl");
    stable = stable || entry.name == "policy.pth";
  }
  if (torch && extension == ".d3")
    return told("a model of d3rlpy, not a dataset", "a dataset is what ReplayBuffer.dump writes (.h5)");
  if (torch) return told("a file of PyTorch (a pickle, which is never read)", kSaveArrays);
  if (stable) return told("a model of stable-baselines3, not a dataset", kSaveArrays);
  if (!arrays) return told("a zip archive", "unpack it; of archives only numpy's .npz is read");
  return std::nullopt;
}

/// A single array: one of objects is a pickle.
std::string npy_kind(const std::string& beginning) {
  if (beginning.find("'descr': '|O'") != std::string::npos)
    return told("an array of Python objects (a pickle, which is never read)", kSaveArrays);
  return told("a single array of numpy",
              "a dataset needs several: numpy.savez(\"data.npz\", observations=..., "
              "actions=..., rewards=..., terminals=..., timeouts=...)");
}

bool has_arrow_episodes(const fs::path& data) {
  std::error_code none;
  for (const char* part : {"0/part-0.arrow", "0/part-0.parquet"})
    if (fs::exists(data / part, none)) return true;
  return false;
}

std::optional<std::string> folder_kind(const fs::path& path) {
  std::error_code none;
  if (fs::is_regular_file(path / "meta" / "info.json", none)) {
    const auto info = read_json(path / "meta" / "info.json");
    const std::string version = info ? value_or<std::string>(*info, "codebase_version", "") : "";
    return told(
        "a LeRobot dataset" + (version.empty() ? std::string() : " (" + version + ")"),
        "its rows are Parquet, whose next.done does not tell time limits from ends; convert its files in "
        "data/ with pandas: pandas.read_parquet(...).to_csv(...)");
  }
  for (const auto& data : {path, path / "data"})
    if (has_arrow_episodes(data))
      return told("a Minari dataset of Arrow or Parquet files",
                  "load it with minari and collect it again with data_format=\"hdf5\"");
  if (fs::is_regular_file(path / "namespace_metadata.json", none))
    return told("a folder of several Minari datasets", "give one of them; vaco inspect --local lists them");
  if (fs::exists(path / ".zgroup", none) || fs::exists(path / "zarr.json", none))
    return told("a Zarr store", "convert it with zarr and numpy.savez");
  if (fs::exists(path / "dataset_info.json", none) || fs::exists(path / "features.json", none))
    return told("a dataset of TensorFlow (RLDS)", "read it with tensorflow_datasets and numpy.savez");
  return std::nullopt;
}

}  // namespace

std::optional<std::string> foreign_kind(const fs::path& path) {
  std::error_code none;
  if (fs::is_directory(path, none)) return folder_kind(path);
  std::ifstream file(path, std::ios::binary);
  std::string beginning(size_t{4096}, '\0');
  file.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  beginning.resize(static_cast<size_t>(std::max<std::streamsize>(0, file.gcount())));
  for (const Signature& signature : kSignatures)
    if (beginning.size() >= signature.at + signature.bytes.size() &&
        beginning.compare(signature.at, signature.bytes.size(), signature.bytes) == 0)
      return told(signature.kind, signature.mend);
  if (beginning.starts_with("PK\x03\x04")) return zip_kind(path);
  if (beginning.starts_with("\x93NUMPY")) return npy_kind(beginning);
  if (beginning.size() > 2 && beginning[0] == '\x80' && beginning[1] >= 1 && beginning[1] <= 5)
    return told("a pickle of Python, which can run any program and is never read", kSaveArrays);
  if (!beginning.empty() && beginning.find_first_not_of('\0') == std::string::npos)
    return told("a file that begins with zeros only",
                "it was never written to its end; copy or download it again");
  if (lower(path.extension().string()) == ".tfrecord")
    return told("a TFRecord", "read it with tensorflow and numpy.savez");
  return text_kind(beginning);
}

}  // namespace vaco
