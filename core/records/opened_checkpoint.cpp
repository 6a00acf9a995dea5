// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/opened_checkpoint.h"

#include <optional>

#include "core/base/files.h"
#include "core/records/run_folder.h"

namespace vaco {
namespace fs = std::filesystem;

Result<OpenedCheckpoint> open_checkpoint(const fs::path& given) {
  const auto type = look_at(given);
  if (!type) return type.error();
  const bool is_run = *type == fs::file_type::directory;
  OpenedCheckpoint opened;
  opened.run = is_run ? given : given.parent_path().parent_path();
  if (!is_file(opened.run / "config.json"))
    return Error{ErrorCode::bad_data, given.string() + " is neither a run folder nor a checkpoint inside one"};
  const auto files = is_run ? checkpoint_files(given) : std::vector{given};
  if (files.empty()) return Error{ErrorCode::bad_data, given.string() + " has no checkpoint to start from"};
  std::optional<Error> first;
  for (const auto& file : files) {
    auto checkpoint = read_checkpoint(file);
    if (checkpoint) {
      opened.file = file;
      opened.checkpoint = std::move(*checkpoint);
      return opened;
    }
    opened.notes.push_back(checkpoint.error().message);
    if (!first) first = checkpoint.error();
  }
  return files.size() == 1 ? *first : first->within("no checkpoint of " + given.string() + " can be used");
}

}  // namespace vaco
