// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/formats/flat_columns.h"

#include <algorithm>

#include "core/data/dataset_builder.h"
#include "core/data/formats/flat_ends.h"

namespace vaco {
namespace {

/// The name under which the source has a role, or an empty text.
Result<std::string> name_in(const ArraySource& source, Role role, const ColumnChoice& choice) {
  if (const auto chosen = choice.find(role); chosen != choice.end()) {
    if (chosen->second.size() != 1)
      return Error{ErrorCode::usage,
                   "--columns: " + std::string(role_name(role)) + " takes the name of one array here"};
    if (!source.has(chosen->second[0]))
      return Error{ErrorCode::usage, "--columns: " + source.name() + " has no '" + chosen->second[0] + "'"};
    return chosen->second[0];
  }
  for (const auto& name : names_of(role))
    if (source.has(std::string(name))) return std::string(name);
  return std::string();
}

/// Names that mean nothing unless all else is clear.
bool is_vague(const std::string& name) {
  return name.size() == 1 || name == "source" || name == "policy" || name == "last" || name == "mask";
}

/// Roles that rows can be read without.
bool is_optional(Role role, const FlatLayout& layout) {
  return role == Role::live || role == Role::episodes || role == Role::steps || role == Role::behavior ||
         (role == Role::dones && layout.has(Role::terminals));
}

/// A column of one number a row, for all environments.
Result<bool> fits_rows(const ArraySource& source, const std::string& name, const FlatLayout& layout) {
  const auto info = source.describe(name);
  if (!info) return info.error();
  if (info->kind == NumberKind::other)
    return source.wrong(
        name, "its elements are not numbers" + (info->otherwise.empty() ? "" : " but " + info->otherwise));
  const auto& shape = info->shape;
  const int64_t rows = layout.observations.rows, across = layout.observations.sequences;
  if (shape.empty() || shape.size() > 3)
    return source.wrong(name, "it has the shape " + shape_text(shape) + "; rows × numbers was expected");
  if (shape[0] < 1) return source.wrong(name, "it is empty");
  if (shape[0] != rows)
    return source.wrong(name, "it has " + std::to_string(shape[0]) + " rows, but " +
                                  layout.observations.parts.front().array + " has " + std::to_string(rows));
  int64_t width = 1;
  for (size_t d = 1; d < shape.size(); ++d) width *= std::max<int64_t>(shape[d], 0);
  if (width != across)
    return source.wrong(name, "it has " + std::to_string(width) + " numbers in a row; " +
                                  std::to_string(across) +
                                  (across == 1 ? " was expected" : " were expected, one for each environment"));
  return info->element_bytes > (info->kind == NumberKind::real ? 4 : 2);
}

/// Several environments side by side: [N, environments, d] beside rewards of [N, environments].
bool is_side_by_side(const ArraySource& source, const std::string& observations, const std::string& rewards) {
  if (rewards.empty()) return false;
  const auto o = source.describe(observations), r = source.describe(rewards);
  return o && r && o->shape.size() == 3 && r->shape.size() >= 2 && r->shape[1] == o->shape[1];
}

Result<JoinedArrays> join_role(const ArraySource& source, const std::string& name, const ReadOptions& options,
                               bool side_by_side) {
  auto members = choose_arrays(source, source.members(name), options.observation_keys);
  if (!members) return members.error();
  if (members->empty()) return source.wrong(name, "it holds no arrays");
  return join_arrays(source, *members, side_by_side);
}

}  // namespace

double flat_confidence(const ArraySource& source) {
  const auto any = [&](std::initializer_list<Role> roles) {
    for (const Role role : roles)
      for (const auto& name : names_of(role))
        if (!is_vague(std::string(name)) && source.has(std::string(name))) return true;
    return false;
  };
  return (any({Role::observations}) ? 0.2 : 0.0) + (any({Role::actions}) ? 0.2 : 0.0) +
         (any({Role::rewards}) ? 0.2 : 0.0) +
         (any({Role::terminals, Role::timeouts, Role::dones, Role::live}) ? 0.2 : 0.0);
}

Result<FlatLayout> find_flat(const ArraySource& source, const FlatNeeds& needs, const ReadOptions& options) {
  const auto choice = parse_columns(options.columns);
  if (!choice) return choice.error();
  FlatLayout layout;
  for (size_t r = 0; r < kRoles; ++r) {
    auto name = name_in(source, static_cast<Role>(r), *choice);
    if (!name) return name.error();
    layout.names[r] = std::move(*name);
  }
  const auto missing = [&](Role role) {
    return source.wrong(std::string(role_name(role)), "there is no such array, so this is not " + needs.kind);
  };
  if (!layout.has(Role::observations)) return missing(Role::observations);
  if (!layout.has(Role::actions)) return missing(Role::actions);
  if (needs.rewards && !layout.has(Role::rewards)) return missing(Role::rewards);
  const bool some_end = layout.has(Role::terminals) || layout.has(Role::dones) || layout.has(Role::live) ||
                        layout.has(Role::episodes);
  if (needs.ends && !some_end) return missing(Role::terminals);

  const bool side_by_side = is_side_by_side(source, layout.of(Role::observations), layout.of(Role::rewards));
  auto observations = join_role(source, layout.of(Role::observations), options, side_by_side);
  if (!observations) return observations.error();
  layout.observations = std::move(*observations);
  if (layout.observations.wide) layout.wide_columns.push_back(layout.of(Role::observations));
  layout.rows = layout.observations.rows * layout.observations.sequences;

  const auto fits = [&](const JoinedArrays& column, const std::string& name, int64_t width) -> Result<void> {
    if (column.rows != layout.observations.rows)
      return source.wrong(name, "it has " + std::to_string(column.rows) + " rows, but " +
                                    layout.observations.parts.front().array + " has " +
                                    std::to_string(layout.observations.rows));
    if (width > 0 && column.width != width)
      return source.wrong(name, "it has " + std::to_string(column.width) + " numbers in a row; " +
                                    std::to_string(width) + " were expected, as in " +
                                    layout.of(Role::observations));
    if (column.sequences != layout.observations.sequences)
      return source.wrong(name, "it has " + std::to_string(column.sequences) + " environments; " +
                                    std::to_string(layout.observations.sequences) + " were expected");
    return {};
  };
  auto actions = join_arrays(source, {layout.of(Role::actions)}, side_by_side);
  if (!actions) return actions.error();
  layout.actions = std::move(*actions);
  // Discrete actions of several environments have no dimension of their own.
  if (side_by_side && layout.actions.sequences == 1 && layout.actions.width == layout.observations.sequences)
    layout.actions.sequences = std::exchange(layout.actions.width, 1);
  if (auto good = fits(layout.actions, layout.of(Role::actions), 0); !good) return good.error();
  if (layout.actions.wide && !layout.actions.integers) layout.wide_columns.push_back(layout.of(Role::actions));

  for (const Role role : {Role::rewards, Role::terminals, Role::timeouts, Role::dones, Role::live,
                          Role::episodes, Role::steps, Role::behavior}) {
    if (!layout.has(role)) continue;
    const auto wide = fits_rows(source, layout.of(role), layout);
    if (!wide && is_optional(role, layout) && !choice->contains(role)) {
      // A vague name may be that of something else altogether.
      if (!is_vague(layout.of(role))) layout.unreadable.push_back(wide.error().message);
      layout.names[static_cast<size_t>(role)].clear();
      continue;
    }
    if (!wide) return wide.error();
    if (*wide && role == Role::rewards) layout.wide_columns.push_back(layout.of(role));
  }
  if (layout.has(Role::next_observations)) {
    auto next = join_role(source, layout.of(Role::next_observations), options, side_by_side);
    if (!next) return next.error();
    if (auto good = fits(*next, layout.of(Role::next_observations), layout.observations.width); !good)
      return good.error();
    layout.next_observations = std::move(*next);
    if (layout.next_observations.wide) layout.wide_columns.push_back(layout.of(Role::next_observations));
  }
  return layout;
}

namespace {

/// Reads one column after the other and tells the progress of all, weighted by their elements.
class ColumnReader {
 public:
  ColumnReader(const ArraySource& source, const FlatLayout& layout, const ProgressFn& progress,
               std::stop_token stop)
      : source_(source), layout_(layout), progress_(progress), stop_(std::move(stop)) {
    const double rows = static_cast<double>(layout.rows);
    elements_ = rows * (static_cast<double>(layout.observations.width) *
                            (layout.next_observations.rows > 0 ? 2.0 : 1.0) +
                        static_cast<double>(layout.actions.width) + 4.0);
  }
  Result<std::vector<float>> joined(const JoinedArrays& column, const std::string& name) {
    return told<std::vector<float>>(
        name, static_cast<double>(layout_.rows) * static_cast<double>(column.width),
        [&](const ReadContinue& go_on) { return read_joined(source_, column, go_on); });
  }
  Result<std::vector<double>> numbers(Role role) {
    const std::string& name = layout_.of(role);
    auto values =
        told<std::vector<double>>(name, static_cast<double>(layout_.rows),
                                  [&](const ReadContinue& go_on) { return source_.doubles(name, go_on); });
    if (!values) return values;
    return one_after_the_other(std::move(*values), layout_.observations.rows, layout_.observations.sequences,
                               1);
  }

