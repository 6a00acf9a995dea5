// SPDX-License-Identifier: GPL-3.0-or-later
// Holds the source tree to the rules of its design, and each rule to catching what it is for.
#include "tests/rules/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

namespace vaco::rules {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using Rule = Violations (*)(const std::vector<SourceFile>&);

SourceFile source(const std::string& path, const std::string& text) {
  return {path, text, text.size()};
}

const std::vector<SourceFile>& tree() {
  static const std::vector<SourceFile> files = read_tree(VACO_SOURCE_DIR);
  return files;
}

struct Named {
  const char* name;
  Rule rule;
};

void PrintTo(const Named& rule, std::ostream* out) {
  *out << rule.name;
}

class Tree : public testing::TestWithParam<Named> {};

TEST_P(Tree, KeepsTheRule) {
  for (const std::string& violation : GetParam().rule(tree())) ADD_FAILURE() << violation;
}

INSTANTIATE_TEST_SUITE_P(
    Rules, Tree,
    testing::Values(Named{"LibrariesInTheirRooms", libraries_in_their_rooms},
                    Named{"OneWayDependencies", one_way_dependencies},
                    Named{"TorchOutOfReach", torch_out_of_reach},
                    Named{"FilesystemWithoutThrowing", filesystem_without_throwing},
                    Named{"OneCountOfProcessors", one_count_of_processors}, Named{"ShortFiles", short_files},
                    Named{"LicenseLines", license_lines}, Named{"GuardedHeaders", guarded_headers},
                    Named{"NoUnfinishedWork", no_unfinished_work}, Named{"NoMachinePaths", no_machine_paths},
                    Named{"SmallFiles", small_files}, Named{"MirroredTests", mirrored_tests},
                    Named{"ExplainedPackages", explained_packages}),
    [](const auto& rule) { return rule.param.name; });

// Without this, a wrong root would pass every rule.
TEST(SourceTree, IsReadWhole) {
  std::vector<std::string> paths;
  for (const SourceFile& file : tree()) paths.push_back(file.path);
  EXPECT_THAT(paths, Contains("CMakeLists.txt"));
  EXPECT_THAT(paths, Contains("core/base/result.h"));
  EXPECT_THAT(paths, Contains("tests/rules/rules_test.cpp"));
  EXPECT_THAT(paths, Contains("installer/run"));
}

TEST(SourceTree, FindsIncludesInEverySpelling) {
  const auto includes =
      includes_of(source("a.cpp", "#include <vector>\n  #  include \"core/base/rng.h\"\nint include;\n"));
  ASSERT_THAT(includes, SizeIs(2));
  EXPECT_EQ(includes[0].path, "vector");
  EXPECT_FALSE(includes[0].quoted);
  EXPECT_EQ(includes[1].path, "core/base/rng.h");
  EXPECT_EQ(includes[1].line, 2);
  EXPECT_TRUE(includes[1].quoted);
}

TEST(Libraries, AreCaughtOutsideTheirRooms) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"core/session/a.cpp", "#include <QString>"},
      {"app/cli/a.cpp", "#include <QtCore/QObject>"},
      {"core/stats/a.h", "#include <qcustomplot.h>"},
      {"core/sim/a.cpp", "#include <torch/torch.h>"},
      {"ui/a.cpp", "#include <ATen/ATen.h>"},
      {"core/session/a.h", "#include <c10/core/Scalar.h>"},
      {"core/base/a.cpp", "#include <hdf5.h>"},
      {"ui/a.cpp", "#include <H5Fpublic.h>"},
      {"core/learn/a.cpp", "#include <mujoco/mujoco.h>"},
      {"ui/a.cpp", "#include <EGL/egl.h>"},
      {"core/sim/a.cpp", "#include <oneapi/dnnl/dnnl.hpp>"},
      {"core/session/a.cpp", "#include <CLI/CLI.hpp>"},
      {"ui/a.cpp", "#include <boost/math/distributions.hpp>"},
      {"core/data/formats/a.cpp", "#include <hdf5.h>"},
      {"core/data/a.cpp", "#include <libdeflate.h>"},
      {"core/data/formats/a.cpp", "#include <zlib.h>"},
  };
  for (const auto& [path, text] : wrong) {
    EXPECT_THAT(libraries_in_their_rooms({source(path, text)}), SizeIs(1)) << path << " with " << text;
  }
}

