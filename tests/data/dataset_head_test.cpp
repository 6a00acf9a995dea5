// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/data/reader.h"
#include "tests/data/h5_fixture.h"

namespace vaco {
namespace {

using testing::H5Writer;
using ::testing::HasSubstr;
using testing::SmallRows;
using testing::TemporaryFolder;

TEST(DatasetHead, TellsDimensionsAndWhereTheRowsAreFrom) {
  const TemporaryFolder folder;
  const auto path = folder / "rows.hdf5";
  {
    H5Writer file(path);
    SmallRows().write(file);
    file.text("metadata/environment", "Hopper-v4");
    file.text("metadata/physics", "v4");
  }
  const auto head = read_dataset_head(path);
  ASSERT_TRUE(head.ok()) << head.error().message;
  EXPECT_EQ(head->obs_dim, 2);
  EXPECT_EQ(head->action_dim, 1);
  EXPECT_EQ(head->environment, "hopper");
  EXPECT_EQ(head->physics, "v4");
  const auto dataset = read_dataset(path);
  ASSERT_TRUE(dataset.ok()) << dataset.error().message;
  EXPECT_EQ(dataset->physics, "v4");
  EXPECT_THAT(to_report(summarize(*dataset)), HasSubstr("physics       v4"));
  EXPECT_EQ(to_json(summarize(*dataset))["physics"], "v4");
}

TEST(DatasetHead, AFileMayNotSayItsPhysics) {
  const TemporaryFolder folder;
  const auto path = folder / "rows.hdf5";
  {
    H5Writer file(path);
    SmallRows().write(file);
  }
  EXPECT_EQ(read_dataset_head(path)->physics, "");
  EXPECT_THAT(to_report(summarize(*read_dataset(path))), HasSubstr("not said"));
}

}  // namespace
}  // namespace vaco
