// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/slurm_script.h"

#include "core/base/shell_word.h"

namespace vaco {

std::string slurm_script(const SlurmArray& array, const SlurmNeeds& needs) {
  std::string text = "#!/bin/bash\n";
  const auto ask = [&text](const std::string& option) { text += "#SBATCH --" + option + "\n"; };
  // sbatch reads a quoted value as a shell does.
  const auto quoted = [](const std::string& value) { return "\"" + value + "\""; };
  ask("job-name=" + array.name);
  ask("array=0-" + std::to_string(array.cells.size() - 1) +
      (needs.at_once > 0 ? "%" + std::to_string(needs.at_once) : ""));
  ask("output=" + quoted((array.out / "logs" / "slurm-%A_%a.txt").string()));
  ask("open-mode=append");
  ask("requeue");
  ask("signal=B:USR1@" + std::to_string(needs.save_before));
  ask("cpus-per-task=" + std::to_string(needs.cores));
  ask("mem=" + needs.memory);
  if (!needs.time.empty()) ask("time=" + needs.time);
  if (!needs.gpu.empty()) ask("gres=gpu:" + needs.gpu);
  if (!needs.partition.empty()) ask("partition=" + needs.partition);
  for (const auto& option : needs.more) ask(option);
  text +=
      "# Made by vaco sweep --slurm; the same call again submits what is missing.\n"
      "cells=(";
  for (size_t i = 0; i < array.cells.size(); ++i) text += (i > 0 ? " " : "") + std::to_string(array.cells[i]);
  text +=
      ")\n"
      "requeue=\"\"\n"
      "# Its time is nearly up: TERM makes it save and end. When Slurm itself ends the job, it sends TERM "
      "to every\n"
      "# process of it, and a second one would end the run unsaved: this shell then only waits.\n"
      "trap 'requeue=1; kill -TERM \"$!\" 2>/dev/null' USR1\n"
      "trap : TERM\n" +
      shell_word(array.program.string()) + " sweep " + shell_word(array.plan.string()) + " --out " +
      shell_word(array.out.string()) + " --nice " + std::to_string(array.nice) +
      " --index \"${cells[$SLURM_ARRAY_TASK_ID]}\" &\n"
      "run=$!\n"
      "wait \"$run\"  # a signal ends a wait, not the run\n"
      "while kill -0 \"$run\" 2>/dev/null; do wait \"$run\"; done\n"
      "wait \"$run\"\n"
      "code=$?\n"
      "echo \"$code\" >" +
      shell_word(array.ended.string()) +
      "/\"$SLURM_ARRAY_TASK_ID\"\n"
      "# 130: saved; 143: it had not begun.\n"
      "if [ -n \"$requeue\" ] && { [ \"$code\" -eq 130 ] || [ \"$code\" -eq 143 ]; }; then\n"
      "  scontrol requeue \"${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID\" && sleep 60\n"
      "fi\n"
      "exit \"$code\"\n";
  return text;
}

}  // namespace vaco
