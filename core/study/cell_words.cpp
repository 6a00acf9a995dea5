// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/cell_words.h"

#include <utility>

#include "core/base/files.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

std::vector<std::string> with_manners(std::vector<std::string> words, int nice) {
  words.insert(words.end(), {"--nice", std::to_string(nice), "--quiet", "--json"});
  return words;
}

}  // namespace

std::vector<std::string> train_words(const fs::path& program, const PlanCell& cell, const fs::path& out,
                                     int nice) {
  std::vector<std::string> words{program.string()};
  for (auto& word : train_words(cell.config, out)) words.push_back(std::move(word));
  words.insert(words.end(), {"--name", cell.name});
  return with_manners(std::move(words), nice);
}

std::vector<std::string> resume_words(const fs::path& program, const fs::path& run, int nice) {
  return with_manners({program.string(), "resume", run.string()}, nice);
}

fs::path cell_log(const fs::path& out, const std::string& name) {
  return out / "logs" / (name + ".txt");
}

std::string last_line(const fs::path& log) {
  auto text = read_text(log);
  if (!text) return {};
  while (!text->empty() && text->back() == '\n') text->pop_back();
  return text->substr(text->rfind('\n') + 1);
}

}  // namespace vaco
