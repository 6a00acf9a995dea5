// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
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

}  // namespace
}  // namespace vaco
