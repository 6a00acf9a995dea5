// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/checkpoint.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <numeric>

#include "core/base/files.h"
#include "core/base/json.h"
#include "core/hdf5/hdf5_file.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

constexpr int64_t kNewestFormat = 2;
constexpr std::string_view kSumBegins = "vaco-checksum ";
constexpr size_t kSumLength = 14 + 16 + 1;
constexpr uintmax_t kMaxBytes = 8ull << 30;
constexpr std::array kTypes{"float32", "float64", "int64", "uint64"};  // in the order of StateArray's variant

/// 64 bits over the bytes: words mixed by multiplication and rotation, so that every single bit counts.
std::string checksum(std::string_view bytes) {
  uint64_t sum = 0x9e3779b97f4a7c15ull ^ bytes.size();
  size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, 8);
    sum = std::rotl(sum ^ (word * 0xd6e8feb86659fd93ull), 29) * 0xa0761d6478bd642full;
  }
  for (; at < bytes.size(); ++at)
    sum = std::rotl(sum ^ static_cast<unsigned char>(bytes[at]), 29) * 0xa0761d6478bd642full;
  sum ^= sum >> 32;
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(sum));
  return text;
}

Error damaged(const fs::path& path, const std::string& what) {
  return {ErrorCode::bad_data, "the checkpoint " + path.string() + " " + what};
}

Result<void> append_checksum(const fs::path& path) {
  const auto bytes = read_text(path, kMaxBytes);
  if (!bytes) return bytes.error();
  std::ofstream file(path, std::ios::binary | std::ios::app);
  file << kSumBegins << checksum(*bytes) << '\n';
  file.close();
  if (!file) return Error{ErrorCode::failed, "cannot write " + path.string() + ": " + last_system_error()};
  return {};
}

Result<void> verify_checksum(const fs::path& path) {
  const auto bytes = read_text(path, kMaxBytes);
  if (!bytes) return bytes.error();
  const std::string_view all(*bytes);
  if (all.size() < kSumLength || !all.substr(all.size() - kSumLength).starts_with(kSumBegins))
    return damaged(path, all.starts_with("\x89HDF") ? "is truncated, or no checkpoint of this program"
                                                    : "is no checkpoint of this program");
  const auto written = all.substr(all.size() - 17, 16);
  if (checksum(all.substr(0, all.size() - kSumLength)) != written)
    return damaged(path, "was damaged: its checksum does not fit. Use an earlier one of the same folder");
  return {};
}

Result<void> write_state(Hdf5File& file, const StateDict& state) {
  if (auto r = file.make_group("state"); !r) return r;
  for (const auto& [name, array] : state) {
    const std::string where = "state/" + name;
    const std::string type = kTypes[array.values.index()];
    const bool empty = std::visit([](const auto& values) { return values.empty(); }, array.values);
    // HDF5 files hold no empty arrays here: the shape stands for one.
    auto written =
        empty ? file.write(where, {static_cast<int64_t>(array.shape.size())}, array.shape)
              : std::visit(
                    [&, &shape = array.shape](const auto& values) { return file.write(where, shape, values); },
                    array.values);
    if (!written) return written;
    if (auto r = file.set_attribute(where, "type", empty ? "empty " + type : type); !r) return r;
  }
  return {};
}

template <class T>
Result<void> read_array(const Hdf5File& file, const std::string& where, bool empty, StateArray& array) {
  if (empty) {
    auto shape = file.read<int64_t>(where);
    if (!shape) return shape.error();
    array.shape = std::move(shape->values);
    array.values = std::vector<T>{};
    return {};
  }
  auto read = file.read<T>(where);
  if (!read) return read.error();
  array.shape = std::move(read->shape);
  array.values = std::move(read->values);
  return {};
}

Result<void> read_group(const Hdf5File& file, const std::string& group, StateDict& state) {
  const auto names = file.children(group);
  if (!names) return names.error();
  for (const auto& name : *names) {
    const std::string where = group + "/" + name;
    if (file.kind(where) == Hdf5Kind::group) {
      if (auto r = read_group(file, where, state); !r) return r;
      continue;
    }
    const auto type = file.text_attribute(where, "type");
    if (!type) return type.error();
    const bool empty = type->starts_with("empty ");
    const std::string plain = empty ? type->substr(6) : *type;
    StateArray array;
    Result<void> read = Error{ErrorCode::bad_data, where + " has the unknown type " + *type};
    if (plain == kTypes[0])
      read = read_array<float>(file, where, empty, array);
    else if (plain == kTypes[1])
      read = read_array<double>(file, where, empty, array);
    else if (plain == kTypes[2])
      read = read_array<int64_t>(file, where, empty, array);
    else if (plain == kTypes[3])
      read = read_array<uint64_t>(file, where, empty, array);
    if (!read) return read;
    state[where.substr(std::string_view("state/").size())] = std::move(array);
  }
  return {};
}

