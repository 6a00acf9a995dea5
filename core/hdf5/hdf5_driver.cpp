// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hdf5/hdf5_driver.h"

#include <hdf5.h>

#include <functional>
#include <limits>
#include <new>
#include <span>
#include <utility>

#include "core/hdf5/hdf5_structure.h"

namespace vaco {
namespace {

/// What the access list carries; the library copies it byte by byte, and opens the file before it goes.
struct ReaderInfo {
  const std::shared_ptr<const Hdf5Bytes>* bytes;
};

struct ReaderFile : H5FD_t {
  explicit ReaderFile(std::shared_ptr<const Hdf5Bytes> of) : H5FD_t{}, bytes(std::move(of)) {}
  std::shared_ptr<const Hdf5Bytes> bytes;
  TreeCheck trees;
  haddr_t end_of_addresses = 0;
};

ReaderFile& reader_of(H5FD_t* file) {
  return *static_cast<ReaderFile*>(file);
}
const ReaderFile& reader_of(const H5FD_t* file) {
  return *static_cast<const ReaderFile*>(file);
}

H5FD_t* open_reader(const char*, unsigned flags, hid_t access, haddr_t) {
  const auto* info = static_cast<const ReaderInfo*>(H5Pget_driver_info(access));
  if (!info || flags != H5F_ACC_RDONLY) return nullptr;
  return new (std::nothrow) ReaderFile(*info->bytes);
}

herr_t close_reader(H5FD_t* file) {
  delete &reader_of(file);
  return 0;
}

/// No two openings share anything.
int compare_readers(const H5FD_t* a, const H5FD_t* b) {
  return std::less<>()(a, b) ? -1 : a == b ? 0 : 1;
}

herr_t query_reader(const H5FD_t*, unsigned long* flags) {
  *flags = H5FD_FEAT_DATA_SIEVE;
  return 0;
}

haddr_t end_of_addresses(const H5FD_t* file, H5FD_mem_t) {
  return reader_of(file).end_of_addresses;
}

herr_t set_end_of_addresses(H5FD_t* file, H5FD_mem_t, haddr_t address) {
  reader_of(file).end_of_addresses = address;
  return 0;
}

haddr_t end_of_file(const H5FD_t* file, H5FD_mem_t) {
  return reader_of(file).bytes->size();
}

herr_t read_from_reader(H5FD_t* file, H5FD_mem_t what, hid_t, haddr_t address, size_t size, void* buffer) {
  auto& reader = reader_of(file);
  const std::span read(static_cast<std::byte*>(buffer), size);
  bool sound = reader.bytes->read_whole(address, read);
  if (what == H5FD_MEM_LHEAP) sound = sound && mend_local_heap(*reader.bytes, file->base_addr, read);
  if (what == H5FD_MEM_BTREE)
    sound = sound && reader.trees.allows(*reader.bytes, file->base_addr, address, read);
  return sound ? 0 : -1;
}

herr_t write_nothing(H5FD_t*, H5FD_mem_t, hid_t, haddr_t, size_t, const void*) {
  return -1;
}

hid_t register_reader() {
  H5FD_class_t reader{};
#ifdef H5FD_CLASS_VERSION
  reader.version = H5FD_CLASS_VERSION;
  reader.value = static_cast<H5FD_class_value_t>(600);  // of the range for drivers that nobody shares
#endif
  reader.name = "vaco_reader";
  reader.maxaddr = std::numeric_limits<int64_t>::max();
  reader.fc_degree = H5F_CLOSE_SEMI;
  reader.fapl_size = sizeof(ReaderInfo);
  reader.open = open_reader;
  reader.close = close_reader;
  reader.cmp = compare_readers;
  reader.query = query_reader;
  reader.get_eoa = end_of_addresses;
  reader.set_eoa = set_end_of_addresses;
  reader.get_eof = end_of_file;
  reader.read = read_from_reader;
  reader.write = write_nothing;
  for (auto& type : reader.fl_map) type = H5FD_MEM_DEFAULT;
  return H5FDregister(&reader);
}

}  // namespace

Hdf5Id reading_access(const std::shared_ptr<const Hdf5Bytes>& bytes) {
  static const hid_t driver = register_reader();
  Hdf5Id access(H5Pcreate(H5P_FILE_ACCESS));
  const ReaderInfo info{&bytes};
  if (H5Pset_driver(access.get(), driver, &info) < 0) return Hdf5Id();
  H5Pset_fclose_degree(access.get(), H5F_CLOSE_SEMI);
  return access;
}

}  // namespace vaco