 private:
  template <class Values, class Read>
  Result<Values> told(const std::string& name, double own, Read&& read) {
    const ReadContinue go_on = [&](double fraction) {
      if (progress_) progress_(std::min(1.0, (done_ + fraction * own) / elements_), "reading " + name);
      return !stop_.stop_requested();
    };
    if (!go_on(0.0)) return Error{ErrorCode::stopped, "stopped reading " + source_.name()};
    auto values = read(go_on);
    done_ += own;
    return values;
  }
  const ArraySource& source_;
  const FlatLayout& layout_;
  const ProgressFn& progress_;
  std::stop_token stop_;
  double elements_ = 1.0, done_ = 0.0;
};

}  // namespace

Result<RawRows> read_flat(const ArraySource& source, const FlatLayout& layout, const ProgressFn& progress,
                          std::stop_token stop) {
  RawRows rows;
  rows.rows = layout.rows;
  rows.obs_dim = layout.observations.width;
  rows.action_dim = layout.actions.width;
  rows.observation_parts = layout.observations.labelled();
  rows.wide_columns = layout.wide_columns;
  if (auto enough = check_memory(source.name(), rows.rows, rows.obs_dim, rows.action_dim); !enough)
    return enough.error();
  ColumnReader reader(source, layout, progress, std::move(stop));
  auto observations = reader.joined(layout.observations, layout.of(Role::observations));
  if (!observations) return observations.error();
  rows.observations = std::move(*observations);
  auto actions = reader.joined(layout.actions, layout.of(Role::actions));
  if (!actions) return actions.error();
  rows.actions = std::move(*actions);
  number_actions(rows, layout.actions.integers);
  if (layout.has(Role::rewards)) {
    auto rewards = reader.numbers(Role::rewards);
    if (!rewards) return rewards.error();
    rows.rewards = std::move(*rewards);
  } else {
    say_no_rewards(rows);
  }
  FlatFlags flags;
  for (const Role role :
       {Role::terminals, Role::timeouts, Role::dones, Role::live, Role::episodes, Role::steps}) {
    if (!layout.has(role)) continue;
    auto values = reader.numbers(role);
    if (!values) return values.error();
    flags.values[static_cast<size_t>(role)] = std::move(*values);
  }
  set_ends(rows, std::move(flags), layout.observations.rows);
  if (layout.next_observations.rows > 0) {
    auto next = reader.joined(layout.next_observations, layout.of(Role::next_observations));
    if (!next) return next.error();
    rows.next_observations = std::move(*next);
  }
  if (layout.has(Role::behavior)) {
    const auto ids = reader.numbers(Role::behavior);
    if (!ids) return ids.error();
    set_policies(rows, *ids);
  }
  for (const auto& problem : layout.unreadable)
    rows.findings.push_back({Severity::warning, "unreadable_field", problem + "; it is left out", -1, 0});
  if (layout.has(Role::costs))
    rows.findings.push_back({Severity::note, "costs",
                             "there are costs (" + layout.of(Role::costs) +
                                 "), as in safe reinforcement learning; nothing here uses them",
                             -1, 0});
  return rows;
}

}  // namespace vaco
