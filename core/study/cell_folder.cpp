// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/cell_folder.h"

#include "core/base/files.h"
#include "core/base/json_value.h"
#include "core/records/append_file.h"
#include "core/records/run_lock.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

/// "cloning_steps = 10000, not 20000", or empty when both are the same experiment.
std::string difference(const RunConfig& have, const RunConfig& want) {
  const auto differs = [](const std::string& what, const std::string& a, const std::string& b) {
    return a == b ? std::string()
                  : what + " = " + (a.empty() ? "\"\"" : a) + ", not " + (b.empty() ? "\"\"" : b);
  };
  for (const auto& text :
       {differs("algorithm", have.algorithm, want.algorithm),
        differs("dataset", have.dataset.string(), want.dataset.string()),
        differs("environment", have.environment, want.environment),
        differs("physics", have.physics, want.physics),
        differs("seed", std::to_string(have.seed), std::to_string(want.seed)),
        differs("device", have.device, want.device), differs("precision", have.precision, want.precision)})
    if (!text.empty()) return text;
  for (const auto& [key, wanted] : want.params) {
    const auto found = have.params.find(key);
    const std::string text =
        differs(key, found == have.params.end() ? "" : to_text(found->second.value), to_text(wanted.value));
    if (!text.empty()) return text;
  }
  return {};
}

}  // namespace

CellLook CellFollower::look() {
  const auto manifest = read_json(folder_ / "manifest.json");
  if (!manifest) {
    read_ = 0;
    return last_ = CellLook{};
  }
  last_.total_steps = value_or<int64_t>(*manifest, "total_steps", 0);
  last_.message = value_or<std::string>(*manifest, "message", "");
  last_.result = manifest->is_object() && manifest->contains("result") ? (*manifest)["result"] : Json();
  const fs::path metrics = folder_ / "metrics.jsonl";
  std::error_code none;
  if (const auto size = fs::file_size(metrics, none); !none && size < read_) read_ = 0;  // cut by a resume
  if (read_ == 0) read_ = start_of_last_line(metrics);  // how far it is stands in every line
  read_ = read_json_lines(metrics, read_, [&](const Json& line) {
            last_.step = value_or<int64_t>(line, "step", last_.step);
            last_.phase = value_or<std::string>(line, "phase", last_.phase);
            last_.seconds = value_or<double>(line, "time_s", last_.seconds);
            last_.steps_per_second = value_or<double>(line, "steps_per_second", last_.steps_per_second);
            return true;
          }).end;
  const std::string status = value_or<std::string>(*manifest, "status", "");
  if (status == "finished") {
    last_.state = CellState::finished;
    last_.step = last_.total_steps;
    last_.seconds = value_or<double>(last_.result, "wall_time_s", last_.seconds);
  } else if (is_being_written(folder_)) {
    last_.state = CellState::running;
  } else {
    last_.state = status == "failed" ? CellState::failed : CellState::interrupted;
  }
  return last_;
}

Result<void> check_cell_folder(const fs::path& folder, const RunConfig& config) {
  std::error_code none;
  if (!fs::exists(folder, none)) return {};
  if (!fs::exists(folder / "manifest.json", none)) {
    if (is_being_written(folder)) return {};
    if (!fs::exists(folder / "run.lock", none) && !fs::is_empty(folder, none))
      return Error{ErrorCode::usage,
                   folder.string() + " is in the way: it is no run folder; move it elsewhere"};
    fs::remove_all(folder, none);
    if (fs::exists(folder, none))
      return Error{ErrorCode::failed, "cannot remove the half-made " + folder.string()};
    return {};
  }
  const auto json = read_json(folder / "config.json");
  if (!json) return json.error();
  const auto have = config_from_json(*json);
  if (!have) return have.error().within((folder / "config.json").string());
  if (const auto text = difference(*have, config); !text.empty())
    return Error{ErrorCode::usage, "the run " + folder.string() + " was made with " + text +
                                       " as the plan says; take another --out, or move that run away"};
  return {};
}

}  // namespace vaco
