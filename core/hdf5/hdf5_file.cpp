// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hdf5/hdf5_file.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <new>

#include "core/base/files.h"
#include "core/base/memory.h"
#include "core/hdf5/hdf5_array.h"
#include "core/hdf5/hdf5_driver.h"
#include "core/hdf5/hdf5_header.h"
#include "core/hdf5/hdf5_ids.h"

namespace vaco {
namespace fs = std::filesystem;

std::string hdf5_version() {
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  return "HDF5 " + std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(release);
}

namespace {

constexpr size_t kMaxChildren = 100000;

herr_t refuse_external_link(const char*, const char*, const char*, const char*, unsigned*, hid_t, void*) {
  return -1;
}

herr_t collect_name(hid_t, const char* name, const H5L_info_t*, void* data) {
  auto& names = *static_cast<std::vector<std::string>*>(data);
  if (names.size() >= kMaxChildren) return 1;
  names.emplace_back(name);
  return 0;
}

H5O_type_t type_of(hid_t file, const std::string& object, hid_t access) {
  H5O_info_t info;
  return H5Oget_info_by_name2(file, object.c_str(), &info, H5O_INFO_BASIC, access) < 0 ? H5O_TYPE_UNKNOWN
                                                                                       : info.type;
}

Error damaged(const std::string& name) {
  return {ErrorCode::bad_data,
          name +
              " is damaged or cut short: its HDF5 structure cannot be read; copy or download it "
              "again"};
}

Error not_hdf5(const std::string& name) {
  return {ErrorCode::bad_data, name + " is not an HDF5 file"};
}

/// Opening a file looks at nothing that its first group is made of.
bool is_readable(const Hdf5Id& file) {
  return file.valid() && H5Lexists(file.get(), "any name", H5P_DEFAULT) >= 0;
}

/// Whether the library's account of its last failure has the word in it.
bool last_failure_says(const char* word) {
  struct Look {
    const char* word;
    bool met;
  } look{word, false};
  const auto at = [](unsigned, const H5E_error2_t* error, void* data) -> herr_t {
    auto& told = *static_cast<Look*>(data);
    told.met = told.met || (error->desc && std::strstr(error->desc, told.word));
    return 0;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, at, &look);
  return look.met;
}

}  // namespace

void silence_hdf5() {
  thread_local const bool silent = H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr) >= 0;
  static_cast<void>(silent);
}

std::string unique_memory_name() {
  static std::atomic<uint64_t> count{0};
  return "memory-" + std::to_string(count++);
}

Hdf5Id closed_access(hid_t list_class) {
  Hdf5Id access(H5Pcreate(list_class));
  H5Pset_elink_cb(access.get(), refuse_external_link, nullptr);
  return access;
}

Hdf5Id& Hdf5Id::operator=(Hdf5Id&& other) noexcept {
  if (this != &other) {
    if (id_ >= 0) H5Idec_ref(id_);
    id_ = other.release();
  }
  return *this;
}

Hdf5Id::~Hdf5Id() {
  if (id_ >= 0) H5Idec_ref(id_);
}

int64_t Hdf5Id::release() {
  const int64_t id = id_;
  id_ = -1;
  return id;
}

Error Hdf5File::broken(const std::string& object, const std::string& what) const {
  return {ErrorCode::bad_data, name_ + ": " + object + ": " + what};
}

Result<Hdf5File> Hdf5File::open(const fs::path& path) {
  silence_hdf5();
  const std::string name = path.string();
  auto bytes = Hdf5Bytes::open(path);
  if (!bytes) return bytes.error();
  if ((*bytes)->is_locked_by_a_writer())
    return Error{ErrorCode::failed,
                 name +
                     " is in use by another program, which has locked it for writing: wait until that has "
                     "closed it"};
  const auto superblock = find_superblock(**bytes);
  if (!superblock) return not_hdf5(name);
  if (const auto problem = superblock_problem(**bytes, *superblock); !problem.empty())
    return Error{ErrorCode::bad_data, name + problem};
  const Hdf5Id access = reading_access(*bytes);
  errno = 0;
  Hdf5Id id(H5Fopen(name.c_str(), H5F_ACC_RDONLY, access.get()));
  if (!is_readable(id)) {
    if (errno == EIO) return Error{ErrorCode::failed, "cannot open " + name + ": " + system_problem(EIO)};
    return damaged(name);
  }
  return Hdf5File(std::move(id), name, std::move(*bytes));
}

Result<Hdf5File> Hdf5File::open(std::span<const std::byte> bytes, const std::string& name) {
  silence_hdf5();
  if (bytes.empty()) return Error{ErrorCode::bad_data, name + " is empty"};
  auto held = std::make_shared<const Hdf5Bytes>(bytes);
  if (find_superblock(*held) != uint64_t{0}) return not_hdf5(name);
  if (const auto problem = superblock_problem(*held, 0); !problem.empty())
    return Error{ErrorCode::bad_data, name + problem};
  const Hdf5Id access = reading_access(held);
  Hdf5Id id(H5Fopen(unique_memory_name().c_str(), H5F_ACC_RDONLY, access.get()));
  if (!is_readable(id)) return damaged(name);
  return Hdf5File(std::move(id), name, std::move(held));
}

