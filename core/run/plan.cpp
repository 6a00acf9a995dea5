// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/plan.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <map>
#include <set>

#include "core/base/reference_scores.h"
#include "core/data/reader.h"
#include "core/learn/algorithm.h"
#include "core/run/check_config.h"
#include "core/run/fit_to_data.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

constexpr size_t kMostCells = 100'000;

Error wrong(const std::string& place, const std::string& what) {
  return {ErrorCode::usage, place + ": " + what};
}

std::string item(const char* list, size_t index) {
  return std::string(list) + "[" + std::to_string(index) + "]";
}

Result<void> check_keys(const Json& object, const std::string& place,
                        std::initializer_list<const char*> known) {
  if (!object.is_object()) return wrong(place, "must be an object {...}");
  for (const auto& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    std::string list;
    for (const char* name : known) list += (list.empty() ? "" : ", ") + std::string(name);
    return wrong(place, "unknown key '" + key + "'; it may have " + list);
  }
  return {};
}

/// The text under a key, or the other one where there is none.
Result<std::string> text_of(const Json& object, const std::string& place, const char* key,
                            const std::string& otherwise = {}) {
  if (!object.contains(key)) return otherwise;
  if (!object[key].is_string()) return wrong(place + "." + key, "must be a text");
  return object[key].get<std::string>();
}

Result<std::vector<Json>> list_of(const Json& json, const char* key) {
  const Json& list = json.contains(key) ? json[key] : Json();
  if (!list.is_array() || list.empty()) return wrong(key, "must be a list [...] with at least one entry");
  return std::vector<Json>(list.begin(), list.end());
}

struct PlanDataset {
  std::string name, environment, physics;
  fs::path path;
  DatasetHead head;
};

/// An algorithm of the plan with all that does not vary over its cells.
struct Variant {
  std::string place, label;
  RunConfig config;
  std::set<std::string> own;  ///< parameters that its own "set" fixes
};

struct Grid {
  std::string key;
  std::vector<Json> values;
};

class PlanParser {
 public:
  PlanParser(const Json& json, const fs::path& base) : json_(json), base_(base) {}

  Result<Plan> parse() {
    if (auto r = settings(); !r) return r.error();
    if (auto r = datasets(); !r) return r.error();
    return expand();
  }

  Result<void> settings() {
    if (auto r = check_keys(
            json_, "the plan",
            {"datasets", "algorithms", "params", "seeds", "preset", "set", "threads", "device", "precision"});
        !r)
      return r;
    for (const auto step : {&PlanParser::common, &PlanParser::variants, &PlanParser::common_set,
                            &PlanParser::grid, &PlanParser::seeds})
      if (auto r = (this->*step)(); !r) return r;
    return {};
  }

 private:
  Result<void> datasets() {
    const auto list = list_of(json_, "datasets");
    if (!list) return list.error();
    for (size_t i = 0; i < list->size(); ++i) {
      const std::string place = item("datasets", i);
      const Json& given = (*list)[i];
      const Json entry = given.is_string() ? Json{{"path", given}} : given;
      if (auto r = check_keys(entry, place, {"name", "path", "environment", "physics"}); !r) return r;
      const auto path = text_of(entry, place, "path");
      if (!path) return path.error();
      if (path->empty()) return wrong(place, "needs a path");
      PlanDataset dataset;
      dataset.path = (base_ / *path).lexically_normal();
      const auto head = look_into(dataset.path, place);
      if (!head) return head.error();
      const auto name = text_of(entry, place, "name", dataset.path.stem().string());
      const auto environment = text_of(entry, place, "environment");
      const auto physics = text_of(entry, place, "physics");
      for (const auto* text : {&name, &environment, &physics})
        if (!*text) return text->error();
      dataset.name = *name;
      dataset.environment = *environment;
      dataset.physics = *physics;
      if (auto r = check_environment_name(dataset.environment); !r) return r.error().within(place);
      dataset.head = *head;
      if (auto r = claim(dataset.name, place, "name"); !r) return r;
      datasets_.push_back(std::move(dataset));
    }
    return {};
  }

  /// Two datasets or two algorithms must not share the files or the rows of a table.
  Result<void> claim(const std::string& name, const std::string& place, const char* key) {
    const std::string part = file_name_part(name);
    if (part.empty()) return wrong(place, std::string("its ") + key + " has no letters or digits");
    const auto [other, fresh] = claimed_.emplace(std::string(key) + " " + part, place);
    if (fresh) return {};
    return wrong(place, "'" + name + "' names " + other->second + " already; give it another \"" + key + "\"");
  }

  static Result<DatasetHead> look_into(const fs::path& path, const std::string& place) {
    std::error_code status;
    if (!fs::exists(path, status))
      return Error{ErrorCode::bad_data, place + ": the dataset " + path.string() + " does not exist"};
    auto head = read_dataset_head(path);
    if (!head) return head.error().within(place);
    return head;
  }