TEST(Libraries, MayBeUsedInTheirRooms) {
  const std::vector<SourceFile> right = {
      source("ui/shell/a.cpp", "#include <QString>\n#include <qcustomplot.h>"),
      source("app/workbench/main.cpp", "#include <QApplication>"),
      source("core/nn/a.cpp", "#include <ATen/ATen.h>\n#include <oneapi/dnnl/dnnl.hpp>"),
      source("core/learn/a.cpp", "#include <torch/torch.h>"),
      source("core/hdf5/a.cpp", "#include <hdf5.h>\n#include <libdeflate.h>"),
      source("core/zip/a.cpp", "#include <zlib.h>"),
      source("core/bench/a.cpp", "#include <torch/torch.h>"),
      source("core/sim/a.cpp", "#include <mujoco/mujoco.h>\n#include <EGL/egl.h>"),
      source("core/stats/a.cpp", "#include <boost/math/distributions.hpp>"),
      source("tests/nn/a.cpp", "#include <torch/torch.h>\n#include <hdf5.h>"),
  };
  EXPECT_THAT(libraries_in_their_rooms(right), IsEmpty());
}

TEST(Dependencies, AreCaughtAgainstTheDirection) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"core/base/a.h", "core/stats/statistics.h"},
      {"core/nn/a.cpp", "core/learn/algorithm.h"},
      {"core/learn/a.cpp", "core/data/dataset.h"},
      {"core/sim/a.cpp", "core/learn/algorithm.h"},
      {"core/data/a.cpp", "core/sim/environment.h"},
      {"core/data/a.cpp", "core/learn/algorithm.h"},
      {"core/data/a.cpp", "core/data/formats/d4rl_reader.h"},
      {"core/hdf5/a.cpp", "core/data/dataset.h"},
      {"core/stats/a.cpp", "core/data/dataset.h"},
      {"core/stats/a.cpp", "core/sim/evaluator.h"},
      {"core/sim/a.cpp", "core/records/events.h"},
      {"core/device/a.cpp", "core/learn/algorithm.h"},
      {"core/learn/a.cpp", "core/bench/benchmark.h"},
      {"core/learn/schemas.cpp", "core/learn/algorithms/bc.h"},
      {"core/learn/parts/registry.cpp", "core/learn/algorithms/bc.h"},
      {"core/records/a.cpp", "core/session/training_session.h"},
      {"core/records/a.cpp", "core/collect/recipe.h"},
      {"core/collect/a.cpp", "core/session/training_session.h"},
      {"core/session/a.cpp", "core/nn/mlp.h"},
      {"core/session/a.cpp", "core/study/plan.h"},
      {"core/session/a.cpp", "ui/shell/main_window.h"},
      {"ui/plots/a.cpp", "core/nn/mlp.h"},
      {"ui/figures/a.cpp", "ui/plots/plots.h"},
      {"ui/export/a.cpp", "ui/plots/plots.h"},
      {"ui/studies/a.cpp", "ui/shell/main_window.h"},
      {"ui/widgets/a.cpp", "ui/setup/param_form.h"},
      {"ui/shell/a.cpp", "app/workbench/main.h"},
      {"app/cli/a.cpp", "ui/shell/main_window.h"},
      {"app/workbench/a.cpp", "ui/plots/plots.h"},
      {"core/session/a.cpp", "tests/session/helper.h"},
      {"core/session/a.cpp", "events.h"},
      {"core/session/a.cpp", "../data/dataset.h"},
  };
  for (const auto& [path, include] : wrong) {
    EXPECT_THAT(one_way_dependencies({source(path, "#include \"" + include + "\"")}), SizeIs(1))
        << path << " includes " << include;
  }
  EXPECT_THAT(one_way_dependencies({source("extras/a.cpp", "")}), Contains(HasSubstr("no rule")));
  EXPECT_THAT(one_way_dependencies({source("ui/extras/a.cpp", "")}), Contains(HasSubstr("no rule")));
}

