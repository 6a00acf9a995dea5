// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>
#include <fstream>

#include "core/base/json.h"

namespace vaco {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class Files : public ::testing::Test {
 protected:
  Files() {
    std::string name = (fs::temp_directory_path() / "vaco-files-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~Files() override { fs::remove_all(folder_); }
  [[nodiscard]] size_t entries() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }
  fs::path folder_;
};

TEST_F(Files, AtomicWriteReplacesAndLeavesNothingElse) {
  const auto path = folder_ / "file.txt";
  ASSERT_TRUE(write_text_atomically(path, "old").ok());
  ASSERT_TRUE(write_text_atomically(path, "new and longer").ok());
  EXPECT_EQ(*read_text(path), "new and longer");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, APipeOrDeviceIsNotReplaced) {
  const auto path = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_THAT(write_text_atomically(path, "text").error().message, HasSubstr("is no regular file"));
  EXPECT_TRUE(fs::is_fifo(path));
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, AFailedWriteKeepsTheOldFileAndNoPart) {
  const auto path = folder_ / "file.txt";
  ASSERT_TRUE(write_text_atomically(path, "old").ok());
  const auto failed = write_file_atomically(path, [](const fs::path& temporary) -> Result<void> {
    std::ofstream(temporary) << "half";
    return Error{ErrorCode::failed, "disk full"};
  });
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().message, "disk full");
  EXPECT_EQ(*read_text(path), "old");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, MessagesNameThePath) {
  const auto missing = read_text(folder_ / "missing.txt");
  ASSERT_FALSE(missing.ok());
  EXPECT_THAT(missing.error().message, HasSubstr("missing.txt does not exist"));
  EXPECT_EQ(missing.error().code, ErrorCode::bad_data);
  EXPECT_FALSE(read_text(folder_).ok());
  EXPECT_FALSE(write_text_atomically(folder_ / "no" / "such" / "file.txt", "x").ok());
  ASSERT_TRUE(write_text_atomically(folder_ / "large.txt", std::string(100, 'x')).ok());
  EXPECT_EQ(read_text(folder_ / "large.txt", 50).error().code, ErrorCode::bad_data);
  EXPECT_FALSE(make_folder(folder_ / "large.txt" / "inside").ok());
  EXPECT_TRUE(make_folder(folder_ / "a" / "b").ok());
  EXPECT_TRUE(make_folder(folder_ / "a" / "b").ok()) << "what is there already is fine";
}

TEST_F(Files, JsonErrorsNameFileAndNoLineIsInvalid) {
  ASSERT_TRUE(write_text_atomically(folder_ / "bad.json", "{\"a\": 1,").ok());
  const auto bad = read_json(folder_ / "bad.json");
  ASSERT_FALSE(bad.ok());
  EXPECT_EQ(bad.error().code, ErrorCode::bad_data);
  EXPECT_THAT(bad.error().message, HasSubstr("bad.json"));
  EXPECT_EQ(to_line(Json{{"b", NAN}, {"a", "\xff"}}), "{\"b\":null,\"a\":\"\xef\xbf\xbd\"}");
  ASSERT_TRUE(write_json(folder_ / "good.json", Json{{"z", 1}, {"a", 2}}).ok());
  EXPECT_EQ(read_json(folder_ / "good.json")->begin().key(), "z") << "keys keep their order";
}

TEST_F(Files, ProgramFolderFollowsTheEnvironment) {
  ::setenv("VACO_HOME", "/somewhere", 1);
  EXPECT_EQ(program_data_folder(), "/somewhere");
  ::unsetenv("VACO_HOME");
  ::setenv("XDG_DATA_HOME", "/data", 1);
  EXPECT_EQ(program_data_folder(), "/data/vaco-workbench");
  ::unsetenv("XDG_DATA_HOME");
}

TEST_F(Files, TellsBeforehandWhereNoFileCanBeMade) {
  EXPECT_TRUE(check_new_file(folder_ / "new").ok());
  EXPECT_TRUE(check_new_file("name only").ok());
  EXPECT_EQ(check_new_file(folder_).error().code, ErrorCode::usage);
  EXPECT_EQ(check_new_file("").error().code, ErrorCode::usage);
  const auto nowhere = check_new_file(folder_ / "no such/new");
  ASSERT_FALSE(nowhere.ok());
  EXPECT_EQ(nowhere.error().code, ErrorCode::failed);
  EXPECT_THAT(nowhere.error().message, HasSubstr("there is no folder"));
  EXPECT_EQ(entries(), 0u);
}

TEST_F(Files, AFileThatIsThereIsReplacedOnlyOnRequest) {
  const auto path = folder_ / "there";
  ASSERT_TRUE(write_text_atomically(path, "old").ok());
  const auto there = check_new_file(path);
  ASSERT_FALSE(there.ok());
  EXPECT_EQ(there.error().code, ErrorCode::usage);
  EXPECT_THAT(there.error().message, HasSubstr("exists; --force replaces it"));
  EXPECT_TRUE(check_new_file(path, Existing::replace).ok());
  // By another name it is the same file.
  fs::create_symlink(path, folder_ / "link");
  const auto input = check_new_file(path, Existing::replace, {folder_ / "other", folder_ / "link"});
  ASSERT_FALSE(input.ok());
  EXPECT_EQ(input.error().code, ErrorCode::usage);
  EXPECT_FALSE(check_new_file(path, Existing::replace, {folder_}).ok());
  EXPECT_TRUE(check_new_file(folder_ / "new", Existing::refuse, {folder_}).ok());
}

TEST_F(Files, ACopySaysWhichOfItsFilesFailed) {
  ASSERT_TRUE(write_text_atomically(folder_ / "from", "text").ok());
  ASSERT_TRUE(copy_file_atomically(folder_ / "from", folder_ / "to").ok());
  EXPECT_EQ(*read_text(folder_ / "to"), "text");
  const auto target = folder_ / "no such/to";
  const auto failed = copy_file_atomically(folder_ / "from", target);
  ASSERT_FALSE(failed.ok());
  EXPECT_THAT(failed.error().message, HasSubstr("to " + target.string()));
}

TEST_F(Files, TwoWritersOfOneProcessDoNotShareATemporaryFile) {
  const auto path = folder_ / "file.txt";
  fs::path first;
  const auto outer = write_file_atomically(path, [&](const fs::path& temporary) -> Result<void> {
    first = temporary;
    std::ofstream(temporary) << "first";
    return write_file_atomically(path, [&](const fs::path& other) -> Result<void> {
      EXPECT_NE(other, first);
      std::ofstream(other) << "second";
      return {};
    });
  });
  ASSERT_TRUE(outer.ok()) << outer.error().message;
  EXPECT_EQ(*read_text(path), "first");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(Files, ANameAsLongAsTheFileSystemAllowsCanBeWritten) {
  const auto path = folder_ / std::string(255, 'n');
  const auto written = write_text_atomically(path, "x");
  EXPECT_TRUE(written.ok()) << written.error().message;
  EXPECT_EQ(*read_text(path), "x");
}

TEST_F(Files, WhatCannotBeMadeOrFoundIsAnErrorAndNothingIsThrown) {
  const auto too_long = folder_ / std::string(300, 'n');
  EXPECT_THAT(make_folder(too_long).error().message, HasSubstr("File name too long"));
  EXPECT_THAT(look_at(too_long).error().message, HasSubstr("File name too long"));
  EXPECT_THAT(check_new_file(too_long).error().message, HasSubstr("File name too long"));
  EXPECT_EQ(make_folder("").error().code, ErrorCode::usage);
  EXPECT_EQ(look_at("").error().code, ErrorCode::usage);
  EXPECT_EQ(absolute_path("").error().code, ErrorCode::usage);
  fs::create_symlink(folder_ / "b", folder_ / "a");
  fs::create_symlink(folder_ / "a", folder_ / "b");
  EXPECT_THAT(look_at(folder_ / "a").error().message, HasSubstr("symbolic links"));
  EXPECT_FALSE(is_file(folder_ / "a"));
  EXPECT_FALSE(is_folder(folder_ / "a"));
  EXPECT_TRUE(entries_of(folder_ / "a").empty());
  EXPECT_EQ(look_at(folder_ / "nothing").error().code, ErrorCode::bad_data);
  EXPECT_EQ(*look_at(folder_), fs::file_type::directory);
}

TEST_F(Files, AWorkingFolderThatIsGoneIsToldOf) {
  const auto before = fs::current_path();
  fs::create_directory(folder_ / "gone");
  fs::current_path(folder_ / "gone");
  fs::remove(folder_ / "gone");
  const auto path = absolute_path("runs");
  const auto from_root = absolute_path("/data/../runs");
  fs::current_path(before);
  ASSERT_FALSE(path.ok());
  EXPECT_THAT(path.error().message, HasSubstr("change into another folder"));
  EXPECT_EQ(*from_root, "/runs");
}

/// Permissions mean nothing to root, so that root becomes somebody for a while.
class Somebody {
 public:
  Somebody() { EXPECT_TRUE(::geteuid() != 0 || ::seteuid(65534) == 0); }
  ~Somebody() { EXPECT_TRUE(::getuid() != 0 || ::seteuid(0) == 0); }
};

TEST_F(Files, APermissionThatIsMissingIsToldAsSuch) {
  const auto closed = folder_ / "closed", file = folder_ / "file.txt";
  fs::create_directory(closed);
  std::ofstream(closed / "inside.txt") << "x";
  std::ofstream(file) << "x";
  fs::permissions(folder_, fs::perms::owner_all | fs::perms::others_exec);
  fs::permissions(closed, fs::perms::none);
  fs::permissions(file, fs::perms::none);
  {
    const Somebody somebody;
    EXPECT_THAT(look_at(closed / "inside.txt").error().message, HasSubstr("Permission denied"));
    EXPECT_THAT(read_text(closed / "inside.txt").error().message, HasSubstr("Permission denied"));
    EXPECT_THAT(read_text(file).error().message, HasSubstr("Permission denied"));
    EXPECT_THAT(check_new_file(closed / "new.txt").error().message, HasSubstr("Permission denied"));
  }
  fs::permissions(closed, fs::perms::owner_all);
}

TEST_F(Files, ACopyIsTheUsersToWriteWhateverTheOriginalIs) {
  const auto from = folder_ / "from", to = folder_ / "to";
  std::ofstream(from) << std::string(3'000'000, 'x');
  fs::permissions(from, fs::perms::owner_read);
  for (const bool atomically : {false, true}) {
    const auto copied = atomically ? copy_file_atomically(from, to) : copy_content(from, to);
    ASSERT_TRUE(copied.ok()) << copied.error().message;
    EXPECT_EQ(*read_text(to), std::string(3'000'000, 'x'));
    EXPECT_NE(fs::status(to).permissions() & fs::perms::owner_write, fs::perms::none);
    fs::remove(to);
  }
}

TEST_F(Files, AStreamWithoutEndIsReadOnlyAsFarAsItMayBe) {
  const auto endless = read_text("/dev/zero", 100'000);
  ASSERT_FALSE(endless.ok());
  EXPECT_THAT(endless.error().message, HasSubstr("too large"));
  // The system's own files say that they are empty.
  EXPECT_THAT(*read_text("/proc/self/status"), HasSubstr("Threads:"));
  std::ofstream(folder_ / "exact") << std::string(1000, 'x');
  EXPECT_TRUE(read_text(folder_ / "exact", 1000).ok());
  EXPECT_FALSE(read_text(folder_ / "exact", 999).ok());
}

}  // namespace
}  // namespace vaco
