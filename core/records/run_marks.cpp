// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/run_marks.h"

#include <algorithm>
#include <system_error>

#include "core/base/files.h"
#include "core/base/json.h"
#include "core/base/json_value.h"

namespace vaco {
namespace {

constexpr auto kFile = "marks.json";

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

RunMarks read_marks(const std::filesystem::path& run_folder) {
  RunMarks marks;
  const auto json = read_json(run_folder / kFile);
  if (!json || !json->is_object()) return marks;
  marks.name = value_or<std::string>(*json, "name", {});
  marks.notes = value_or<std::string>(*json, "notes", {});
  if (const auto star = json->find("star"); star != json->end() && star->is_boolean())
    marks.star = star->get<bool>();
  if (const auto tags = json->find("tags"); tags != json->end() && tags->is_array()) {
    std::string text;
    for (const auto& tag : *tags)
      if (tag.is_string()) text += tag.get<std::string>() + ",";
    marks.tags = parse_tags(text);
  }
  return marks;
}

Result<void> write_marks(const std::filesystem::path& run_folder, const RunMarks& marks) {
  if (marks == RunMarks{}) {
    std::error_code error;
    std::filesystem::remove(run_folder / kFile, error);
    if (error)
      return Error{ErrorCode::failed,
                   "cannot remove " + (run_folder / kFile).string() + ": " + error.message()};
    return {};
  }
  return write_json(run_folder / kFile,
                    {{"name", marks.name}, {"notes", marks.notes}, {"star", marks.star}, {"tags", marks.tags}});
}

std::vector<std::string> parse_tags(const std::string& text) {
  std::vector<std::string> tags;
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find(',', at), text.size());
    if (auto tag = trimmed(text.substr(at, end - at)); !tag.empty()) tags.push_back(std::move(tag));
    at = end + 1;
  }
  std::sort(tags.begin(), tags.end());
  tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
  return tags;
}

std::string tags_text(const std::vector<std::string>& tags) {
  std::string text;
  for (const auto& tag : tags) text += (text.empty() ? "" : ", ") + tag;
  return text;
}

}  // namespace vaco
