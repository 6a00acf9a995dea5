// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace vaco {

/// Called now and then by long work, from the thread that works: how far it is (0 to 1) and what it is doing.
using ProgressFn = std::function<void(double fraction, std::string_view doing)>;

/// What is at a path, links followed. Errors: nothing (bad_data); what cannot be looked at, for want of the
/// right to, or because its links lead back to themselves, or its name is too long.
Result<std::filesystem::file_type> look_at(const std::filesystem::path& path);
/// Whether there is a file, or a folder, that can be looked at; false also where nothing can be known.
bool is_file(const std::filesystem::path& path);
bool is_folder(const std::filesystem::path& path);
/// What is in a folder, by name; nothing where it cannot be read, and what can be read of one that changes.
std::vector<std::filesystem::path> entries_of(const std::filesystem::path& folder);
/// The path from the root, without dots. Errors: an empty path (usage), a working folder that is gone.
Result<std::filesystem::path> absolute_path(const std::filesystem::path& path);
/// Where short-lived files go, $TMPDIR as a rule. An error where that is no folder.
Result<std::filesystem::path> temporary_folder();

/// The whole file as text, a pipe's to its end. Refuses more than max_bytes; a file that does not exist is
/// bad_data.
Result<std::string> read_text(const std::filesystem::path& path, uintmax_t max_bytes = 64u << 20);

/// Writes a file so that a crash, a kill or a full disk leaves the old file or the new one, never a part:
/// a temporary file in the same folder with a name of its own, fsync, rename, fsync of the folder.
Result<void> write_text_atomically(const std::filesystem::path& path, std::string_view text);

/// The same for writers that need a path (HDF5): write is given the temporary path, and its file is synced and
/// renamed. On any error the temporary file is removed.
Result<void> write_file_atomically(
    const std::filesystem::path& path,
    const std::function<Result<void>(const std::filesystem::path& temporary)>& write);

/// Creates a folder and its parents, with a message that names the part that failed.
Result<void> make_folder(const std::filesystem::path& path);

/// Where the program keeps what it made for itself (demo dataset, window settings):
/// $VACO_HOME, else $XDG_DATA_HOME/vaco-workbench, else ~/.local/share/vaco-workbench.
std::filesystem::path program_data_folder();

/// What is to become of a file that is there already.
enum class Existing { refuse, replace };
/// Whether a file can be made there, so that long work does not find out at its end. Nothing is written.
/// inputs: files and folders that the file is made from; nothing of them is replaced in any case.
Result<void> check_new_file(const std::filesystem::path& path, Existing existing = Existing::refuse,
                            const std::vector<std::filesystem::path>& inputs = {});

/// The content of a file as a new one, which is this user's to write whatever the other's permissions are.
Result<void> copy_content(const std::filesystem::path& from, const std::filesystem::path& to);
/// The same so that the target is the old one or the whole new one (see write_file_atomically).
Result<void> copy_file_atomically(const std::filesystem::path& from, const std::filesystem::path& to);

/// "No space left on device" and kin: the reason of the last failed system call.
std::string last_system_error();

}  // namespace vaco
