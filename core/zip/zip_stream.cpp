// SPDX-License-Identifier: GPL-3.0-or-later
#include <zlib.h>

#include <algorithm>
#include <array>

#include "core/zip/zip_archive.h"
#include "core/zip/zip_fields.h"

namespace vaco {
namespace {

constexpr uint32_t kLocalHeader = 0x04034b50;

}  // namespace

struct ZipStream::State {
  std::ifstream file;
  std::string name;  ///< of archive and entry, for messages
  ZipEntry entry;
  uint64_t packed_left = 0, left = 0;
  uint32_t crc = 0;
  z_stream inflater{};
  bool inflating = false;
  std::array<unsigned char, 65536> packed;

  ~State() {
    if (inflating) ::inflateEnd(&inflater);
  }

  [[nodiscard]] Error broken(const std::string& what) const {
    return {ErrorCode::bad_data, name + ": " + what};
  }

  size_t take_packed(void* to, size_t most) {
    file.read(static_cast<char*>(to), static_cast<std::streamsize>(std::min<uint64_t>(most, packed_left)));
    const auto got = static_cast<size_t>(std::max<std::streamsize>(0, file.gcount()));
    packed_left -= got;
    return got;
  }

  Result<void> inflate_into(std::span<std::byte> out) {
    inflater.next_out = reinterpret_cast<Bytef*>(out.data());
    inflater.avail_out = static_cast<uInt>(out.size());
    while (inflater.avail_out > 0) {
      if (inflater.avail_in == 0) {
        inflater.next_in = packed.data();
        inflater.avail_in = static_cast<uInt>(take_packed(packed.data(), packed.size()));
        if (inflater.avail_in == 0) return broken("its packed data end too early");
      }
      const int state = ::inflate(&inflater, Z_NO_FLUSH);
      if (state == Z_STREAM_END && inflater.avail_out > 0)
        return broken("it unpacks to fewer bytes than it says");
      if (state != Z_OK && state != Z_STREAM_END) return broken("its packed data are damaged");
    }
    return {};
  }
};

ZipStream::ZipStream(std::unique_ptr<State> state) : state_(std::move(state)) {}
ZipStream::ZipStream(ZipStream&&) noexcept = default;
ZipStream::~ZipStream() = default;

Result<ZipStream> ZipStream::open(const ZipArchive& archive, const ZipEntry& entry) {
  auto state = std::make_unique<State>();
  state->name = archive.path().string() + ": " + entry.name;
  state->entry = entry;
  state->file.open(archive.path(), std::ios::binary);
  const auto header = read_piece(state->file, entry.header_at, 30);
  const ZipFields fields(header);
  if (header.size() < 30 || fields.number(0, 4) != kLocalHeader) return state->broken("its header is damaged");
  if (fields.number(6, 2) & 1) return state->broken("it is encrypted; save it without a password");
  state->packed_left = entry.packed_bytes;
  state->left = entry.bytes;
  if (entry.method == 8) {
    if (::inflateInit2(&state->inflater, -MAX_WBITS) != Z_OK)
      return Error{ErrorCode::failed, state->name + ": not enough memory to unpack it"};
    state->inflating = true;
  } else if (entry.method != 0) {
    return state->broken("it is packed in way " + std::to_string(entry.method) +
                         " of zip, which is not supported; numpy.savez_compressed writes deflate");
  } else if (entry.packed_bytes != entry.bytes) {
    return state->broken("it is stored, but its two sizes differ");
  }
  state->file.clear();
  state->file.seekg(
      static_cast<std::streamoff>(entry.header_at + 30 + fields.number(26, 2) + fields.number(28, 2)));
  return ZipStream(std::move(state));
}

Result<size_t> ZipStream::read(std::span<std::byte> out) {
  State& s = *state_;
  const auto wanted = static_cast<size_t>(std::min<uint64_t>(out.size(), s.left));
  constexpr size_t kPiece = size_t{1} << 30;  // zlib counts in 32 bits
  for (size_t done = 0; done < wanted; done += kPiece) {
    const auto piece = out.subspan(done, std::min(kPiece, wanted - done));
    if (s.inflating) {
      if (auto filled = s.inflate_into(piece); !filled) return filled.error();
    } else if (s.take_packed(piece.data(), piece.size()) != piece.size()) {
      return s.broken("the archive ends inside it");
    }
    s.crc = static_cast<uint32_t>(
        ::crc32(s.crc, reinterpret_cast<const Bytef*>(piece.data()), static_cast<uInt>(piece.size())));
  }
  s.left -= wanted;
  if (wanted > 0 && s.left == 0 && s.crc != s.entry.crc)
    return s.broken("its checksum is wrong: the archive is damaged; copy or download it again");
  return wanted;
}

}  // namespace vaco
