// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_choices.h"

#include <algorithm>

#include "ui/export/export_figure.h"

namespace vaco::ui {
namespace {

std::vector<std::string> textsAt(const Json& json, const char* key) {
  std::vector<std::string> texts;
  if (const auto found = json.find(key); found != json.end() && found->is_array())
    for (const Json& entry : *found)
      if (entry.is_string()) texts.push_back(entry.get<std::string>());
  return texts;
}

}  // namespace

ExportChoices::ExportChoices() : formats(exportFormats()) {}

Json toJson(const ExportChoices& choices) {
  return {{"size", toJson(choices.size)}, {"formats", choices.formats}, {"left_out", choices.left_out}};
}

ExportChoices exportChoicesFromJson(const Json& json) {
  ExportChoices choices;
  if (!json.is_object()) return choices;
  if (const auto size = json.find("size"); size != json.end())
    if (const auto read = figureSpecFromJson(*size)) choices.size = *read;
  auto formats = textsAt(json, "formats");
  const auto& known = exportFormats();
  std::erase_if(formats,
                [&](const auto& one) { return std::find(known.begin(), known.end(), one) == known.end(); });
  if (!formats.empty()) choices.formats = std::move(formats);
  for (auto& name : textsAt(json, "left_out")) choices.left_out.insert(std::move(name));
  return choices;
}

ExportChoices& exportChoices() {
  static ExportChoices choices;
  return choices;
}

}  // namespace vaco::ui
