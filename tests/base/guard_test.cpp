// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <new>
#include <stdexcept>
#include <system_error>

namespace vaco {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

template <class Thrown>
std::string told(const Thrown& thrown) {
  const auto result = guarded("reading the data", [&] { throw thrown; });
  EXPECT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::failed);
  return result.error().message;
}

TEST(Guard, GivesWhatTheWorkGives) {
  EXPECT_EQ(*guarded("counting", [] { return 3; }), 3);
  EXPECT_TRUE(guarded("nothing", [] {}).ok());
  EXPECT_EQ(*guarded("reading", []() -> Result<std::string> { return std::string("text"); }), "text");
  const auto refused = guarded("reading", []() -> Result<int> { return Error{ErrorCode::bad_data, "torn"}; });
  EXPECT_EQ(refused.error().code, ErrorCode::bad_data);
  EXPECT_EQ(refused.error().message, "torn");
}

TEST(Guard, TellsWhatWasThrownWhereAndHowToMendIt) {
  const auto code = [](std::errc reason) { return std::make_error_code(reason); };
  EXPECT_THAT(
      told(std::filesystem::filesystem_error("status", "data/x.h5", code(std::errc::permission_denied))),
      AllOf(HasSubstr("reading the data: "), HasSubstr("data/x.h5: Permission denied"),
            HasSubstr("ask its owner")));
  EXPECT_THAT(told(std::filesystem::filesystem_error("status", "long", code(std::errc::filename_too_long))),
              HasSubstr("choose a shorter name"));
  EXPECT_THAT(
      told(std::filesystem::filesystem_error("current_path", code(std::errc::no_such_file_or_directory))),
      HasSubstr("the working folder"));
  EXPECT_THAT(told(std::bad_alloc()), HasSubstr("no more memory"));
  EXPECT_THAT(told(std::runtime_error("DefaultCPUAllocator: can't allocate memory: 9 bytes")),
              HasSubstr("no more memory"));
  EXPECT_THAT(told(std::system_error(code(std::errc::resource_unavailable_try_again))),
              HasSubstr("no more threads (ulimit -u)"));
  EXPECT_THAT(told(std::runtime_error("what it was\nframe #0: backtrace")),
              AllOf(HasSubstr("what it was"), Not(HasSubstr("backtrace"))));
  EXPECT_THAT(told(7), HasSubstr("reading the data: something was thrown"));
}

/// Also where asserts are off.
TEST(ResultTest, ReadingTheSideThatIsNotThereThrowsAndTellsTheError) {
  Result<int> failed = Error{ErrorCode::failed, "the disk is full"};
  const auto use = guarded("saving", [&] { return *failed; });
  ASSERT_FALSE(use.ok());
  EXPECT_THAT(use.error().message, AllOf(HasSubstr("saving: "), HasSubstr("the disk is full")));
  EXPECT_THROW((void)std::move(failed).value(), std::logic_error);
  const Result<int> good = 1;
  EXPECT_THROW((void)good.error(), std::logic_error);
  const Result<void> done;
  EXPECT_THROW((void)done.error(), std::logic_error);
}

}  // namespace
}  // namespace vaco
