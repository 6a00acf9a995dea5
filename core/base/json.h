// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/base/param_spec.h"
#include "core/base/result.h"

namespace vaco {

/// JSON with its keys in the order they were written, so that files read top-down and diffs are small.
using Json = nlohmann::ordered_json;

/// Reads a file as JSON; the error names the file and the place of the fault.
Result<Json> read_json(const std::filesystem::path& path);
/// The same for a file that another machine may be replacing. For about a second a network share may show the
/// new file cut to the old one's length, so text that ends too early is read again, for 1.5 s in all.
Result<Json> read_replaced_json(const std::filesystem::path& path);
/// Writes indented JSON atomically (see write_text_atomically).
Result<void> write_json(const std::filesystem::path& path, const Json& json);
/// JSON text that is never invalid: NaN and infinities become null.
std::string to_line(const Json& json);

Json to_json_value(const ParamValue& value);
/// A value of the parameter from JSON (numbers may be written as 1 or 1.0), checked as parse_value() does.
Result<ParamValue> from_json_value(const ParamSpec& spec, const Json& json);

}  // namespace vaco
