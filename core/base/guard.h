// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <exception>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core/base/result.h"

namespace vaco {

/// What was thrown as an error that says what, where and how to mend it: a file system's fault with its path,
/// memory or threads that the machine does not give, and of anything else the first line of what it says.
Error thrown_error(std::string_view doing, const std::exception_ptr& thrown = std::current_exception());

namespace detail {
template <class T>
struct Guarded {
  using type = Result<T>;
};
template <class T>
struct Guarded<Result<T>> {
  using type = Result<T>;
};
}  // namespace detail

/// The door of main() and of every thread: calls work() and gives what it gives, as a Result where it is none;
/// what it throws becomes an error (see thrown_error). doing is put in front of that: "reading the dataset".
template <class Work>
auto guarded(std::string_view doing, Work&& work) ->
    typename detail::Guarded<std::invoke_result_t<Work>>::type {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
      std::forward<Work>(work)();
      return {};
    } else {
      return std::forward<Work>(work)();
    }
  } catch (...) {
    return thrown_error(doing);
  }
}

}  // namespace vaco
