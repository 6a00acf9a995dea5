// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/guard.h"

#include <filesystem>
#include <new>
#include <string>
#include <system_error>

namespace vaco {
namespace {

constexpr const char* kNoMemory =
    "the machine gives no more memory; end other programs, raise the limit (ulimit -v), or ask for less";

std::string paths_of(const std::filesystem::filesystem_error& error) {
  std::string text = error.path1().empty() ? "the working folder" : error.path1().string();
  if (!error.path2().empty()) text += " and " + error.path2().string();
  return text;
}

std::string remedy(const std::error_code& code) {
  if (code == std::errc::permission_denied || code == std::errc::operation_not_permitted)
    return "; ask its owner for the right, or name another place";
  if (code == std::errc::filename_too_long) return "; choose a shorter name";
  if (code == std::errc::too_many_symbolic_link_levels) return "; its links lead back to themselves";
  if (code == std::errc::no_such_file_or_directory) return "; make it first, or name another";
  return {};
}

/// Libraries put a backtrace behind the first line.
std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

}  // namespace

Error thrown_error(std::string_view doing, const std::exception_ptr& thrown) {
  const auto failed = [&](const std::string& what) {
    return Error{ErrorCode::failed, std::string(doing) + ": " + what};
  };
  try {
    std::rethrow_exception(thrown);
  } catch (const std::filesystem::filesystem_error& error) {
    return failed("cannot use " + paths_of(error) + ": " + error.code().message() + remedy(error.code()));
  } catch (const std::system_error& error) {
    if (error.code() == std::errc::resource_unavailable_try_again)
      return failed(
          "the machine allows no more threads (ulimit -u), or has no memory for another one (ulimit -v); end "
          "other "
          "programs, raise the limit, or ask for fewer threads");
    return failed(error.what());
  } catch (const std::bad_alloc&) {
    return failed(kNoMemory);
  } catch (const std::exception& error) {
    const std::string what = first_line(error.what());
    // So does libtorch put it, in a class of its own.
    return failed(what.find("can't allocate memory") == std::string::npos ? what : kNoMemory);
  } catch (...) {
    return failed("something was thrown that says nothing of itself");
  }
}

}  // namespace vaco
