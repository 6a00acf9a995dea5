// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <random>
#include <utility>

namespace vaco {
namespace fs = std::filesystem;
namespace {

constexpr size_t kTemporaryStem = 200;  // of the 255 bytes that a name may have
constexpr size_t kCopiedAtOnce = 1 << 20;
constexpr size_t kReadAtOnce = 1 << 14;

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

/// A file descriptor that is closed in the end.
struct Descriptor {
  int fd;
  explicit Descriptor(int opened) : fd(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
  bool close() { return ::close(std::exchange(fd, -1)) == 0; }
};

/// The number of bytes read, 0 at the end, < 0 on an error (see errno).
ssize_t read_some(int fd, char* to, size_t most) {
  while (true) {
    const ssize_t read = ::read(fd, to, most);
    if (read >= 0 || errno != EINTR) return read;
  }
}

bool write_fully(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

Descriptor open_new(const fs::path& path) {
  return Descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
}

Result<void> write_all(const fs::path& path, std::string_view text) {
  auto file = open_new(path);
  if (file.fd < 0) return cannot("create", path);
  if (!write_fully(file.fd, text) || !file.close()) return cannot("write", path);
  return {};
}

/// Of its own for every call, by all threads and processes, also of other machines that share the folder. Its
/// length does not depend on that of the name.
fs::path temporary_beside(const fs::path& path) {
  static const unsigned process = std::random_device()();
  static std::atomic<unsigned> calls = 0;
  const std::string name = path.filename().string().substr(0, kTemporaryStem) + ".tmp-" +
                           std::to_string(process) + "-" + std::to_string(++calls);
  return path.parent_path() / name;
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

Result<fs::file_type> look_at(const fs::path& path) {
  std::error_code status;
  const auto type = fs::status(path, status).type();
  if (path.empty()) return Error{ErrorCode::usage, "an empty text is no path; name a file or a folder"};
  if (type == fs::file_type::not_found) return Error{ErrorCode::bad_data, path.string() + " does not exist"};
  if (status)
    return Error{ErrorCode::failed, "cannot look at " + path.string() + ": " + status.message() +
                                        (status == std::errc::permission_denied
                                             ? "; ask its owner for the right, or name another place"
                                             : "")};
  return type;
}

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code status;
  for (fs::directory_iterator at(folder, status), end; !status && at != end; at.increment(status))
    entries.push_back(at->path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

Result<fs::path> absolute_path(const fs::path& path) {
  if (path.empty()) return Error{ErrorCode::usage, "an empty text is no path; name a file or a folder"};
  std::error_code status;
  const fs::path absolute = fs::absolute(path, status);
  if (status)
    return Error{ErrorCode::failed, "the working folder cannot be used (" + status.message() +
                                        "), so it is not known where " + path.string() +
                                        " is: change into another folder, or name the path from the root"};
  return absolute.lexically_normal();
}

Result<fs::path> temporary_folder() {
  std::error_code status;
  auto folder = fs::temp_directory_path(status);
  const char* set = std::getenv("TMPDIR");
  const std::string named = set ? ", TMPDIR=" + std::string(set) + "," : std::string();
  if (status)
    return Error{ErrorCode::failed, "the folder for temporary files" + named + " cannot be used (" +
                                        status.message() + "); set TMPDIR to one that can"};
  return folder;
}

Result<std::string> read_text(const fs::path& path, uintmax_t max_bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.fd < 0) {
    if (errno == ENOENT || errno == ENOTDIR)
      return Error{ErrorCode::bad_data, path.string() + " does not exist"};
    return cannot("open", path);
  }
  struct stat status {};
  if (::fstat(file.fd, &status) != 0) return cannot("read", path);
  if (S_ISDIR(status.st_mode)) return Error{ErrorCode::failed, path.string() + " is a folder, not a file"};
  const auto too_large = [&](const std::string& bytes) {
    return Error{ErrorCode::bad_data, path.string() + " is too large to be what it should be (" + bytes + ")"};
  };
  const auto size = static_cast<uintmax_t>(S_ISREG(status.st_mode) ? status.st_size : 0);
  if (size > max_bytes) return too_large(std::to_string(size) + " bytes");
  // A pipe has no size, and the system's own files say 0. One byte more than there should be shows the end.
  std::string text;
  for (size_t read = 0;;) {
    text.resize(std::max<size_t>(size, read == 0 || read > size ? read + kReadAtOnce : read) + 1);
    const ssize_t more = read_some(file.fd, text.data() + read, text.size() - read);
    if (more < 0) return cannot("read", path);
    read += static_cast<size_t>(more);
    if (read > max_bytes) return too_large("more than " + std::to_string(max_bytes) + " bytes");
    if (more > 0) continue;
    text.resize(read);
    return text;
  }
}

Result<void> write_file_atomically(const fs::path& path,
                                   const std::function<Result<void>(const fs::path& temporary)>& write) {
  if (path.filename().empty()) return Error{ErrorCode::usage, "'" + path.string() + "' names no file to write"};
  // The new file takes the place of what has its name, a device or a pipe as well.
  if (const auto old = look_at(path); old && *old != fs::file_type::regular)
    return Error{ErrorCode::usage,
                 path.string() + " is no regular file, and is not replaced; name another one"};
  const fs::path temporary = temporary_beside(path);
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
  if (path.empty()) return Error{ErrorCode::usage, "an empty text is no folder; name one"};
  std::error_code status;
  fs::create_directories(path, status);
  if (status && !is_folder(path))
    return Error{ErrorCode::failed, "cannot create the folder " + path.string() + ": " + status.message()};
  return {};
}

Result<void> copy_content(const fs::path& from, const fs::path& to) {
  const Descriptor source(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (source.fd < 0) return cannot("open", from);
  auto target = open_new(to);
  if (target.fd < 0) return cannot("create", to);
  std::string part(kCopiedAtOnce, '\0');
  while (true) {
    const ssize_t read = read_some(source.fd, part.data(), part.size());
    if (read < 0) return cannot("read", from);
    if (read == 0) break;
    if (!write_fully(target.fd, std::string_view(part).substr(0, static_cast<size_t>(read))))
      return cannot("write", to);
  }
  if (!target.close()) return cannot("write", to);
  return {};
}

Result<void> copy_file_atomically(const fs::path& from, const fs::path& to) {
  const auto copied =
      write_file_atomically(to, [&](const fs::path& temporary) { return copy_content(from, temporary); });
  return copied ? copied : copied.error().within("cannot copy " + from.string() + " to " + to.string());
}

Result<void> check_new_file(const fs::path& path, Existing existing, const std::vector<fs::path>& inputs) {
  if (path.empty() || is_folder(path))
    return Error{ErrorCode::usage, "'" + path.string() + "' is a folder; name a file to write"};
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const auto there = look_at(folder);
  if (!there && there.error().code != ErrorCode::bad_data) return there.error();
  if (!there || *there != fs::file_type::directory)
    return Error{ErrorCode::failed, "cannot write " + path.string() + ": there is no folder " +
                                        folder.string() + "; make it first"};
  if (::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0) return cannot("write", path);
  const auto old = look_at(path);
  if (!old && old.error().code != ErrorCode::bad_data) return old.error();
  if (!old) return {};
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