TEST(Dependencies, MayFollowTheDirection) {
  const std::vector<std::pair<std::string, std::string>> right = {
      {"core/learn/parts/a.cpp", "core/nn/mlp.h"},
      {"core/learn/registry.cpp", "core/learn/algorithms/bc.h"},
      {"core/data/registry.cpp", "core/data/formats/d4rl_reader.h"},
      {"core/sim/a.cpp", "resources/resources.h"},
      {"core/sim/a.cpp", "core/stats/statistics.h"},
      {"core/session/a.cpp", "core/sim/environment.h"},
      {"core/records/a.cpp", "core/records/events.h"},
      {"ui/plots/a.cpp", "core/stats/statistics.h"},
      {"ui/plots/a.cpp", "ui/figures/figure.h"},
      {"ui/plots/a.cpp", "a.moc"},
      {"ui/shell/a.cpp", "ui/bridge/session_bridge.h"},
      {"app/workbench/main.cpp", "ui/shell/workbench.h"},
      {"tests/sim/a.cpp", "core/learn/algorithm.h"},
  };
  for (const auto& [path, include] : right) {
    EXPECT_THAT(one_way_dependencies({source(path, "#include \"" + include + "\"")}), IsEmpty())
        << path << " includes " << include;
  }
}

TEST(Torch, IsCaughtThroughOtherHeaders) {
  const std::vector<SourceFile> files = {
      source("core/learn/algorithms/vaco.h", "#include <ATen/core/Tensor.h>"),
      source("core/learn/algorithm.h", "#include \"core/learn/algorithms/vaco.h\""),
      source("core/records/events.h",
             "#include \"core/learn/algorithm.h\"\n#include \"core/records/events.h\""),
      source("ui/shell/main_window.cpp", "#include \"core/records/events.h\""),
  };
  const Violations found = torch_out_of_reach(files);
  EXPECT_THAT(found, SizeIs(2));
  EXPECT_THAT(found, Contains(HasSubstr(
                         "ui/shell/main_window.cpp -> core/records/events.h -> core/learn/algorithm.h -> "
                         "core/learn/algorithms/vaco.h -> ATen/core/Tensor.h")));
}

TEST(Torch, MayBeUsedWhereNobodyElseSeesIt) {
  const std::vector<SourceFile> files = {
      source("core/learn/algorithms/vaco.h", "#include <ATen/core/Tensor.h>"),
      source("core/learn/registry.cpp", "#include \"core/learn/algorithms/vaco.h\""),
      source("core/learn/algorithm.h", "#include <vector>"),
      source("ui/shell/a.cpp", "#include \"core/learn/algorithm.h\""),
  };
  EXPECT_THAT(torch_out_of_reach(files), IsEmpty());
}

TEST(Text, LongFilesAreCaught) {
  std::string lines;
  for (int i = 0; i < 400; ++i) lines += "int a;\n";
  EXPECT_THAT(short_files({source("core/a.cpp", lines)}), IsEmpty());
  EXPECT_THAT(short_files({source("core/a.cpp", lines + "int b;\n")}), SizeIs(1));
}

TEST(Text, MissingLicensesAreCaught) {
  const std::string license = "SPDX-License-Identifier: GPL-3.0-or-later";
  EXPECT_THAT(
      license_lines({source("core/a.h", "// " + license + "\n"), source("CMakeLists.txt", "# " + license),
                     source("installer/run", "#!/bin/sh\n# " + license), source("README.md", "words")}),
      IsEmpty());
  for (const SourceFile& wrong :
       {source("core/a.h", "#pragma once\n"), source("core/a.cpp", ""),
        source("core/CMakeLists.txt", "add()\n"), source("x.cmake", "// " + license),
        source("installer/run", "#!/bin/sh\necho\n"), source("core/a.cpp", "\n// " + license)}) {
    EXPECT_THAT(license_lines({wrong}), SizeIs(1)) << wrong.path;
  }
}

TEST(Text, UnguardedHeadersAreCaught) {
  EXPECT_THAT(guarded_headers({source("core/a.h", "#pragma once\n"), source("core/a.cpp", "")}), IsEmpty());
  EXPECT_THAT(guarded_headers({source("core/a.h", "#ifndef A\n")}), SizeIs(1));
}

