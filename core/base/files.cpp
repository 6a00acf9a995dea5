// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace vaco {
namespace fs = std::filesystem;
namespace {

Error cannot(const char* what, const fs::path& path) {
  return {ErrorCode::failed, std::string("cannot ") + what + " " + path.string() + ": " + last_system_error()};
}

bool sync_path(const fs::path& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
  if (fd < 0) return false;
  const bool ok = ::fsync(fd) == 0;
  ::close(fd);
  return ok;
}

Result<void> write_all(const fs::path& path, std::string_view text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) return cannot("create", path);
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const Error error = cannot("write", path);
      ::close(fd);
      return error;
    }
    text.remove_prefix(static_cast<size_t>(written));
  }
  if (::close(fd) != 0) return cannot("write", path);
  return {};
}

/// By any name: links are followed.
bool is_or_lies_in(const fs::path& path, const fs::path& file_or_folder) {
  std::error_code status;
  for (fs::path at = fs::canonical(path, status); !at.empty(); at = at.parent_path()) {
    if (fs::equivalent(at, file_or_folder, status)) return true;
    if (at == at.root_path()) break;
  }
  return false;
}

}  // namespace

std::string last_system_error() {
  return std::strerror(errno);
}

Result<std::string> read_text(const fs::path& path, uintmax_t max_bytes) {
  std::error_code status;
  if (fs::is_directory(path, status))
    return Error{ErrorCode::failed, path.string() + " is a folder, not a file"};
  std::ifstream file(path, std::ios::binary);
  if (!file && !fs::exists(path, status)) return Error{ErrorCode::bad_data, path.string() + " does not exist"};
  if (!file) return cannot("open", path);
  const auto size = fs::file_size(path, status);
  if (!status && size > max_bytes)
    return Error{ErrorCode::bad_data,
                 path.string() + " is too large to be what it should be (" + std::to_string(size) + " bytes)"};
  std::string text;
  if (status) {  // a pipe has no size
    text.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  } else {
    text.resize(static_cast<size_t>(size));
    file.read(text.data(), static_cast<std::streamsize>(size));
    text.resize(static_cast<size_t>(file.gcount()));
  }
  if (file.bad()) return cannot("read", path);
  return text;
}

Result<void> write_file_atomically(const fs::path& path,
                                   const std::function<Result<void>(const fs::path& temporary)>& write) {
  const fs::path temporary = path.string() + ".tmp-" + std::to_string(::getpid());
  const auto fail = [&](Error error) {
    std::error_code ignored;
    fs::remove(temporary, ignored);
    return error;
  };
  if (auto written = write(temporary); !written) return fail(written.error());
  if (!sync_path(temporary, O_RDONLY)) return fail(cannot("sync", temporary));
  if (::rename(temporary.c_str(), path.c_str()) != 0) return fail(cannot("rename to", path));
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (!sync_path(folder, O_RDONLY | O_DIRECTORY)) return cannot("sync", folder);
  return {};
}

Result<void> write_text_atomically(const fs::path& path, std::string_view text) {
  return write_file_atomically(path, [&](const fs::path& temporary) { return write_all(temporary, text); });
}

Result<void> make_folder(const fs::path& path) {
  std::error_code status;
  fs::create_directories(path, status);
  if (status && !fs::is_directory(path))
    return Error{ErrorCode::failed, "cannot create the folder " + path.string() + ": " + status.message()};
  return {};
}

Result<void> copy_file_atomically(const fs::path& from, const fs::path& to) {
  return write_file_atomically(to, [&](const fs::path& temporary) -> Result<void> {
    std::error_code status;
    fs::copy_file(from, temporary, fs::copy_options::overwrite_existing, status);
    if (status)
      return Error{ErrorCode::failed,
                   "cannot copy " + from.string() + " to " + to.string() + ": " + status.message()};
    return {};
  });
}

Result<void> check_new_file(const fs::path& path, Existing existing, const std::vector<fs::path>& inputs) {
  std::error_code ignored;
  if (path.empty() || fs::is_directory(path, ignored))
    return Error{ErrorCode::usage, "'" + path.string() + "' is a folder; name a file to write"};
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (!fs::is_directory(folder, ignored))
    return Error{ErrorCode::failed, "cannot write " + path.string() + ": there is no folder " +
                                        folder.string() + "; make it first"};
  if (::access(folder.c_str(), W_OK) != 0) return cannot("write", path);
  if (!fs::exists(path, ignored)) return {};
  for (const auto& input : inputs)
    if (is_or_lies_in(path, input))
      return Error{ErrorCode::usage,
                   path.string() + " belongs to what is read here, " + input.string() + "; name another file"};
  if (existing == Existing::refuse)
    return Error{ErrorCode::usage, path.string() + " exists; --force replaces it"};
  return {};
}

fs::path program_data_folder() {
  if (const char* home = std::getenv("VACO_HOME"); home && *home) return home;
  if (const char* data = std::getenv("XDG_DATA_HOME"); data && *data) return fs::path(data) / "vaco-workbench";
  const char* home = std::getenv("HOME");
  return fs::path(home && *home ? home : ".") / ".local/share/vaco-workbench";
}

}  // namespace vaco
