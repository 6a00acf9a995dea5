// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/formats/npz_source.h"

#include <algorithm>
#include <cstring>

#include "core/base/memory.h"

namespace vaco {
namespace {

constexpr size_t kMaxHeader = size_t{1} << 20;
constexpr size_t kSlab = size_t{4} << 20;

/// The quoted text or the bracketed part behind a key of the header.
std::string_view behind(std::string_view text, std::string_view key) {
  const size_t at = text.find(key);
  if (at == std::string_view::npos) return {};
  const size_t colon = text.find(':', at + key.size());
  if (colon == std::string_view::npos) return {};
  const size_t start = text.find_first_not_of(" ", colon + 1);
  return start == std::string_view::npos ? std::string_view() : text.substr(start);
}

Result<std::pair<ZipStream, NpyHeader>> open_header(const ArraySource& source, const ZipArchive& archive,
                                                    const std::string& array) {
  const ZipEntry* entry = archive.find(array + ".npy");
  if (entry == nullptr) return source.wrong(array, "there is no such array");
  auto stream = ZipStream::open(archive, *entry);
  if (!stream) return stream.error();
  std::byte head[12] = {};
  const auto got = stream->read(std::span(head, 8));
  if (!got) return got.error();
  if (*got != 8 || std::memcmp(head, "\x93NUMPY", 6) != 0) return source.wrong(array, "it is no .npy array");
  const auto version = std::to_integer<unsigned>(head[6]);
  const size_t width = version == 1 ? 2 : 4;
  if (version < 1 || version > 3)
    return source.wrong(array,
                        "it is of version " + std::to_string(version) +
                            " of .npy, which is newer than this program; numpy.savez of today writes 1.0");
  const auto length = stream->read(std::span(head, width));
  if (!length) return length.error();
  size_t bytes = 0;
  for (size_t i = width; i-- > 0;) bytes = bytes << 8 | std::to_integer<size_t>(head[i]);
  if (bytes > kMaxHeader) return source.wrong(array, "its header is impossibly long");
  std::string text(bytes, '\0');
  const auto read = stream->read(std::as_writable_bytes(std::span(text)));
  if (!read) return read.error();
  std::string problem;
  auto header = parse_npy_header(text.substr(0, *read), problem);
  if (!header) return source.wrong(array, problem);
  return std::pair{std::move(*stream), std::move(*header)};
}

/// From column order to row order.
template <class T>
std::vector<T> rows_first(const std::vector<T>& values, const std::vector<int64_t>& shape) {
  std::vector<T> out(values.size());
  std::vector<int64_t> at(shape.size(), 0);
  for (const T& value : values) {
    int64_t place = 0;
    for (size_t d = 0; d < shape.size(); ++d) place = place * shape[d] + at[d];
    out[static_cast<size_t>(place)] = value;
    for (size_t d = 0; d < shape.size() && ++at[d] == shape[d]; ++d) at[d] = 0;
  }
  return out;
}

}  // namespace

std::optional<NpyHeader> parse_npy_header(const std::string& text, std::string& problem) {
  NpyHeader header;
  const std::string_view descr = behind(text, "'descr'"), order = behind(text, "'fortran_order'"),
                         shape = behind(text, "'shape'");
  problem = "its header is damaged";
  if (descr.empty() || order.empty() || shape.empty() || shape[0] != '(') return std::nullopt;
  if (descr[0] == '\'') {
    const size_t end = descr.find('\'', 1);
    if (end == std::string_view::npos) return std::nullopt;
    header.descr = descr.substr(1, end - 1);
  }
  header.columns_first = order.starts_with("True");
  int64_t number = -1;
  for (size_t i = 1; i < shape.size(); ++i) {
    const char c = shape[i];
    if (c >= '0' && c <= '9') {
      number = std::max<int64_t>(number, 0);
      if (__builtin_mul_overflow(number, int64_t{10}, &number) ||
          __builtin_add_overflow(number, int64_t{c - '0'}, &number))
        return std::nullopt;
    } else if (c == ',' || c == ')') {
      if (number >= 0) header.shape.push_back(number);
      number = -1;
      if (header.shape.size() > 16) return std::nullopt;
      if (c == ')') return header;
    } else if (c != ' ' && c != 'L') {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

Result<NpzSource> NpzSource::open(const std::filesystem::path& path) {
  auto archive = ZipArchive::open(path);
  if (!archive) return archive.error();
  return NpzSource(std::move(*archive));
}

std::vector<std::string> NpzSource::arrays() const {
  std::vector<std::string> names;
  for (const auto& entry : archive_.entries())
    if (entry.name.ends_with(".npy")) names.push_back(entry.name.substr(0, entry.name.size() - 4));
  return names;
}

bool NpzSource::has(const std::string& array) const {
  return archive_.find(array + ".npy") != nullptr;
}

Result<ArrayInfo> NpzSource::describe(const std::string& array) const {
  const auto opened = open_header(*this, archive_, array);
  if (!opened) return opened.error();
  const NpyHeader& header = opened->second;
  ArrayInfo info{header.shape, NumberKind::other, 0};
  const auto type = numpy_type(header.descr);
  if (type) {
    info.kind = type->kind;
    info.element_bytes = type->bytes;
    const auto count = count_elements(header.shape);
    const ZipEntry* entry = archive_.find(array + ".npy");
    if (!count || static_cast<uint64_t>(*count * type->bytes) > entry->bytes)
      return wrong(array, "its shape " + shape_text(header.shape) + " claims more numbers than it holds");
  } else if (header.descr.find('O') != std::string::npos) {
    info.otherwise =
        "pickled Python objects, which are never read: save arrays of numbers, without dtype=object";
  } else {
    info.otherwise = header.descr.empty() ? "records of several fields" : "of type " + header.descr;
  }
  return info;
}

template <class T>
Result<std::vector<T>> NpzSource::values(const std::string& array, const ReadContinue& go_on) const {
  const auto info = describe(array);
  if (!info) return info.error();
  if (info->kind == NumberKind::other) return wrong(array, "its elements are " + info->otherwise);
  auto opened = open_header(*this, archive_, array);
  if (!opened) return opened.error();
  auto& [stream, header] = *opened;
  const NumberType type = *numpy_type(header.descr);
  const auto count = static_cast<size_t>(*count_elements(header.shape));
  if (count * sizeof(T) > available_memory())
    return wrong(
        array, "it needs " + std::to_string(count * sizeof(T) / 1000000) + " MB of memory, more than there is");
  std::vector<T> out;
  out.reserve(count);
  const auto element = static_cast<size_t>(type.bytes);
  std::vector<std::byte> slab(std::min(count * element, kSlab));
  while (out.size() < count) {
    const size_t wanted = std::min(slab.size(), (count - out.size()) * element);
    const auto got = stream.read(std::span(slab).first(wanted));
    if (!got) return got.error();
    if (*got != wanted) return wrong(array, "it ends before its last number");
    append_numbers<T>(type, std::span(slab).first(wanted), out);
    if (go_on && !go_on(static_cast<double>(out.size()) / static_cast<double>(count)))
      return Error{ErrorCode::stopped, "stopped reading " + name()};
  }
  return header.columns_first && header.shape.size() > 1 ? rows_first(out, header.shape) : std::move(out);
}

Result<std::vector<float>> NpzSource::floats(const std::string& array, const ReadContinue& go_on) const {
  return values<float>(array, go_on);
}

Result<std::vector<double>> NpzSource::doubles(const std::string& array, const ReadContinue& go_on) const {
  return values<double>(array, go_on);
}

}  // namespace vaco
