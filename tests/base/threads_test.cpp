// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/threads.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace vaco {
namespace {
namespace fs = std::filesystem;

/// A tree of control groups as the kernel shows it.
class Groups : public ::testing::Test {
 protected:
  Groups() {
    std::string name = (fs::temp_directory_path() / "vaco-groups-XXXXXX").string();
    root_ = ::mkdtemp(name.data());
  }
  ~Groups() override { fs::remove_all(root_); }
  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text << '\n';
  }
  [[nodiscard]] int quota(const std::string& groups) const { return processor_quota(groups, root_.string()); }
  fs::path root_;
};

TEST_F(Groups, TheSecondVersionsQuotaIsRoundedUp) {
  write("job/cpu.max", "150000 100000");
  EXPECT_EQ(quota("0::/job\n"), 2);
  write("job/cpu.max", "50000 100000");
  EXPECT_EQ(quota("0::/job\n"), 1);
  write("job/cpu.max", "max 100000");
  EXPECT_EQ(quota("0::/job\n"), 0);
}

TEST_F(Groups, AGroupHasNoMoreThanTheGroupsItLiesIn) {
  write("slice/cpu.max", "200000 100000");
  write("slice/job/cpu.max", "800000 100000");
  write("slice/job/step/cpu.max", "max 100000");
  EXPECT_EQ(quota("0::/slice/job/step\n"), 2);
  write("cpu.max", "100000 100000");
  EXPECT_EQ(quota("0::/not/seen/from/inside/a/container\n"), 1);
}

TEST_F(Groups, TheFirstVersionsQuotaIsFoundByItsController) {
  const std::string groups = "12:memory:/job\n4:cpu,cpuacct:/job\n3:cpuset:/other\n0::/\n";
  write("cpu,cpuacct/job/cpu.cfs_quota_us", "300000");
  write("cpu,cpuacct/job/cpu.cfs_period_us", "100000");
  write("cpuset/other/cpu.cfs_quota_us", "100000");
  write("cpuset/other/cpu.cfs_period_us", "100000");
  EXPECT_EQ(quota(groups), 3);
  write("cpu,cpuacct/job/cpu.cfs_quota_us", "-1");
  EXPECT_EQ(quota(groups), 0);
}

TEST_F(Groups, NonsenseIsNoQuota) {
  EXPECT_EQ(quota(""), 0);
  EXPECT_EQ(quota("nonsense\n:\n::::\n0::../../..\n"), 0);
  write("job/cpu.max", "many of them");
  EXPECT_EQ(quota("0::/job\n"), 0);
}

TEST(Threads, AreAsManyAsTheProcessMayUse) {
  cpu_set_t before;
  ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
  EXPECT_LE(usable_processors(), CPU_COUNT(&before));
  EXPECT_GE(usable_processors(), 1);
  int first = 0;
  while (!CPU_ISSET(first, &before)) ++first;
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(first, &one);
  ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(usable_processors(), 1);
  EXPECT_EQ(threads_or_all(0), 1);
  EXPECT_EQ(threads_or_all(5), 5);
  ASSERT_EQ(::sched_setaffinity(0, sizeof before, &before), 0);
}

TEST(Threads, AreCountedByStartingThem) {
  EXPECT_EQ(startable_threads(0), 1);
  EXPECT_EQ(startable_threads(1), 1);
  EXPECT_EQ(startable_threads(5), 5);
}

TEST(Threads, ThatCannotBeStartedAreAnError) {
  // In a process of its own; the limit holds for a user, but not for root.
  const auto child = [] {
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(0);
    const rlimit none{0, 0};
    if (::setrlimit(RLIMIT_NPROC, &none) != 0) ::_exit(0);
    const auto thread = start_thread([](const std::stop_token&) {});
    const bool told = !thread && thread.error().message.find("ulimit -u") != std::string::npos;
    ::_exit(told && startable_threads(8) == 1 ? 0 : 1);
  };
  EXPECT_EXIT(child(), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace vaco
