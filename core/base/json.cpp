// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"

#include <chrono>
#include <thread>

#include "core/base/files.h"

namespace vaco {

namespace {

/// cut: whether the text ends before the JSON does.
Result<Json> parse_file(const std::filesystem::path& path, bool& cut) {
  cut = false;
  auto text = read_text(path);
  if (!text) return text.error();
  try {
    return Json::parse(*text);
  } catch (const Json::exception& e) {
    const auto* where = dynamic_cast<const Json::parse_error*>(&e);
    cut = where && where->byte > text->size();
    // "[json.exception.parse_error.101] parse error at line 2, column 3: ...": the library's name helps nobody.
    const std::string what = e.what();
    const size_t bracket = what.find("] ");
    return Error{ErrorCode::bad_data, path.string() + " is not valid JSON: " +
                                          (bracket == std::string::npos ? what : what.substr(bracket + 2))};
  }
}

}  // namespace

Result<Json> read_json(const std::filesystem::path& path) {
  bool cut = false;
  return parse_file(path, cut);
}

Result<Json> read_replaced_json(const std::filesystem::path& path) {
  using std::chrono::milliseconds;
  bool cut = false;
  Result<Json> json = parse_file(path, cut);
  for (const auto pause : {milliseconds(100), milliseconds(400), milliseconds(1000)}) {
    if (!cut) break;
    std::this_thread::sleep_for(pause);
    json = parse_file(path, cut);
  }
  return json;
}

Result<void> write_json(const std::filesystem::path& path, const Json& json) {
  return write_text_atomically(path, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

std::string to_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json to_json_value(const ParamValue& value) {
  return std::visit([](const auto& v) { return Json(v); }, value);
}

Result<ParamValue> from_json_value(const ParamSpec& spec, const Json& json) {
  if (json.is_string()) return parse_value(spec, json.get<std::string>());
  if (json.is_boolean()) return parse_value(spec, json.get<bool>() ? "true" : "false");
  if (json.is_number_integer() || json.is_number_float()) return parse_value(spec, json.dump());
  return Error{ErrorCode::usage, spec.key + " takes a single value, not " + std::string(json.type_name())};
}

}  // namespace vaco
