// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/task_file.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>

#include "core/base/files.h"
#include "core/base/json.h"
#include "core/base/nearest_word.h"
#include "core/sim/expression.h"
#include "core/sim/mujoco_environment.h"

namespace vaco {
namespace {

/// The names that formulas may use. What only a reward knows stands at the end.
struct Names {
  std::vector<ExpressionName> all;
  size_t of_states = 0;  // leading names that need no step
  std::vector<int> body_ids, site_ids;
};

Names names_of(const mjModel& model) {
  const auto count = [](auto n) { return static_cast<size_t>(n); };
  Names names;
  names.all = {{"qpos", count(model.nq)}, {"qvel", count(model.nv)}, {"qpos0", count(model.nq)}, {"time", 1}};
  const auto add_named = [&](mjtObj kind, int number, const char* prefix, std::vector<int>& ids) {
    for (int id = 0; id < number; ++id)
      if (const char* name = mj_id2name(&model, kind, id)) {
        names.all.push_back({std::string(prefix) + name, 3});
        ids.push_back(id);
      }
  };
  add_named(mjOBJ_BODY, static_cast<int>(model.nbody), "body.", names.body_ids);
  add_named(mjOBJ_SITE, static_cast<int>(model.nsite), "site.", names.site_ids);
  names.of_states = names.all.size();
  for (ExpressionName more : {ExpressionName{"action", count(model.nu)},
                              {"qpos_before", count(model.nq)},
                              {"qvel_before", count(model.nv)},
                              {"dt", 1}})
    names.all.push_back(std::move(more));
  return names;
}

/// The formulas of a task with what their names stand for.
struct Formulas {
  Names names;
  std::vector<Expression> observation;
  std::optional<Expression> reward, terminated, start_qpos, start_qvel;

  ExpressionValues values(const Scene& scene, const StepView* step = nullptr) const {
    const auto span = [](const mjtNum* first, auto n) {
      return std::span<const double>(first, static_cast<size_t>(n));
    };
    ExpressionValues values;
    values.at = [this, span, step, &model = scene.model, &data = scene.data](size_t name) {
      switch (name) {
        case 0:
          return span(data.qpos, model.nq);
        case 1:
          return span(data.qvel, model.nv);
        case 2:
          return span(model.qpos0, model.nq);
        case 3:
          return span(&data.time, 1);
        default:
          break;
      }
      name -= 4;
      if (name < names.body_ids.size()) return span(data.xpos + 3 * names.body_ids[name], 3);
      name -= names.body_ids.size();
      if (name < names.site_ids.size()) return span(data.site_xpos + 3 * names.site_ids[name], 3);
      switch (name - names.site_ids.size()) {
        case 0:
          return step->action;
        case 1:
          return step->qpos_before;
        case 2:
          return step->qvel_before;
        default:
          return span(&step->dt, 1);
      }
    };
    return values;
  }
};

/// Reads the fields of a task file one by one and keeps the first fault.
class TaskFileReader {
 public:
  TaskFileReader(std::string path, std::string text, Json json)
      : path_(std::move(path)), text_(std::move(text)), json_(std::move(json)) {}

  Result<std::shared_ptr<const EnvironmentSetup>> run() {
    if (!json_.is_object()) return Error{ErrorCode::usage, path_ + ": a task file is a JSON object"};
    check_keys(json_,
               {"name", "model", "frame_skip", "step_limit", "observation", "reward", "terminated", "reset"});
    const auto model_name = text_at(json_, "model", true);
    const auto frame_skip = whole_at("frame_skip", 1, 1000);
    const auto step_limit = whole_at("step_limit", 1000, 1000000);
    if (fault_) return *fault_;
    auto model = compile_model_file((std::filesystem::path(path_).parent_path() / model_name).string());
    if (!model) return model.error().within(place("model", model_name));
    check_motors(**model);
    auto formulas = std::make_shared<Formulas>();
    formulas->names = names_of(**model);
    read_formulas(**model, *formulas);
    if (fault_) return *fault_;

    auto setup = std::make_shared<EnvironmentSetup>();
    setup->physics = Physics::v4;
    setup->model = std::shared_ptr<const mjModel>(model->release(), ModelDeleter{});
    setup->rules = rules_of(formulas, static_cast<int>(frame_skip));
    setup->info = describe(setup->rules, setup->physics, *setup->model);
    const auto name = text_at(json_, "name", false);
    setup->info.label = name.empty() ? std::filesystem::path(path_).stem().string() : name;
    setup->info.max_episode_steps = static_cast<int>(step_limit);
    try_out(setup);
    if (fault_) return *fault_;
    return std::shared_ptr<const EnvironmentSetup>(std::move(setup));
  }

