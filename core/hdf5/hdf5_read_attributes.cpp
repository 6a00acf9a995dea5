// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hdf5/hdf5_attribute.h"
#include "core/hdf5/hdf5_heap.h"
#include "core/hdf5/hdf5_ids.h"

namespace vaco {
namespace {

/// Where an object's header and the file's addresses begin, and the attribute there.
struct LookedUp {
  Hdf5Lookup outcome = Hdf5Lookup::missing;
  Hdf5Attribute attribute;
  uint64_t base_address = 0;
};

LookedUp look_up(hid_t file, const Hdf5Bytes* bytes, const std::string& object, const std::string& attribute) {
  silence_hdf5();
  LookedUp found;
  const Hdf5Id access = closed_access(H5P_LINK_ACCESS), creation(H5Fget_create_plist(file));
  H5O_info_t info;
  hsize_t base = 0;
  if (!bytes || H5Oget_info_by_name2(file, object.c_str(), &info, H5O_INFO_BASIC, access.get()) < 0 ||
      H5Pget_userblock(creation.get(), &base) < 0)
    return found;
  found.base_address = base;
  found.outcome = find_attribute(*bytes, base + info.addr, base, attribute, found.attribute);
  // Outside of headers, checksums that the library verifies stand over all that we have read.
  if (found.outcome == Hdf5Lookup::found && !found.attribute.in_header &&
      H5Aexists_by_name(file, object.c_str(), attribute.c_str(), access.get()) <= 0)
    found.outcome = Hdf5Lookup::damaged;
  return found;
}

/// Stands behind the attribute's name; empty when it can be read.
const char* lookup_problem(Hdf5Lookup outcome) {
  switch (outcome) {
    case Hdf5Lookup::found:
      return "";
    case Hdf5Lookup::missing:
      return "is missing";
    case Hdf5Lookup::outside:
      return "is not among those that can be read: the object has very many or very large ones";
    case Hdf5Lookup::damaged:
      return "cannot be read: the object's header is damaged";
  }
  return "";
}

/// The same for one number.
const char* number_problem(const LookedUp& found) {
  if (found.outcome != Hdf5Lookup::found) return lookup_problem(found.outcome);
  const auto kind = found.attribute.kind;
  const bool is_number = kind == Hdf5Attribute::Kind::integer || kind == Hdf5Attribute::Kind::real;
  return is_number && found.attribute.elements == 1 ? "" : "is not a number";
}

}  // namespace

bool Hdf5File::has_attribute(const std::string& object, const std::string& attribute) const {
  const auto found = look_up(id_.get(), bytes_.get(), object, attribute);
  if (found.outcome != Hdf5Lookup::outside) return found.outcome != Hdf5Lookup::missing;
  const Hdf5Id access = closed_access(H5P_LINK_ACCESS);
  return H5Aexists_by_name(id_.get(), object.c_str(), attribute.c_str(), access.get()) > 0;
}

Result<std::string> Hdf5File::text_attribute(const std::string& object, const std::string& attribute) const {
  const auto wrong = [&](const std::string& what) {
    return broken(object, "its attribute '" + attribute + "' " + what);
  };
  const auto found = look_up(id_.get(), bytes_.get(), object, attribute);
  if (found.outcome != Hdf5Lookup::found) return wrong(lookup_problem(found.outcome));
  const Hdf5Attribute& text = found.attribute;
  const bool in_heap = text.kind == Hdf5Attribute::Kind::text_in_heap;
  if ((!in_heap && text.kind != Hdf5Attribute::Kind::text) || text.elements != 1 || text.element_bytes == 0)
    return wrong("is not a text");
  if (in_heap) {
    std::vector<std::string> texts;
    const auto problem = read_heap_texts(*bytes_, text.offset, 1, found.base_address, kMaxTextBytes, texts);
    if (!problem.empty()) return wrong("cannot be read: " + problem);
    return std::move(texts.front());
  }
  const auto stored = bytes_->read(text.offset, text.element_bytes);
  return trimmed_text({reinterpret_cast<const char*>(stored.data()), stored.size()});
}

Result<int64_t> Hdf5File::integer_attribute(const std::string& object, const std::string& attribute) const {
  const auto found = look_up(id_.get(), bytes_.get(), object, attribute);
  if (const std::string problem = number_problem(found); !problem.empty())
    return broken(object, "its attribute '" + attribute + "' " + problem);
  return integer_value(*bytes_, found.attribute);
}

Result<double> Hdf5File::real_attribute(const std::string& object, const std::string& attribute) const {
  const auto found = look_up(id_.get(), bytes_.get(), object, attribute);
  if (const std::string problem = number_problem(found); !problem.empty())
    return broken(object, "its attribute '" + attribute + "' " + problem);
  return real_value(*bytes_, found.attribute);
}

}  // namespace vaco
