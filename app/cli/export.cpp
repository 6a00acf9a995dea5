// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <filesystem>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/figures.h"
#include "core/base/files.h"
#include "core/data/policy_file.h"
#include "core/export/policy_export.h"
#include "core/records/checkpoint.h"

namespace vaco::cli {
namespace fs = std::filesystem;
namespace {

struct Export {
  std::string run, policy, checkpoint, figures;
  std::string format = "pdf,svg,png,csv";
  bool best = false, force = false;

  [[nodiscard]] static Result<void> check_there(const fs::path& from) {
    if (is_file(from)) return {};
    return Error{ErrorCode::bad_data, from.string() + " does not exist: the run has not come that far"};
  }

  [[nodiscard]] static Result<void> copy(const fs::path& from, const fs::path& to) {
    if (auto there = check_there(from); !there) return there;
    auto copied = copy_file_atomically(from, to);
    if (copied) std::printf("%s\n", to.c_str());
    return copied;
  }

  /// For other programs, by the name of the file; else it is copied as it is.
  [[nodiscard]] Result<void> write_policy_file(const fs::path& from) const {
    if (auto there = check_there(from); !there) return there;
    const auto snapshot = read_policy(from);
    if (!snapshot) return snapshot.error();
    const auto other = policy_format_of(policy);
    if (!other) return copy(from, policy);
    const auto parity = export_policy(*snapshot, policy, *other);
    if (!parity) return parity.error();
    std::printf("%s\n%s\n", policy.c_str(), example_path(policy).c_str());
    std::fprintf(stderr,
                 "read back: off by %.1e at the most, by %.1e far outside the data (%lld observations)\n",
                 parity->error_near, parity->error_far, static_cast<long long>(parity->rows));
    return {};
  }

  [[nodiscard]] Result<void> check_targets() const {
    const std::string example = policy_format_of(policy) ? example_path(policy).string() : std::string();
    for (const auto& target : {policy, example, checkpoint})
      if (!target.empty())
        if (auto can = check_new_file(target, force ? Existing::replace : Existing::refuse, {run}); !can)
          return can;
    if (!policy.empty() && policy == checkpoint)
      return Error{ErrorCode::usage, "--policy and --checkpoint name the same file; give each its own"};
    return {};
  }

  [[nodiscard]] Result<void> work() const {
    const fs::path folder = run;
    if (const auto type = look_at(folder); !type) return type.error();
    if (const auto config = look_at(folder / "config.json");
        !config && config.error().code == ErrorCode::failed)
      return config.error();
    if (!is_file(folder / "config.json"))
      return Error{ErrorCode::bad_data, run + " is no run folder (it has no config.json)"};
    if (policy.empty() && checkpoint.empty() && figures.empty())
      return Error{ErrorCode::usage, "say what to export: --policy FILE, --checkpoint FILE or --figures DIR"};
    if (auto known = check_figure_formats(format); !known) return known;
    if (auto can = check_targets(); !can) return can;
    if (!policy.empty()) {
      const auto written = write_policy_file(folder / (best ? "best_policy.h5" : "policy.h5"));
      if (!written) return written;
    }
    if (!checkpoint.empty()) {
      const fs::path from = folder / "checkpoints" / (best ? "best.h5" : "last.h5");
      if (is_file(from))
        if (const auto sound = read_checkpoint(from); !sound) return sound.error();
      if (auto copied = copy(from, checkpoint); !copied) return copied;
    }
    if (figures.empty()) return {};
    const auto made = export_figures(folder, figures, format);
    if (!made) return made.error();
    for (const auto& file : *made) std::printf("%s\n", file.c_str());
    return {};
  }
};

}  // namespace

void add_export(CLI::App& app, int& exit_code) {
  auto job = std::make_shared<Export>();
  CLI::App* command = add_command(app, "export");
  command->footer(
      "Examples:\n"
      "  vaco export runs/hopper__... --policy policy.onnx --best\n"
      "  vaco export runs/hopper__... --policy policy.h5 --figures figures --format pdf,csv");
  command->add_option("run", job->run, "run folder")->required()->type_name("RUN");
  command
      ->add_option("--policy", job->policy,
                   "write the policy here: HDF5, or for other programs TorchScript (FILE.pt) or ONNX "
                   "(FILE.onnx) with normalizer, bounds and choice inside; the file is read back and checked, "
                   "and an example of observation and action lies beside it")
      ->type_name("FILE");
  command->add_option("--checkpoint", job->checkpoint, "write the checkpoint here (HDF5)")->type_name("FILE");
  command->add_flag("--best", job->best, "the best one by evaluation instead of the last");
  command->add_option("--figures", job->figures, "draw all figures into this folder")->type_name("DIR");
  command->add_option("--format", job->format, "pdf, svg, png, csv; several with commas")
      ->capture_default_str();
  command->add_flag("--force", job->force, "replace files that exist, but none of the run");
  command->callback([job, &exit_code] {
    end_on_signals();
    const auto done = job->work();
    exit_code = done ? 0 : report_error("export", done.error());
  });
}

}  // namespace vaco::cli