  Result<void> common() {
    for (const auto& [key, field] : {std::pair{"preset", &common_.preset}, std::pair{"device", &common_.device},
                                     std::pair{"precision", &common_.precision}}) {
      const auto text = text_of(json_, "the plan", key, *field);
      if (!text) return text.error();
      *field = *text;
    }
    common_.threads = 1;
    if (!json_.contains("threads")) return {};
    if (!json_["threads"].is_number_unsigned())
      return wrong("threads", "must be a whole number, 0 for all cores");
    const auto threads = json_["threads"].get<uint64_t>();
    if (threads > 1024) return wrong("threads", "must be 0 (all cores) to 1024");
    common_.threads = static_cast<int>(threads);
    return {};
  }

  Result<void> variants() {
    const auto list = list_of(json_, "algorithms");
    if (!list) return list.error();
    for (size_t i = 0; i < list->size(); ++i) {
      const std::string place = item("algorithms", i);
      const Json& given = (*list)[i];
      const Json entry = given.is_string() ? Json{{"algorithm", given}} : given;
      if (auto r = check_keys(entry, place, {"algorithm", "label", "preset", "set"}); !r) return r;
      const auto key = text_of(entry, place, "algorithm");
      const auto preset = text_of(entry, place, "preset", common_.preset);
      for (const auto* text : {&key, &preset})
        if (!*text) return text->error();
      const auto info = find_algorithm(*key);
      if (!info) return info.error().within(place);
      const auto label = text_of(entry, place, "label", (*info)->label);
      if (!label) return label.error();
      if (auto r = claim(*label, place, "label"); !r) return r;
      auto config = make_config(*key, *preset);
      if (!config) return config.error().within(place);
      config->device = common_.device;
      config->precision = common_.precision;
      config->threads = common_.threads;
      Variant variant{place, *label, std::move(*config), {}};
      if (entry.contains("set")) {
        if (!entry["set"].is_object()) return wrong(place + ".set", "must be an object {parameter: value}");
        for (const auto& [param, value] : entry["set"].items()) {
          if (auto r = assign(variant.config, param, value, place + ".set"); !r) return r;
          variant.own.insert(param);
        }
      }
      variants_.push_back(std::move(variant));
    }
    return {};
  }

  static Result<void> assign(RunConfig& config, const std::string& key, const Json& json,
                             const std::string& place) {
    const auto spec = require_param(config.algorithm, key);
    if (!spec) return spec.error().within(place);
    auto value = from_json_value(*spec, json);
    if (!value) return value.error().within(place);
    config.params[key] = {*value, Origin::command_line};
    return {};
  }

  /// A parameter of the whole plan goes to the algorithms that have it; one that none has is a mistake.
  Result<void> check_known(const std::string& key, const std::string& place) const {
    for (const auto& variant : variants_)
      if (variant.config.params.contains(key)) return {};
    const auto spec = require_param(variants_.front().config.algorithm, key);
    return wrong(place, "no algorithm of the plan has it" + (spec ? "" : ": " + spec.error().message));
  }

  Result<void> common_set() {
    if (!json_.contains("set")) return {};
    if (!json_["set"].is_object()) return wrong("set", "must be an object {parameter: value}");
    for (const auto& [key, value] : json_["set"].items()) {
      if (auto r = check_known(key, "set." + key); !r) return r;
      for (auto& variant : variants_)
        if (variant.config.params.contains(key) && !variant.own.contains(key))
          if (auto r = assign(variant.config, key, value, "set"); !r) return r;
    }
    return {};
  }

  Result<void> grid() {
    if (!json_.contains("params")) return {};
    if (!json_["params"].is_object()) return wrong("params", "must be an object {parameter: [values]}");
    for (const auto& [key, values] : json_["params"].items()) {
      const std::string place = "params." + key;
      if (!values.is_array() || values.empty())
        return wrong(place, "must be a list of values [...] with at least one");
      if (auto r = check_known(key, place); !r) return r;
      if (json_.contains("set") && json_["set"].contains(key))
        return wrong(place, "is fixed by set." + key + " as well; leave one of them out");
      for (const auto& variant : variants_) {
        if (variant.own.contains(key))
          return wrong(place, "is fixed by " + variant.place + ".set as well; leave one of them out");
        if (!variant.config.params.contains(key)) continue;
        std::set<std::string> seen;
        for (size_t i = 0; i < values.size(); ++i) {
          RunConfig trial = variant.config;
          if (auto r = assign(trial, key, values[i], item(place.c_str(), i)); !r) return r;
          if (!seen.insert(to_text(trial.params.at(key).value)).second)
            return wrong(item(place.c_str(), i), "the value " + values[i].dump() + " is there twice");
        }
      }
      grid_.push_back({key, {values.begin(), values.end()}});
    }
    return {};
  }