 private:
  EnvironmentRules rules_of(const std::shared_ptr<const Formulas>& f, int frame_skip) const {
    EnvironmentRules rules{.name = path_, .frame_skip = frame_skip};
    if (f->terminated)
      rules.healthy = [f](const Scene& scene) { return f->terminated->evaluate(f->values(scene))[0] == 0.0; };
    rules.reward = [f](const StepView& step) { return f->reward->evaluate(f->values(step.scene, &step))[0]; };
    rules.observe = [f](const Scene& scene, std::vector<double>& out) {
      for (const auto& part : f->observation) {
        const auto numbers = part.evaluate(f->values(scene));
        out.insert(out.end(), numbers.begin(), numbers.end());
      }
    };
    rules.reset = [f](const mjModel& model, Rng& rng, StartState& start) {
      const DataPtr data = make_data(model);
      auto values = f->values({model, *data, Physics::v4});
      values.rng = &rng;
      const auto draw = [&](const std::optional<Expression>& formula, std::vector<double>& numbers) {
        if (!formula) return;
        values.draws = numbers.size();
        const auto drawn = formula->evaluate(values);
        for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = drawn[drawn.size() == 1 ? 0 : i];
      };
      draw(f->start_qpos, start.qpos);
      draw(f->start_qvel, start.qvel);
    };
    return rules;
  }

  void read_formulas(const mjModel& model, Formulas& f) {
    const auto states = std::span(f.names.all).first(f.names.of_states);
    const auto observation = json_.find("observation");
    if (observation == json_.end() || !(observation->is_string() || observation->is_array()) ||
        observation->empty())
      return fail("observation", {}, "a list of formulas is needed: [\"qpos[1:]\", \"qvel\"]");
    for (const auto& part : observation->is_array() ? *observation : Json::array({*observation})) {
      auto formula = parse("observation", part, states);
      if (!formula) return;
      f.observation.push_back(std::move(*formula));
    }
    if (!json_.contains("reward")) return fail("reward", {}, "a formula is needed");
    f.reward = parse("reward", json_["reward"], f.names.all, 1);
    if (json_.contains("terminated")) f.terminated = parse("terminated", json_["terminated"], states, 1);
    if (!json_.contains("reset")) return;
    const Json& reset = json_["reset"];
    if (!reset.is_object()) return fail("reset", {}, "formulas by name are needed: {\"qpos\": \"...\"}");
    check_keys(reset, {"qpos", "qvel"});
    const auto start = std::span(f.names.all).first(3);
    if (reset.contains("qpos"))
      f.start_qpos =
          parse("qpos", reset["qpos"], start, static_cast<size_t>(model.nq), static_cast<size_t>(model.nq));
    if (reset.contains("qvel"))
      f.start_qvel =
          parse("qvel", reset["qvel"], start, static_cast<size_t>(model.nv), static_cast<size_t>(model.nv));
  }

  /// size: numbers that the formula has to give, or one number for all of them; 0 = any.
  std::optional<Expression> parse(const char* key, const Json& value, std::span<const ExpressionName> names,
                                  size_t size = 0, size_t draws = 1) {
    if (!value.is_string()) {
      fail(key, {}, "a formula is written as text: \"...\"");
      return {};
    }
    const auto text = value.get<std::string>();
    auto formula = Expression::parse(text, names, draws);
    if (!formula) {
      fail(key, text, formula.error().message);
      return {};
    }
    if (size > 0 && formula->size() != size && formula->size() != 1) {
      fail(key, text, "it gives " + std::to_string(formula->size()) + " numbers, not " + std::to_string(size));
      return {};
    }
    return std::move(*formula);
  }