Hdf5Kind Hdf5File::kind(const std::string& object) const {
  silence_hdf5();
  const Hdf5Id access = closed_access(H5P_LINK_ACCESS);
  if (object != "/") {
    std::string group = "/";
    for (size_t end = object.find('/', 1); true; end = object.find('/', end + 1)) {
      std::string part = object.substr(0, end);
      const htri_t exists = H5Lexists(id_.get(), part.c_str(), access.get());
      // Not to be told in a damaged group; below what is none there is nothing.
      if (exists < 0 && type_of(id_.get(), group, access.get()) == H5O_TYPE_GROUP) return Hdf5Kind::other;
      if (exists <= 0) return Hdf5Kind::missing;
      if (end == std::string::npos) break;
      group = std::move(part);
    }
  }
  const H5O_type_t type = type_of(id_.get(), object, access.get());
  if (type == H5O_TYPE_GROUP) return Hdf5Kind::group;
  std::string problem;
  return type == H5O_TYPE_DATASET && open_array(object, problem).valid() ? Hdf5Kind::array : Hdf5Kind::other;
}

Hdf5Id Hdf5File::open_array(const std::string& array, std::string& problem) const {
  const Hdf5Id links = closed_access(H5P_LINK_ACCESS), access = closed_access(H5P_DATASET_ACCESS);
  const Hdf5Id creation(H5Fget_create_plist(id_.get()));
  problem = "it cannot be opened (damaged, or a link to another file)";
  if (!bytes_) return Hdf5Id();
  H5O_info_t info;
  hsize_t base = 0;
  if (H5Oget_info_by_name2(id_.get(), array.c_str(), &info, H5O_INFO_BASIC, links.get()) < 0 ||
      info.type != H5O_TYPE_DATASET || H5Pget_userblock(creation.get(), &base) < 0)
    return Hdf5Id();
  if (auto wrong = array_header_problem(*bytes_, base + info.addr, base); !wrong.empty()) {
    problem = std::move(wrong);
    return Hdf5Id();
  }
  Hdf5Id dataset(H5Dopen2(id_.get(), array.c_str(), access.get()));
  if (!dataset.valid() && last_failure_says("version"))
    problem = "it is written in a newer HDF5 format than " + hdf5_version() + " reads; " + kWriteInOlderFormat;
  return dataset;
}

Result<std::vector<std::string>> Hdf5File::children(const std::string& group) const {
  silence_hdf5();
  const Hdf5Id access = closed_access(H5P_LINK_ACCESS);
  // An array is not opened without a look at its header.
  const bool is_group = type_of(id_.get(), group, access.get()) == H5O_TYPE_GROUP;
  const Hdf5Id opened(is_group ? H5Gopen2(id_.get(), group.c_str(), closed_access(H5P_GROUP_ACCESS).get())
                               : -1);
  std::vector<std::string> names;
  hsize_t at = 0;
  if (!opened.valid() || H5Literate(opened.get(), H5_INDEX_NAME, H5_ITER_NATIVE, &at, collect_name, &names) < 0)
    return broken(group, "its members cannot be listed: it is no group, or damaged");
  std::sort(names.begin(), names.end());
  return names;
}

Result<Hdf5ArrayInfo> Hdf5File::describe(const std::string& array) const {
  silence_hdf5();
  std::string problem;
  const Hdf5Id dataset = open_array(array, problem);
  if (!dataset.valid()) return broken(array, problem);
  auto info = look_at_array(dataset.get(), problem);
  if (!info) return broken(array, problem);
  return *info;
}

template <Hdf5Number T>
Result<Hdf5Array<T>> Hdf5File::read(const std::string& array, const Hdf5Continue& go_on) const {
  silence_hdf5();
  std::string problem;
  const Hdf5Id dataset = open_array(array, problem);
  if (!dataset.valid()) return broken(array, problem);
  const auto checked = check_array(dataset.get(), bytes_->size(), problem);
  if (!checked) return broken(array, problem);
  const uint64_t wanted = static_cast<uint64_t>(checked->count) * sizeof(T);
  const auto no_memory = [&] {
    return broken(array, "it needs " + std::to_string(wanted / 1000000) + " MB of memory, more than there is");
  };
  if (wanted > available_memory()) return no_memory();
  try {
    Hdf5Array<T> result;
    result.shape = checked->info.shape;
    result.values.resize(static_cast<size_t>(checked->count));
    bool stopped = false;
    problem = read_elements(dataset.get(), *checked, native_type<T>(), sizeof(T), result.values.data(), go_on,
                            stopped);
    if (stopped) return Error{ErrorCode::stopped, "stopped reading " + name_};
    if (!problem.empty()) return broken(array, problem);
    return result;
  } catch (const std::bad_alloc&) {
    return no_memory();
  }
}

template Result<Hdf5Array<float>> Hdf5File::read(const std::string&, const Hdf5Continue&) const;
template Result<Hdf5Array<double>> Hdf5File::read(const std::string&, const Hdf5Continue&) const;
template Result<Hdf5Array<int64_t>> Hdf5File::read(const std::string&, const Hdf5Continue&) const;
template Result<Hdf5Array<uint64_t>> Hdf5File::read(const std::string&, const Hdf5Continue&) const;
template Result<Hdf5Array<int32_t>> Hdf5File::read(const std::string&, const Hdf5Continue&) const;
template Result<Hdf5Array<uint8_t>> Hdf5File::read(const std::string&, const Hdf5Continue&) const;

}  // namespace vaco
