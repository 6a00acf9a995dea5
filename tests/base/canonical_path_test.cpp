// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/canonical_path.h"

#include <gtest/gtest.h>

#include <fstream>

namespace vaco {
namespace {
namespace fs = std::filesystem;

TEST(CanonicalPath, TwoNamesOfOnePlaceAreEqual) {
  const fs::path root = canonical_path(fs::temp_directory_path()) / "vaco_canonical_path";
  fs::remove_all(root);
  fs::create_directories(root / "runs" / "a");
  fs::create_directory_symlink(root / "runs", root / "link");
  const fs::path one = canonical_path(root / "runs" / "a");
  EXPECT_EQ(one, root / "runs" / "a");
  EXPECT_EQ(canonical_path(root / "link" / "a"), one);
  EXPECT_EQ(canonical_path(root / "runs" / "." / "b" / ".." / "a" / ""), one);
  EXPECT_EQ(canonical_path(fs::relative(one)), one);
  // What is not there yet has a name, too.
  EXPECT_EQ(canonical_path(root / "link" / "new" / "run"), root / "runs" / "new" / "run");
  EXPECT_EQ(canonical_path({}), fs::path());
  fs::remove_all(root);
}

TEST(CanonicalPath, ALinkToItselfThrowsNothing) {
  const fs::path loop = fs::temp_directory_path() / "vaco_canonical_loop";
  std::error_code ignored;
  fs::remove(loop, ignored);
  fs::create_symlink(loop, loop);
  EXPECT_EQ(canonical_path(loop / "x" / ".." / "y"), loop / "y");
  fs::remove(loop);
}

}  // namespace
}  // namespace vaco