TEST(Text, UnfinishedWorkIsCaught) {
  const std::string word = std::string("TO") + "DO";
  EXPECT_THAT(no_unfinished_work({source("README.md", "a\n" + word + ": more")}),
              Contains(HasSubstr("README.md:2")));
  EXPECT_THAT(no_unfinished_work({source("a.cpp", "auto" + word +
                                                      "List; // name.XX"
                                                      "XXXX")}),
              IsEmpty());
}

TEST(Text, MachinePathsAreCaught) {
  const std::string home = std::string("/") + "home/", temporary = std::string("/") + "tmp/";
  EXPECT_THAT(no_machine_paths({source("a.json", "{\"path\": \"" + home + "someone/x\"}")}), SizeIs(1));
  EXPECT_THAT(no_machine_paths({source("installer/run", "ls " + temporary + "x")}), SizeIs(1));
  EXPECT_THAT(no_machine_paths({source("a.md", "${HOME}" + temporary + "x, and" + home + "x, ~" + home)}),
              IsEmpty());
}

TEST(Text, LargeFilesAreCaught) {
  EXPECT_THAT(small_files({{"tests/fixtures/a.h5", "", 2'000'000}}), IsEmpty());
  EXPECT_THAT(small_files({{"tests/fixtures/a.h5", "", 2'000'001}}), SizeIs(1));
}

TEST(Doors, ThrowingCallsOfTheFileSystemAreCaught) {
  for (const std::string call :
       {"fs::exists(path)", "std::filesystem::is_regular_file(a / \"b\")", "fs::absolute(f(a, b))",
        "fs::copy_file(a, b, fs::copy_options::none)", "fs::temp_directory_path()",
        "for (auto& e : fs::directory_iterator(a, status))", "if (entry.is_regular_file())",
        "std::filesystem::file_size(\n    path)", "namespace fs = std::filesystem; fs::equivalent(a, b)"}) {
    EXPECT_THAT(filesystem_without_throwing({source("core/a.cpp", "std::error_code status;\n" + call + ";")}),
                SizeIs(1))
        << call;
  }
}

TEST(Doors, CallsWithAnErrorCodeMayStand) {
  const std::string calls =
      "std::error_code status, none;\nfs::exists(path, status); std::filesystem::file_size(f(a, b), none);\n"
      "fs::copy_file(a, b,\n  fs::copy_options::none, status); fs::temp_directory_path(status);\n"
      "fs::path exists(path); // fs::exists(path)\nentry.is_regular_file(status); std::filesystem::path p;";
  EXPECT_THAT(filesystem_without_throwing({source("ui/shell/a.cpp", calls)}), IsEmpty());
  EXPECT_THAT(filesystem_without_throwing({source("tests/base/a.cpp", "fs::exists(path);")}), IsEmpty());
}

TEST(Doors, SecondCountsOfProcessorsAreCaught) {
  const std::string call = "const auto n = std::thread::hardware_concurrency();";
  EXPECT_THAT(one_count_of_processors({source("ui/shell/a.cpp", call)}), SizeIs(1));
  EXPECT_THAT(one_count_of_processors({source("core/base/threads.cpp", call)}), IsEmpty());
}

TEST(Text, RoomsWithoutTestsAreCaught) {
  const SourceFile nn = source("core/nn/CMakeLists.txt", ""), tests = source("tests/nn/CMakeLists.txt", "");
  EXPECT_THAT(mirrored_tests({nn, tests, source("tests/rules/CMakeLists.txt", "")}), IsEmpty());
  EXPECT_THAT(mirrored_tests({nn}), SizeIs(1));
  EXPECT_THAT(mirrored_tests({nn, tests, source("tests/old/CMakeLists.txt", "")}), SizeIs(1));
}

TEST(Text, UnexplainedPackagesAreCaught) {
  const auto list = [](const std::string& text) { return source("installer/packages.txt", text); };
  EXPECT_THAT(explained_packages({list("# Tools\n\ngit  # history\ncmake # builds\n")}), IsEmpty());
  EXPECT_THAT(explained_packages({list("git\n")}), SizeIs(1));
  EXPECT_THAT(explained_packages({list("git  # \n")}), SizeIs(1));
  EXPECT_THAT(explained_packages({list("git  # a\ngit  # b\n")}), Contains(HasSubstr("packages.txt:2")));
}

}  // namespace
}  // namespace vaco::rules