  void check_motors(const mjModel& model) {
    if (model.nu == 0) return fail("model", {}, "the model has no motor, so there is nothing to act with");
    for (int i = 0; i < model.nu; ++i)
      if (!model.actuator_ctrllimited[i])
        return fail("model", {},
                    "motor " + std::to_string(i) + " has no ctrlrange, which are the bounds of an action");
  }

  /// One start and one step, so that no run finds out after an hour.
  void try_out(const std::shared_ptr<const EnvironmentSetup>& setup) {
    MujocoEnvironment env(setup);
    Rng rng(0);
    env.reset(rng);
    std::vector<double> seen(static_cast<size_t>(setup->info.obs_dim));
    std::as_const(env).observe(std::span<double>(seen));
    const auto finite = [](double v) { return std::isfinite(v); };
    if (!std::all_of(seen.begin(), seen.end(), finite))
      return fail("observation", {}, "it is not finite at the start of an episode");
    if (setup->rules.healthy && !setup->rules.healthy({env.model(), env.data(), env.physics()}))
      return fail("terminated", {}, "it holds already at the start of an episode");
    const std::vector<double> rest(static_cast<size_t>(setup->info.action_dim));
    const auto before = std::vector<double>(env.qpos().begin(), env.qpos().end());
    const std::vector<double> still(env.qvel().begin(), env.qvel().end());
    const StepView step{
        {env.model(), env.data(), env.physics()}, rest, setup->info.dt, 0.0, before, still, false};
    if (!finite(setup->rules.reward(step))) fail("reward", {}, "it is not finite at the start of an episode");
  }

  std::string text_at(const Json& object, const char* key, bool needed) {
    const auto found = object.find(key);
    if (found != object.end() && found->is_string()) return found->get<std::string>();
    if (found != object.end() || needed) fail(key, {}, "a text is needed");
    return {};
  }
  int64_t whole_at(const char* key, int64_t fallback, int64_t most) {
    const auto found = json_.find(key);
    if (found == json_.end()) return fallback;
    if (found->is_number_integer() && found->get<int64_t>() >= 1 && found->get<int64_t>() <= most)
      return found->get<int64_t>();
    fail(key, {}, "a whole number from 1 to " + std::to_string(most) + " is needed");
    return fallback;
  }
  void check_keys(const Json& object, const std::vector<std::string>& known) {
    for (const auto& [key, value] : object.items()) {
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      std::string all;
      for (const auto& k : known) all += (all.empty() ? "" : ", ") + k;
      const auto meant = nearest_word(key, known);
      fail(key, {},
           "this is not known" + (meant.empty() ? "" : "; did you mean " + meant + "?") + " Known are " + all);
    }
  }

  /// "robot.json, line 4, reward": where the value, or else its key, stands in the text.
  [[nodiscard]] std::string place(const std::string& key, const std::string& value) const {
    auto at = text_.find(Json(key).dump());
    if (at != std::string::npos && !value.empty())
      if (const auto said = text_.find(Json(value).dump(), at); said != std::string::npos) at = said;
    std::string place = path_;
    if (at != std::string::npos)
      place += ", line " +
               std::to_string(1 + std::count(text_.begin(), text_.begin() + static_cast<int64_t>(at), '\n'));
    return place + ", " + key;
  }
  void fail(const std::string& key, const std::string& value, const std::string& what) {
    if (!fault_) fault_ = Error{ErrorCode::usage, place(key, value) + ": " + what};
  }

  std::string path_, text_;
  Json json_;
  std::optional<Error> fault_;
};

}  // namespace

Result<std::shared_ptr<const EnvironmentSetup>> read_task_file(const std::string& path) {
  auto text = read_text(path);
  if (!text) return text.error();
  auto json = read_json(path);
  if (!json) return json.error();
  try {
    return TaskFileReader(path, std::move(*text), std::move(*json)).run();
  } catch (const MujocoError& error) {
    return Error{ErrorCode::failed, "MuJoCo cannot set up " + path + ": " + error.what()};
  }
}

}  // namespace vaco
