// SPDX-License-Identifier: GPL-3.0-or-later
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/progress_line.h"
#include "core/base/files.h"
#include "core/base/readable.h"
#include "core/data/mixer.h"
#include "core/data/reader.h"

namespace vaco::cli {
namespace {

namespace fs = std::filesystem;

/// "FILE:0.3" -> the file and its share. A colon that is part of the file's name is left alone.
std::pair<fs::path, double> split_share(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon + 1 == text.size() || look_at(text)) return {text, 1.0};
  double share = 0.0;
  const std::string typed = plain_number(text.substr(colon + 1), false);
  const char* end = typed.data() + typed.size();
  const auto [at, error] = std::from_chars(typed.data(), end, share);
  if (error != std::errc{} || at != end) return {text, 1.0};
  return {text.substr(0, colon), share};
}

struct Mix {
  std::string out;
  std::vector<std::string> files;
  int64_t rows = 0;
  uint64_t seed = 0;
  bool force = false;

  [[nodiscard]] int run() const {
    std::vector<fs::path> inputs;
    for (const auto& file : files) inputs.push_back(split_share(file).first);
    if (auto can = check_new_file(out, force ? Existing::replace : Existing::refuse, inputs); !can)
      return report_error("mix", can.error());
    std::vector<MixPart> parts;
    for (const auto& file : files) {
      if (stop_was_asked()) return stopped();
      const auto [path, share] = split_share(file);
      auto dataset = [&path = path] {
        ProgressLine line;
        return read_dataset(path, {}, line.teller(), line.stop_token());
      }();
      if (!dataset) return report_error("mix", dataset.error());
      parts.push_back({std::move(*dataset), share, path.stem().string()});
    }
    const auto mixed = mix_datasets(parts, rows, seed);
    if (!mixed) return report_error("mix", mixed.error());
    parts.clear();
    if (stop_was_asked()) return stopped();
    if (auto written = write_dataset(out, *mixed); !written) return report_error("mix", written.error());
    const auto check = read_dataset(out);
    if (!check) return report_error("mix", check.error());
    std::printf("%s", to_report(summarize(*check)).c_str());
    return 0;
  }

  [[nodiscard]] int stopped() const {
    return report_error("mix", {ErrorCode::stopped, "stopped; " + out + " was not written"});
  }
};

}  // namespace

void add_mix(CLI::App& app, int& exit_code) {
  auto mix = std::make_shared<Mix>();
  CLI::App* command = add_command(app, "mix");
  command->add_option("out", mix->out, "the file to write")->required()->type_name("OUT.hdf5");
  command->add_option("files", mix->files, "dataset files, each with its share of the rows (1 if not said)")
      ->required()
      ->type_name("FILE[:SHARE]");
  command->add_option("--rows", mix->rows, "rows in all, about; as many as the shares allow if not said")
      ->check(row_count());
  command->add_option("--seed", mix->seed, "which trajectories, and their order")->check(seed_number());
  command->add_flag("--force", mix->force, "replace OUT.hdf5 if it exists");
  command->callback([mix, &exit_code] { exit_code = mix->run(); });
}

}  // namespace vaco::cli
