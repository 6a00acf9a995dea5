// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace vaco {

/// What kind of failure it is; decides the exit code of the command line (see exit_code()).
enum class ErrorCode {
  failed,       ///< something that should have worked did not (disk full, device lost)        -> 1
  usage,        ///< the request itself is wrong (unknown parameter, value out of range)        -> 2
  bad_data,     ///< a file is corrupt, hostile, or not of the kind that was asked for          -> 3
  unavailable,  ///< this machine lacks what was asked for (no GPU, no GL, no display)          -> 1
  stopped,      ///< the user stopped it; everything was saved                                  -> 130
};

/// An error a user can act on. The message says what failed, where, and how to mend it.
struct Error {
  ErrorCode code = ErrorCode::failed;
  std::string message;

  /// The same error with what was being done put in front: "cannot open run: <message>".
  [[nodiscard]] Error within(const std::string& doing) const { return {code, doing + ": " + message}; }
};

[[nodiscard]] constexpr int exit_code(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
      return 2;
    case ErrorCode::bad_data:
      return 3;
    case ErrorCode::stopped:
      return 130;
    case ErrorCode::failed:
    case ErrorCode::unavailable:
      break;
  }
  return 1;
}

/// What reading a side of a Result throws that is not there: a std::logic_error with the error's message.
[[noreturn]] void throw_missing_value(const Error& error);
[[noreturn]] void throw_missing_error();

/// A value, or the error that stood in its way. Reading the side that is not there is a bug; it throws, so that
/// the guard of the thread tells of it (see guard.h).
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return content_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & {
    if (!ok()) throw_missing_value(*std::get_if<1>(&content_));
    return *std::get_if<0>(&content_);
  }
  const T& value() const& {
    if (!ok()) throw_missing_value(*std::get_if<1>(&content_));
    return *std::get_if<0>(&content_);
  }
  T&& value() && {
    if (!ok()) throw_missing_value(*std::get_if<1>(&content_));
    return std::move(*std::get_if<0>(&content_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  [[nodiscard]] const Error& error() const {
    if (ok()) throw_missing_error();
    return *std::get_if<1>(&content_);
  }

 private:
  std::variant<T, Error> content_;
};

/// Success, or the error that stood in its way.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}

  [[nodiscard]] bool ok() const { return ok_; }
  explicit operator bool() const { return ok_; }
  [[nodiscard]] const Error& error() const {
    if (ok_) throw_missing_error();
    return error_;
  }

 private:
  Error error_;
  bool ok_ = true;
};

}  // namespace vaco
