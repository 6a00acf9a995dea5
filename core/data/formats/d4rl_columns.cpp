// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/formats/d4rl_columns.h"

#include <algorithm>

#include "core/base/json.h"
#include "core/tasks/physics_name.h"

namespace vaco {
namespace {

/// Reads one column after the other and tells the progress of all, weighted by their elements.
class ColumnReader {
 public:
  ColumnReader(const Hdf5File& file, const ProgressFn& progress, std::stop_token stop, double elements)
      : file_(file), progress_(progress), stop_(std::move(stop)), elements_(elements) {}

  template <class T>
  Result<std::vector<T>> read(const std::string& name, int64_t rows, int64_t width) {
    const double own = static_cast<double>(rows * width);
    const auto go_on = [&](double fraction) {
      if (progress_) progress_(std::min(1.0, (done_ + fraction * own) / elements_), "reading " + name);
      return !stop_.stop_requested();
    };
    if (!go_on(0.0)) return Error{ErrorCode::stopped, "stopped reading " + file_.name()};
    auto array = file_.read<T>(name, go_on);
    if (!array) return array.error();
    done_ += own;
    return std::move(array->values);
  }

 private:
  const Hdf5File& file_;
  const ProgressFn& progress_;
  std::stop_token stop_;
  double elements_;
  double done_ = 0.0;
};

std::string shape_text(const std::vector<int64_t>& shape) {
  std::string text;
  for (const int64_t extent : shape) text += (text.empty() ? "" : " × ") + std::to_string(extent);
  return text.empty() ? "a single value" : text;
}

Error wrong(const Hdf5File& file, const std::string& array, const std::string& what) {
  return {ErrorCode::bad_data, file.name() + ": " + array + ": " + what};
}

struct Shape {
  int64_t rows = 0, width = 0;
  bool wide = false;  ///< float64
};

/// The shape of a column, [N] counting as [N, 1].
Result<Shape> column_shape(const Hdf5File& file, const std::string& name) {
  switch (file.kind(name)) {
    case Hdf5Kind::array:
      break;
    case Hdf5Kind::missing:
      return wrong(file, name,
                   "there is no such array, so this is not a D4RL dataset (it needs observations, actions, "
                   "rewards and terminals)");
    case Hdf5Kind::group:
      return wrong(file, name, "it is a group; an array was expected");
    case Hdf5Kind::other:
      return wrong(file, name, "it cannot be opened (damaged, or a link to another file)");
  }
  const auto info = file.describe(name);
  if (!info) return info.error();
  if (!info->is_number()) return wrong(file, name, "its elements are not numbers");
  if (info->shape.empty() || info->shape.size() > 2)
    return wrong(file, name, "it has the shape " + shape_text(info->shape) + "; rows × numbers was expected");
  Shape shape{info->shape[0], info->shape.size() == 2 ? info->shape[1] : 1, false};
  if (shape.rows < 1 || shape.width < 1) return wrong(file, name, "it is empty");
  shape.wide = info->elements == Hdf5Elements::real && info->element_bytes > 4;
  return shape;
}

/// A column that must have so many rows of so many numbers.
Result<Shape> fitting_shape(const Hdf5File& file, const std::string& name, int64_t rows, int64_t width) {
  auto shape = column_shape(file, name);
  if (!shape) return shape;
  if (shape->rows != rows)
    return wrong(
        file, name,
        "it has " + std::to_string(shape->rows) + " rows, but observations has " + std::to_string(rows));
  if (width > 0 && shape->width != width)
    return wrong(file, name,
                 "it has " + std::to_string(shape->width) + " numbers in a row; " + std::to_string(width) +
                     (width == 1 ? " was expected" : " were expected, as in observations"));
  return shape;
}

/// Flags may be of any number type; anything but zero is set.
std::vector<uint8_t> to_flags(const std::vector<float>& values, D4rlColumns& columns) {
  std::vector<uint8_t> flags(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    flags[i] = values[i] != 0.0f;
    if (values[i] == 0.0f || values[i] == 1.0f) continue;
    if (columns.odd_flags++ == 0) columns.first_odd_flag = static_cast<int64_t>(i);
  }
  return flags;
}

/// Only what rolls policies out names the program; a mix may hold anything.
bool is_of_this_program(const std::string& provenance) {
  const Json json = Json::parse(provenance, nullptr, false);
  return json.is_object() && json.contains("program") && json["program"].is_string() &&
         json["program"].get_ref<const std::string&>().starts_with("vaco-workbench ");
}

/// What the file says about itself. Whatever is absent or unreadable here is not needed.
void read_metadata(const Hdf5File& file, D4rlHead& head) {
  if (file.has_array("metadata/environment"))
    if (auto text = file.read_text("metadata/environment")) head.environment = text->substr(0, 64);
  if (file.has_array("metadata/physics"))
    if (auto text = file.read_text("metadata/physics")) head.physics = physics_name(text->substr(0, 16));
  if (file.has_array("metadata/policy_names"))
    if (auto names = file.read_texts("metadata/policy_names")) head.policy_names = std::move(*names);
  if (file.has_array("metadata/provenance"))
    if (const auto text = file.read_text("metadata/provenance"))
      head.collected_here = is_of_this_program(*text);
}

}  // namespace

Result<D4rlHead> read_d4rl_head(const Hdf5File& file) {
  D4rlHead head;
  const auto observations = column_shape(file, "observations");
  if (!observations) return observations.error();
  const auto actions = fitting_shape(file, "actions", observations->rows, 0);
  if (!actions) return actions.error();
  head.rows = observations->rows;
  head.obs_dim = observations->width;
  head.action_dim = actions->width;
  if (observations->wide) head.wide_columns.push_back("observations");
  if (actions->wide) head.wide_columns.push_back("actions");

  const auto expect = [&](const std::string& name, int64_t width) -> Result<void> {
    const auto shape = fitting_shape(file, name, head.rows, width);
    if (!shape) return shape.error();
    if (shape->wide && (width != 1 || name == "rewards")) head.wide_columns.push_back(name);
    return {};
  };
  head.has_next_observations = file.kind("next_observations") != Hdf5Kind::missing;
  head.has_timeouts = file.kind("timeouts") != Hdf5Kind::missing;
  head.has_policy_ids = file.kind("infos/policy") == Hdf5Kind::array;
  for (const char* name : {"rewards", "terminals"})
    if (auto fits = expect(name, 1); !fits) return fits.error();
  if (head.has_timeouts)
    if (auto fits = expect("timeouts", 1); !fits) return fits.error();
  if (head.has_next_observations)
    if (auto fits = expect("next_observations", head.obs_dim); !fits) return fits.error();
  if (head.has_policy_ids)
    if (auto fits = expect("infos/policy", 1); !fits) return fits.error();
  read_metadata(file, head);
  return head;
}

Result<D4rlColumns> read_d4rl_columns(const Hdf5File& file, const ProgressFn& progress, std::stop_token stop) {
  auto head = read_d4rl_head(file);
  if (!head) return head.error();
  D4rlColumns columns;
  static_cast<D4rlHead&>(columns) = std::move(*head);
  // In double, as the sizes that a hostile file claims may be of any size.
  const double numbers = static_cast<double>(columns.obs_dim) * (columns.has_next_observations ? 2.0 : 1.0) +
                         static_cast<double>(columns.action_dim) + 2.0 + columns.has_timeouts +
                         columns.has_policy_ids;
  const double elements = static_cast<double>(columns.rows) * numbers;
  ColumnReader reader(file, progress, std::move(stop), elements);
  const auto fill = [&]<class T>(std::vector<T>& column, const char* name, int64_t width) -> Result<void> {
    auto values = reader.read<T>(name, columns.rows, width);
    if (!values) return values.error();
    column = std::move(*values);
    return {};
  };
  const auto fill_flags = [&](std::vector<uint8_t>& column, const char* name) -> Result<void> {
    auto values = reader.read<float>(name, columns.rows, 1);
    if (!values) return values.error();
    column = to_flags(*values, columns);
    return {};
  };
  if (auto done = fill(columns.observations, "observations", columns.obs_dim); !done) return done.error();
  if (auto done = fill(columns.actions, "actions", columns.action_dim); !done) return done.error();
  if (auto done = fill(columns.rewards, "rewards", 1); !done) return done.error();
  if (auto done = fill_flags(columns.terminals, "terminals"); !done) return done.error();
  if (columns.has_timeouts)
    if (auto done = fill_flags(columns.timeouts.emplace(), "timeouts"); !done) return done.error();
  if (columns.has_next_observations)
    if (auto done = fill(columns.next_observations, "next_observations", columns.obs_dim); !done)
      return done.error();
  if (columns.has_policy_ids)
    if (auto done = fill(columns.policy_ids, "infos/policy", 1); !done) return done.error();
  return columns;
}

}  // namespace vaco
