// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/task_names.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "core/base/nearest_word.h"
#include "core/tasks/catalogue.h"

namespace vaco {
namespace {

/// A short name ("ant", "pen", "door") counts only as a word of its own: "expand" is no ant.
bool has_word(std::string_view text, std::string_view word) {
  if (word.empty()) return false;
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const size_t end = at + word.size();
    const bool begins = at == 0 || !std::isalpha(static_cast<unsigned char>(text[at - 1]));
    const bool ends = end == text.size() || !std::isalpha(static_cast<unsigned char>(text[end]));
    if (begins && ends) return true;
  }
  return false;
}

}  // namespace

bool is_task_file(std::string_view name) {
  return name.ends_with(".json");
}

Result<void> check_environment_name(const std::string& name) {
  if (name.empty() || find_task(name) || is_task_file(name)) return {};
  std::vector<std::string> known;
  std::string list;
  for (const auto& task : tasks()) {
    known.emplace_back(task.name);
    list += (list.empty() ? "" : ", ") + known.back();
  }
  auto meant = guess_environment(name);
  if (meant.empty()) meant = nearest_word(name, known);
  return Error{ErrorCode::usage, "there is no environment '" + name + "'" +
                                     (meant.empty() ? "." : "; did you mean '" + meant + "'?") + " Known are " +
                                     list + "; for data of another one leave the name out"};
}

std::string simulated_environments() {
  std::string names;
  const auto& all = tasks();
  const auto count = std::count_if(all.begin(), all.end(), [](const Task& task) { return task.simulated(); });
  int64_t listed = 0;
  for (const auto& task : all) {
    if (!task.simulated()) continue;
    names.append(listed == 0 ? "" : listed + 1 < count ? ", " : " or ").append(task.name);
    ++listed;
  }
  return names;
}

std::string guess_environment(std::string_view name) {
  if (is_task_file(name)) return {};
  std::string plain;
  for (const char c : name)
    if (c == '_' || c == '/')
      plain += '-';
    else
      plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  // "ant-maze" is no ant: other words for a task count first.
  for (const auto& task : tasks())
    for (const auto& alias : task.aliases)
      if (has_word(plain, alias)) return std::string(task.name);
  std::string_view found;
  for (const auto& task : tasks()) {
    const bool closer = found.empty() || task.name.find(found) != std::string_view::npos;
    if (closer && has_word(plain, task.name)) found = task.name;
  }
  return std::string(found);
}

}  // namespace vaco