/// 2: of data prepared in a way that programs which know only 1 would not follow.
int64_t format_of(const Checkpoint& c) {
  const auto found = c.fingerprint.find("preparation");
  return found == c.fingerprint.end() || found->second == "1" ? 1 : kNewestFormat;
}

Result<void> write_counters(Hdf5File& file, const Checkpoint& c) {
  const std::pair<const char*, int64_t> integers[] = {
      {"format_version", format_of(c)},
      {"step", c.step},
      {"phase_start", c.phase_start},
      {"evaluation_due", c.evaluation_due ? 1 : 0},
      {"metrics_bytes", static_cast<int64_t>(c.metrics_bytes)},
      {"evaluations_bytes", static_cast<int64_t>(c.evaluations_bytes)},
      {"weights_bytes", static_cast<int64_t>(c.weights_bytes)}};
  for (const auto& [name, value] : integers)
    if (auto r = file.set_attribute("/", name, value); !r) return r;
  if (auto r = file.set_attribute("/", "format", std::string("vaco-checkpoint")); !r) return r;
  if (auto r = file.set_attribute("/", "algorithm", c.algorithm); !r) return r;
  if (auto r = file.set_attribute("/", "phase", c.phase); !r) return r;
  return file.set_attribute("/", "training_seconds", c.training_seconds);
}

Result<void> read_counters(const Hdf5File& file, const fs::path& path, Checkpoint& c) {
  const auto version = file.integer_attribute("/", "format_version");
  if (!version) return version.error();
  if (*version > kNewestFormat)
    return Error{ErrorCode::usage, "the checkpoint " + path.string() +
                                       " was written by a newer version of this program; go on with that one"};
  const auto integer = [&](const char* name, auto& field) -> Result<void> {
    const auto value = file.integer_attribute("/", name);
    if (!value) return value.error();
    field = static_cast<std::remove_reference_t<decltype(field)>>(*value);
    return {};
  };
  if (auto r = integer("step", c.step); !r) return r;
  if (auto r = integer("phase_start", c.phase_start); !r) return r;
  if (auto r = integer("evaluation_due", c.evaluation_due); !r) return r;
  if (auto r = integer("metrics_bytes", c.metrics_bytes); !r) return r;
  if (auto r = integer("evaluations_bytes", c.evaluations_bytes); !r) return r;
  if (auto r = integer("weights_bytes", c.weights_bytes); !r) return r;
  auto algorithm = file.text_attribute("/", "algorithm");
  if (!algorithm) return algorithm.error();
  c.algorithm = *algorithm;
  auto phase = file.text_attribute("/", "phase");
  if (!phase) return phase.error();
  c.phase = *phase;
  const auto seconds = file.real_attribute("/", "training_seconds");
  if (!seconds) return seconds.error();
  c.training_seconds = *seconds;
  return {};
}

Result<void> read_fingerprint(const Hdf5File& file, Fingerprint& fingerprint) {
  if (file.kind("fingerprint") == Hdf5Kind::missing) return {};
  const auto text = file.read_text("fingerprint");
  if (!text) return text.error();
  const Json json = Json::parse(*text, nullptr, false);
  if (!json.is_object()) return Error{ErrorCode::bad_data, file.name() + ": its fingerprint is no JSON object"};
  for (const auto& [what, entry] : json.items())
    if (entry.is_string()) fingerprint[what] = entry.get<std::string>();
  return {};
}

}  // namespace

Result<void> write_checkpoint(const fs::path& path, const Checkpoint& checkpoint) {
  return write_file_atomically(path, [&](const fs::path& temporary) -> Result<void> {
    auto file = Hdf5File::create(temporary);
    if (!file) return file.error();
    if (auto r = write_counters(*file, checkpoint); !r) return r;
    if (!checkpoint.fingerprint.empty())
      if (auto r = file->write_text("fingerprint", to_line(Json(checkpoint.fingerprint))); !r) return r;
    if (auto r = write_state(*file, checkpoint.state); !r) return r;
    if (auto r = file->close(); !r) return r;
    return append_checksum(temporary);
  });
}

Result<Checkpoint> read_checkpoint(const fs::path& path) {
  if (auto verified = verify_checksum(path); !verified) return verified.error();
  const auto file = Hdf5File::open(path);
  if (!file) return file.error();
  Checkpoint checkpoint;
  if (auto r = read_counters(*file, path, checkpoint); !r) return r.error();
  if (auto r = read_fingerprint(*file, checkpoint.fingerprint); !r) return r.error();
  if (auto r = read_group(*file, "state", checkpoint.state); !r) return r.error();
  return checkpoint;
}

}  // namespace vaco
