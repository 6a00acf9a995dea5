// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/formats/number_bytes.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <map>

namespace vaco {
namespace {

double from_half(uint16_t bits) {
  const int exponent = bits >> 10 & 0x1f, mantissa = bits & 0x3ff;
  const double sign = bits & 0x8000 ? -1.0 : 1.0;
  if (exponent == 0) return sign * std::ldexp(mantissa, -24);
  if (exponent == 31) return mantissa ? std::nan("") : sign * HUGE_VAL;
  return sign * std::ldexp(mantissa + 1024, exponent - 25);
}

template <class T>
T swapped(const std::byte* at, bool big_endian) {
  std::byte bytes[sizeof(T)];
  for (size_t i = 0; i < sizeof(T); ++i) bytes[i] = at[big_endian ? sizeof(T) - 1 - i : i];
  T value;
  std::memcpy(&value, bytes, sizeof(T));
  return value;
}

template <class Stored, class T>
void append(const NumberType& type, std::span<const std::byte> block, std::vector<T>& out) {
  static_assert(std::endian::native == std::endian::little);
  const size_t count = block.size() / sizeof(Stored), before = out.size();
  out.resize(before + count);
  if (std::is_same_v<Stored, T> && !type.big_endian) {
    std::memcpy(out.data() + before, block.data(), count * sizeof(T));
    return;
  }
  for (size_t i = 0; i < count; ++i)
    out[before + i] = static_cast<T>(swapped<Stored>(block.data() + i * sizeof(Stored), type.big_endian));
}

}  // namespace

std::optional<NumberType> numpy_type(const std::string& descr) {
  if (descr.size() != 3) return std::nullopt;
  NumberType type;
  type.big_endian = descr[0] == '>';
  type.bytes = descr[2] - '0';
  const char kind = descr[1];
  type.kind = kind == 'f' ? NumberKind::real : NumberKind::integer;
  type.is_signed = kind == 'i' || kind == 'f';
  const bool whole = type.bytes == 1 || type.bytes == 2 || type.bytes == 4 || type.bytes == 8;
  if (kind == 'b' && type.bytes == 1) return type;
  if ((kind == 'i' || kind == 'u') && whole) return type;
  if (kind == 'f' && whole && type.bytes > 1) return type;
  return std::nullopt;
}

std::optional<NumberType> torch_type(const std::string& dtype) {
  static const std::map<std::string, std::string> kTypes = {
      {"torch.float32", "<f4"}, {"torch.float", "<f4"}, {"torch.float64", "<f8"}, {"torch.double", "<f8"},
      {"torch.float16", "<f2"}, {"torch.half", "<f2"},  {"torch.bool", "|b1"},    {"torch.uint8", "|u1"},
      {"torch.int8", "|i1"},    {"torch.int16", "<i2"}, {"torch.int32", "<i4"},   {"torch.int64", "<i8"},
      {"torch.int", "<i4"},     {"torch.long", "<i8"}};
  const auto found = kTypes.find(dtype);
  return found == kTypes.end() ? std::nullopt : numpy_type(found->second);
}

template <class T>
void append_numbers(const NumberType& type, std::span<const std::byte> block, std::vector<T>& out) {
  if (type.kind == NumberKind::real) {
    if (type.bytes == 4) return append<float>(type, block, out);
    if (type.bytes == 8) return append<double>(type, block, out);
    for (size_t i = 0; i + 2 <= block.size(); i += 2)
      out.push_back(static_cast<T>(from_half(swapped<uint16_t>(block.data() + i, type.big_endian))));
    return;
  }
  switch (type.bytes) {
    case 1:
      return type.is_signed ? append<int8_t>(type, block, out) : append<uint8_t>(type, block, out);
    case 2:
      return type.is_signed ? append<int16_t>(type, block, out) : append<uint16_t>(type, block, out);
    case 4:
      return type.is_signed ? append<int32_t>(type, block, out) : append<uint32_t>(type, block, out);
    default:
      return type.is_signed ? append<int64_t>(type, block, out) : append<uint64_t>(type, block, out);
  }
}

template void append_numbers(const NumberType&, std::span<const std::byte>, std::vector<float>&);
template void append_numbers(const NumberType&, std::span<const std::byte>, std::vector<double>&);

std::optional<int64_t> count_elements(const std::vector<int64_t>& shape) {
  constexpr int64_t kMost = int64_t{1} << 40;
  int64_t count = 1;
  for (const int64_t extent : shape)
    if (extent < 0 || __builtin_mul_overflow(count, extent, &count) || count > kMost) return std::nullopt;
  return count;
}

}  // namespace vaco
