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

/// The whole file as text. Refuses files over max_bytes; a file that does not exist is bad_data.
Result<std::string> read_text(const std::filesystem::path& path, uintmax_t max_bytes = 64u << 20);

/// Writes a file so that a crash, a kill or a full disk leaves the old file or the new one, never a part:
/// a temporary file in the same folder, fsync, rename, fsync of the folder.
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

/// Copies a file so that the target is the old one or the whole new one (see write_file_atomically).
Result<void> copy_file_atomically(const std::filesystem::path& from, const std::filesystem::path& to);

/// "No space left on device" and kin: the reason of the last failed system call.
std::string last_system_error();

}  // namespace vaco
