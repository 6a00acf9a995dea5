// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/figure_spec.h"

#include <cmath>

#include "ui/figures/figure_kinds.h"

namespace vaco::ui {
namespace {

Error wrong(const std::string& key, const std::string& takes) {
  return {ErrorCode::bad_data, "figure: \"" + key + "\" takes " + takes};
}

/// Reads keys one by one and keeps the first complaint.
class Reader {
 public:
  explicit Reader(const Json& json) : json_(json) {}

  void number(const char* key, double& out, double low, double high) {
    const Json* value = find(key);
    if (!value) return;
    const bool good = value->is_number() && value->get<double>() >= low && value->get<double>() <= high;
    if (good)
      out = value->get<double>();
    else
      complain(key, "a number from " + Json(low).dump() + " to " + Json(high).dump());
  }
  template <class Integer>
  void integer(const char* key, Integer& out, int64_t low, int64_t high) {
    const Json* value = find(key);
    if (!value) return;
    const bool good =
        value->is_number_integer() && value->get<int64_t>() >= low && value->get<int64_t>() <= high;
    if (good)
      out = value->get<Integer>();
    else
      complain(key, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  }
  void boolean(const char* key, bool& out) {
    const Json* value = find(key);
    if (!value) return;
    if (value->is_boolean())
      out = value->get<bool>();
    else
      complain(key, "true or false");
  }
  /// One of the values, by its toText().
  template <class Choices, class Choice>
  void choice(const char* key, const Choices& values, Choice& out) {
    const Json* value = find(key);
    if (!value) return;
    std::string names;
    for (const Choice candidate : values) {
      if (value->is_string() && value->get<std::string>() == toText(candidate)) {
        out = candidate;
        return;
      }
      names += (names.empty() ? "" : ", ") + toText(candidate);
    }
    complain(key, "one of " + names);
  }
  template <class Text>
  void texts(const char* key, std::vector<Text>& out) {
    const Json* value = find(key);
    if (!value) return;
    if (!value->is_array()) return complain(key, "a list of texts");
    out.clear();
    for (const Json& entry : *value) {
      if (!entry.is_string()) return complain(key, "a list of texts");
      out.emplace_back(entry.get<std::string>());
    }
  }
  void limits(const char* key, std::optional<AxisLimits>& out) {
    const Json* value = find(key);
    if (!value || value->is_null()) return;
    const bool pair =
        value->is_array() && value->size() == 2 && (*value)[0].is_number() && (*value)[1].is_number();
    if (!pair || !((*value)[0].get<double>() < (*value)[1].get<double>()))
      return complain(key, "[low, high] or null");
    out = AxisLimits{(*value)[0].get<double>(), (*value)[1].get<double>()};
  }
  const Json* find(const char* key) const {
    const auto found = json_.find(key);
    return found == json_.end() ? nullptr : &*found;
  }
  void complain(const std::string& key, const std::string& takes) {
    if (!error_) error_ = wrong(key, takes);
  }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  const Json& json_;
  std::optional<Error> error_;
};

Json limitsJson(const std::optional<AxisLimits>& limits) {
  return limits ? Json::array({limits->low, limits->high}) : Json(nullptr);
}

}  // namespace

std::string toText(FigureKind kind) {
  return figureInfo(kind).key;
}

std::string toText(Spread spread) {
  switch (spread) {
    case Spread::deviation:
      return "std";
    case Spread::standardError:
      return "standard_error";
    case Spread::bootstrap:
      return "bootstrap";
    case Spread::range:
      return "range";
  }
  return {};
}

std::string toText(Along along) {
  switch (along) {
    case Along::gradientSteps:
      return "gradient_steps";
    case Along::policySteps:
      return "policy_steps";
    case Along::minutes:
      return "minutes";
  }
  return {};
}

Json toJson(const FigureSpec& spec) {
  Json json;
  json["kind"] = toText(spec.kind);
  json["runs"] = Json::array();
  for (const auto& run : spec.runs) json["runs"].push_back(run.string());
  json["metrics"] = spec.metrics;
  json["normalized"] = spec.normalized;
  json["band"] = spec.band;
  json["grouped"] = spec.grouped;
  json["spread"] = toText(spec.spread);
  json["along"] = toText(spec.along);
  json["logarithmic"] = spec.logarithmic;
  json["share"] = spec.share;
  json["smoothing"] = spec.smoothing;
  json["step"] = spec.step;
  json["width_mm"] = spec.widthMm;
  json["height_mm"] = spec.heightMm;
  json["font_pt"] = spec.fontPt;
  json["font"] = spec.font;
  json["dpi"] = spec.dpi;
  json["palette"] = spec.palette;
  json["labels"] = Json::object();
  for (const auto& [key, text] : spec.labels) json["labels"][key] = text;
  json["x"] = limitsJson(spec.x);
  json["y"] = limitsJson(spec.y);
  return json;
}

Result<FigureSpec> figureSpecFromJson(const Json& json) {
  if (!json.is_object()) return Error{ErrorCode::bad_data, "figure: not a JSON object"};
  FigureSpec spec;
  Reader reader(json);
  std::vector<FigureKind> kinds;
  for (const FigureInfo& info : figureKinds()) kinds.push_back(info.kind);
  reader.choice("kind", kinds, spec.kind);
  reader.choice("spread", kSpreads, spec.spread);
  reader.choice("along", kAlongs, spec.along);
  reader.texts("runs", spec.runs);
  reader.texts("metrics", spec.metrics);
  reader.boolean("normalized", spec.normalized);
  reader.boolean("band", spec.band);
  reader.boolean("grouped", spec.grouped);
  reader.boolean("logarithmic", spec.logarithmic);
  reader.boolean("share", spec.share);
  reader.number("smoothing", spec.smoothing, 0.0, 0.999);
  reader.integer("step", spec.step, -1, INT64_MAX);
  reader.number("width_mm", spec.widthMm, 20.0, 1000.0);
  reader.number("height_mm", spec.heightMm, 20.0, 1000.0);
  reader.number("font_pt", spec.fontPt, 4.0, 48.0);
  if (const Json* font = reader.find("font")) {
    const std::string name = font->is_string() ? font->get<std::string>() : "<";
    if (name.find_first_of("<>&\"") == std::string::npos)  // an SVG file names it between quotes
      spec.font = name;
    else
      reader.complain("font", "sans, serif or the name of a family");
  }
  reader.integer("dpi", spec.dpi, 30, 1200);
  if (const Json* palette = reader.find("palette")) {
    const std::string name = palette->is_string() ? palette->get<std::string>() : "";
    if (name == "okabe-ito" || name == "tol-bright" || name == "grey")
      spec.palette = name;
    else
      reader.complain("palette", "okabe-ito, tol-bright or grey");
  }
  if (const Json* labels = reader.find("labels")) {
    if (!labels->is_object())
      reader.complain("labels", "texts by name");
    else
      for (const auto& [key, text] : labels->items()) {
        if (text.is_string())
          spec.labels[key] = text.get<std::string>();
        else
          reader.complain("labels", "texts by name");
      }
  }
  reader.limits("x", spec.x);
  reader.limits("y", spec.y);
  if (reader.error()) return *reader.error();
  return spec;
}

}  // namespace vaco::ui