  Result<void> seeds() {
    if (!json_.contains("seeds")) {
      seeds_ = {0, 1, 2};
      return {};
    }
    const auto list = list_of(json_, "seeds");
    if (!list) return list.error();
    for (size_t i = 0; i < list->size(); ++i) {
      if (!(*list)[i].is_number_unsigned())
        return wrong(item("seeds", i), "a seed is a whole number from 0 on, not " + (*list)[i].dump());
      const auto seed = (*list)[i].get<uint64_t>();
      if (std::find(seeds_.begin(), seeds_.end(), seed) != seeds_.end())
        return wrong(item("seeds", i), "the seed " + std::to_string(seed) + " is there twice");
      seeds_.push_back(seed);
    }
    return {};
  }

  /// The variant once for every combination of the grid's values that it has.
  [[nodiscard]] std::vector<PlanCell> combinations(const Variant& variant) const {
    PlanCell first;
    first.label = variant.label;
    first.config = variant.config;
    std::vector<PlanCell> all{first};
    for (const auto& [key, values] : grid_) {
      if (!variant.config.params.contains(key)) continue;
      std::vector<PlanCell> wider;
      for (const auto& cell : all)
        for (const auto& value : values) {
          PlanCell next = cell;
          if (auto assigned = assign(next.config, key, value, key); !assigned) continue;  // checked by grid()
          next.grid.emplace_back(key, to_text(next.config.params.at(key).value));
          wider.push_back(std::move(next));
        }
      all = std::move(wider);
    }
    return all;
  }

  Result<Plan> expand() {
    Plan plan;
    std::vector<PlanCell> runs;
    for (const auto& variant : variants_)
      for (auto& cell : combinations(variant)) runs.push_back(std::move(cell));
    if (runs.size() * datasets_.size() > kMostCells / seeds_.size())
      return wrong("the plan", "would make more than " + std::to_string(kMostCells) + " runs");
    for (const uint64_t seed : seeds_)
      for (const auto& dataset : datasets_)
        for (PlanCell cell : runs) {
          cell.dataset = dataset.name;
          cell.config.dataset = dataset.path;
          cell.config.environment = dataset.environment;
          cell.config.physics = dataset.physics;
          cell.config.seed = seed;
          cell.name = file_name_part(dataset.name) + "__" + file_name_part(cell.label);
          for (const auto& [key, value] : cell.grid) cell.name += "__" + key + "-" + file_name_part(value);
          cell.name += "__s" + std::to_string(seed);
          if (auto checked = check_config(cell.config); !checked) return checked.error().within(cell.name);
          if (auto fits = fit_to_data(cell.config, dataset.head); !fits) return fits.error().within(cell.name);
          plan.cells.push_back(std::move(cell));
        }
    std::set<std::string> said;
    for (const auto& run : runs) {
      const auto schema = full_schema(run.config.algorithm);
      if (!schema) return schema.error();
      for (const auto& spec : *schema) {
        const ConfiguredValue& configured = run.config.params.at(spec.key);
        auto warning = configured.origin > Origin::preset ? warning_for(spec, configured.value) : std::string();
        if (!warning.empty() && said.insert(warning).second) plan.warnings.push_back(std::move(warning));
      }
    }
    return plan;
  }

  const Json& json_;
  fs::path base_;
  RunConfig common_;
  std::vector<PlanDataset> datasets_;
  std::vector<Variant> variants_;
  std::vector<Grid> grid_;
  std::vector<uint64_t> seeds_;
  std::map<std::string, std::string> claimed_;
};

}  // namespace

Result<Plan> parse_plan(const Json& json, const fs::path& base) {
  return PlanParser(json, fs::absolute(base)).parse();
}

Result<void> check_plan_settings(const Json& json) {
  return PlanParser(json, ".").settings();
}

Result<Plan> read_plan(const fs::path& file) {
  const auto json = read_json(file);
  if (!json) return json.error();
  auto plan = parse_plan(*json, fs::absolute(file).parent_path());
  if (!plan) return plan.error().within(file.string());
  return plan;
}

Json cells_to_json(const Plan& plan) {
  Json cells = Json::array();
  for (const auto& cell : plan.cells) {
    Json params = Json::object();
    for (const auto& [key, value] : cell.grid) params[key] = to_json_value(cell.config.params.at(key).value);
    cells.push_back({{"name", cell.name},
                     {"dataset", cell.dataset},
                     {"label", cell.label},
                     {"algorithm", cell.config.algorithm},
                     {"seed", cell.config.seed},
                     {"params", params}});
  }
  return {{"cells", cells}};
}

std::string file_name_part(const std::string& text) {
  std::string part;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '+';
    if (plain || c == '-')
      part += c;
    else if (!part.empty() && part.back() != '-')
      part += '-';
  }
  while (!part.empty() && part.back() == '-') part.pop_back();
  return part.starts_with('.') ? "_" + part.substr(1) : part;
}

}  // namespace vaco
