// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/hdf5/hdf5_bytes.h"

namespace vaco {

/// "HDF5 1.10.8", the library that is loaded.
std::string hdf5_version();

/// The number types that arrays are read into (from any integer, enum or float type in the file) and written
/// as.
template <class T>
concept Hdf5Number = std::same_as<T, float> || std::same_as<T, double> || std::same_as<T, int64_t> ||
    std::same_as<T, uint64_t> || std::same_as<T, int32_t> || std::same_as<T, uint8_t>;

template <Hdf5Number T>
struct Hdf5Array {
  std::vector<int64_t> shape;  ///< empty for a scalar
  std::vector<T> values;       ///< row-major
};

enum class Hdf5Kind { missing, array, group, other };  ///< other: cannot be opened, or a link out of the file
enum class Hdf5Elements { integer, real, text, packed, other };  ///< packed: bytes of any length (pictures)
enum class Hdf5Packing { plain, gzip };  ///< gzip: shuffle + deflate in chunks of whole rows

/// What an array is, before anything of it is read.
struct Hdf5ArrayInfo {
  std::vector<int64_t> shape;
  Hdf5Elements elements = Hdf5Elements::other;
  int64_t element_bytes = 0;
  [[nodiscard]] bool is_number() const {
    return elements == Hdf5Elements::integer || elements == Hdf5Elements::real;
  }
};

/// Called between the chunks of a long read with the share that is done; false stops it (Error stopped).
using Hdf5Continue = std::function<bool(double fraction)>;

/// An HDF5 object or file identifier, released with its owner.
class Hdf5Id {
 public:
  explicit Hdf5Id(int64_t id = -1) : id_(id) {}
  Hdf5Id(Hdf5Id&& other) noexcept : id_(other.release()) {}
  Hdf5Id& operator=(Hdf5Id&& other) noexcept;
  ~Hdf5Id();
  [[nodiscard]] bool valid() const { return id_ >= 0; }
  [[nodiscard]] int64_t get() const { return id_; }
  int64_t release();

 private:
  int64_t id_;
};

/// An HDF5 file. Names are paths inside it ("infos/qpos"); writing makes the groups on the way.
///
/// Reading trusts nothing: external storage, links out of the file, virtual layouts and filters other than
/// deflate, LZF, shuffle and fletcher32 are refused, every size is checked against the file and the memory
/// there is before memory is taken, and compressed chunks are unpacked by our own bounded code. Faults of the
/// file are bad_data, faults of the system are failed; both name the file and the array. May be used by one
/// thread at a time; different files by different threads.
class Hdf5File {
 public:
  /// For reading, which takes no lock. What the system refuses and a file that a program is writing is failed;
  /// a missing file and anything that is not a sound HDF5 file is bad_data. The message tells the causes apart.
  static Result<Hdf5File> open(const std::filesystem::path& path);
  /// For reading, from bytes that are copied; name is for messages.
  static Result<Hdf5File> open(std::span<const std::byte> bytes, const std::string& name);
  /// For writing; replaces what is there. Combine with write_file_atomically(). The file is put together in
  /// memory and written by close(): the library's own state does not survive a disk that is full.
  static Result<Hdf5File> create(const std::filesystem::path& path);

  [[nodiscard]] const std::string& name() const { return name_; }

  [[nodiscard]] Hdf5Kind kind(const std::string& object) const;
  [[nodiscard]] bool has_array(const std::string& array) const { return kind(array) == Hdf5Kind::array; }
  /// Names directly inside a group ("/" for the file itself), sorted; at most 100,000.
  [[nodiscard]] Result<std::vector<std::string>> children(const std::string& group) const;
  [[nodiscard]] Result<Hdf5ArrayInfo> describe(const std::string& array) const;

  /// A whole array, converted to T (out-of-range values are clipped by HDF5; enums give their numbers).
  template <Hdf5Number T>
  [[nodiscard]] Result<Hdf5Array<T>> read(const std::string& array, const Hdf5Continue& go_on = {}) const;
  /// A text scalar, or the first element of an array of texts; at most 16 MiB.
  [[nodiscard]] Result<std::string> read_text(const std::string& array) const;
  /// A scalar or one-dimensional array of texts, of fixed or variable length.
  [[nodiscard]] Result<std::vector<std::string>> read_texts(const std::string& array) const;

  /// values has as many elements as the shape says; an empty shape is a scalar.
  template <Hdf5Number T>
  Result<void> write(const std::string& array, const std::vector<int64_t>& shape, std::span<const T> values,
                     Hdf5Packing packing = Hdf5Packing::plain);
  template <Hdf5Number T>
  Result<void> write(const std::string& array, const std::vector<int64_t>& shape, const std::vector<T>& values,
                     Hdf5Packing packing = Hdf5Packing::plain) {
    return write<T>(array, shape, std::span<const T>(values), packing);
  }
  /// As h5py writes booleans: ENUM of int8 {FALSE = 0, TRUE = 1}, shape [values].
  Result<void> write_flags(const std::string& array, std::span<const uint8_t> values,
                           Hdf5Packing packing = Hdf5Packing::plain);
  /// A rank-0 fixed-length UTF-8 text of any length (attributes hold at most 64 KiB).
  Result<void> write_text(const std::string& array, const std::string& text);
  Result<void> write_texts(const std::string& array, const std::vector<std::string>& texts);
  Result<void> make_group(const std::string& group);

  /// Scalar attributes of a group or array ("/" for the file itself).
  Result<void> set_attribute(const std::string& object, const std::string& attribute, const std::string& value);
  Result<void> set_attribute(const std::string& object, const std::string& attribute, int64_t value);
  Result<void> set_attribute(const std::string& object, const std::string& attribute, double value);
  [[nodiscard]] bool has_attribute(const std::string& object, const std::string& attribute) const;
  [[nodiscard]] Result<std::string> text_attribute(const std::string& object,
                                                   const std::string& attribute) const;
  [[nodiscard]] Result<int64_t> integer_attribute(const std::string& object,
                                                  const std::string& attribute) const;
  [[nodiscard]] Result<double> real_attribute(const std::string& object, const std::string& attribute) const;

  /// Writes a created file to the disk; without it there is only an empty file.
  Result<void> close();

 private:
  Hdf5File(Hdf5Id id, std::string name, std::shared_ptr<const Hdf5Bytes> bytes)
      : id_(std::move(id)), name_(std::move(name)), bytes_(std::move(bytes)) {}
  /// Opens an array after its header was found sound; on failure `problem` says why and the id is not valid.
  [[nodiscard]] Hdf5Id open_array(const std::string& array, std::string& problem) const;
  [[nodiscard]] Error broken(const std::string& object, const std::string& what) const;
  [[nodiscard]] Error cannot_write(const std::string& object) const;

  Hdf5Id id_;
  std::string name_;
  std::shared_ptr<const Hdf5Bytes> bytes_;  ///< of a file that is read
};

}  // namespace vaco
