// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

namespace vaco {
namespace {
namespace fs = std::filesystem;

class JsonFiles : public ::testing::Test {
 protected:
  ~JsonFiles() override { fs::remove(path_); }
  void write(const std::string& text) const { std::ofstream(path_, std::ios::trunc) << text; }

  const fs::path path_ = fs::temp_directory_path() / ("vaco-json-" + std::to_string(::getpid()));
};

TEST_F(JsonFiles, AFileThatIsShownCutIsReadAgainUntilItIsWhole) {
  write("{\"status\": \"fin");
  std::jthread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    write("{\"status\": \"finished\"}");
  });
  const auto json = read_replaced_json(path_);
  ASSERT_TRUE(json) << json.error().message;
  EXPECT_EQ((*json)["status"], "finished");
}

TEST_F(JsonFiles, ACutFileThatStaysSoIsAnErrorWithItsPlace) {
  write("{\"status\": \n\"fin");
  const auto json = read_replaced_json(path_);
  ASSERT_FALSE(json);
  EXPECT_EQ(json.error().code, ErrorCode::bad_data);
  EXPECT_NE(json.error().message.find(path_.string()), std::string::npos);
}

}  // namespace
}  // namespace vaco
