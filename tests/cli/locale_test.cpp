// SPDX-License-Identifier: GPL-3.0-or-later
// What the program writes is the same in every language of its user.
#include <cstdlib>
#include <map>
#include <regex>

#include "core/records/checkpoint.h"
#include "tests/cli/program.h"

namespace vaco {
namespace {
using namespace vaco::testing;

/// A decimal comma; a comma and an i without a dot; digits and a decimal point of another script.
constexpr const char* kLocales[] = {"de_DE", "tr_TR", "fa_IR"};

/// Without what tells of time: dates, and how long something took.
std::string without_times(const std::string& text) {
  static const std::regex date(R"(\d{4}-\d\d-\d\d[T ]?\d\d:\d\d:\d\dZ?)"),
      pdf_date(R"(/CreationDate \([^)]*\))"), pdf_stamp(R"(<xmp:(Create|Modify|Metadata)Date>[^<]*<)"),
      pdf_id(R"(/ID \[[^\]]*\]|uuid:[-0-9a-f]*)"),
      lasted(R"((finished in|wall time) *[0-9:.]+ ?(ms|s|min|h)?)"),
      number(R"x("(time_s|wall_time_s|steps_per_second)": ?[-+.e0-9]+)x"), speed(R"(steps per second *[0-9]+)");
  std::string rest = text;
  for (const auto* pattern : {&date, &pdf_date, &pdf_stamp, &pdf_id, &lasted, &number, &speed})
    rest = std::regex_replace(rest, *pattern, "TIME");
  return rest;
}

class Locales : public Program {
 protected:
  using Files = std::map<std::string, std::string>;

  static fs::path made() { return folder() / "locales"; }

  /// Empty, or what is missing.
  static std::string make_locales() {
    fs::create_directories(made());
    for (const std::string name : kLocales) {
      const auto command =
          "localedef -i " + name + " -f UTF-8 '" + (made() / (name + ".UTF-8")).string() + "' >/dev/null 2>&1";
      if (std::system(command.c_str()) != 0 && !fs::exists(made() / (name + ".UTF-8/LC_NUMERIC")))
        return "localedef cannot make " + name + ".UTF-8 (packages locales and libc-bin have what it needs)";
    }
    return {};
  }

  static void speak(const std::string& language) {
    for (const char* name : {"LC_ALL", "LC_NUMERIC", "LC_CTYPE", "LANGUAGE"}) ::unsetenv(name);
    ::setenv("LANG", language.c_str(), 1);
    ::setenv("LOCPATH", made().c_str(), 1);
  }

  static void take(const fs::path& from, Files& files) {
    for (const auto& entry : fs::recursive_directory_iterator(from)) {
      if (!entry.is_regular_file()) continue;
      const auto name = fs::relative(entry.path(), folder()).string();
      // Checkpoints hold how long the training took.
      const bool checkpoint = name.find("checkpoints/") != std::string::npos;
      files[name] = checkpoint ? std::string() : without_times(slurp(entry.path()));
      if (!checkpoint) continue;
      const auto read = read_checkpoint(entry.path());
      ASSERT_TRUE(read.ok()) << read.error().message;
      for (const auto& [key, array] : read->state)
        std::visit(
            [&](const auto& values) {
              files[name].append(reinterpret_cast<const char*>(values.data()),
                                 values.size() * sizeof(values[0]));
            },
            array.values);
    }
  }

  static Ended train(const std::string& name) {
    auto words = training("vaco", name);
    words.insert(words.end(), {"--set", "hidden_width=16", "--set", "batch_size=16", "--threads", "1"});
    return run(words);
  }

  /// All that the program says and writes, by name; nothing of it is left. Figures and tables are those of one
  /// run, as some tell of its speed.
  static Files everything() {
    const auto spoken = folder() / "runs/spoken", plain = folder() / "runs/plain",
               figures = folder() / "figures", report = folder() / "report";
    Files files;
    const auto keep = [&](const std::string& name, const Ended& ended) {
      EXPECT_EQ(ended.exit_code, 0) << name << ": " << ended.err;
      files[name] = without_times(ended.out);
    };
    keep("inspect", run({"inspect", data()}));
    keep("inspect as JSON", run({"inspect", data(), "--json"}));
    keep("train", train("spoken"));
    keep("export",
         run({"export", plain.string(), "--figures", figures.string(), "--format", "pdf,svg,png,csv"}));
    keep("report", run({"report", plain.string(), "--out", report.string()}));
    fs::remove(spoken / "run.lock");  // names its process
    for (const auto& written : {spoken, figures, report}) {
      take(written, files);
      fs::remove_all(written);
    }
    return files;
  }
};

TEST_F(Locales, ChangeNothingOfWhatIsWritten) {
  if (const auto missing = make_locales(); !missing.empty()) GTEST_SKIP() << missing;
  speak("C");
  ASSERT_EQ(train("plain").exit_code, 0);
  const Files plain = everything();
  for (const char* expected : {"runs/spoken/metrics.jsonl", "runs/spoken/policy.h5", "figures/losses.svg",
                               "figures/losses.pdf", "figures/losses.png", "report/report.md"})
    EXPECT_TRUE(plain.contains(expected)) << expected;
  for (const std::string name : kLocales) {
    speak(name + ".UTF-8");
    const Files spoken = everything();
    for (const auto& [file, content] : plain) {
      ASSERT_TRUE(spoken.contains(file)) << name << ": " << file;
      EXPECT_EQ(spoken.at(file) == content, true) << name << ": " << file << " differs";
    }
    EXPECT_EQ(spoken.size(), plain.size()) << name;
  }
  ::unsetenv("LANG");
  ::unsetenv("LOCPATH");
}

}  // namespace
}  // namespace vaco
