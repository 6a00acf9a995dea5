// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/slurm_queue.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <sstream>

#include "core/study/program_output.h"

namespace vaco {
namespace {

std::vector<std::string> split(const std::string& line, char at) {
  std::vector<std::string> parts;
  std::istringstream in(line);
  for (std::string part; std::getline(in, part, at);) parts.push_back(part);
  return parts;
}

std::optional<size_t> number(const std::string& text) {
  size_t value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || end.ec != std::errc() || end.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "CANCELLED by 1000" and "CANCELLED+" are CANCELLED.
std::string state_word(const std::string& text) {
  return text.substr(0, text.find_first_of(" +"));
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

Error failure(const std::string& program, const ProgramOutput& output) {
  return {ErrorCode::failed,
          program + " failed: " +
              (output.out.empty() ? "exit code " + std::to_string(output.exit_code) : trimmed(output.out))};
}

}  // namespace

bool SlurmTask::is_queued() const {
  static constexpr std::array kEnded = {"BOOT_FAIL", "CANCELLED",     "COMPLETED", "DEADLINE", "FAILED",
                                        "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "REVOKED",  "TIMEOUT"};
  return !state.empty() && std::find(kEnded.begin(), kEnded.end(), state) == kEnded.end();
}

SlurmTasks parse_squeue(const std::string& text) {
  SlurmTasks tasks;
  for (const auto& line : split(text, '\n')) {
    const auto parts = split(line, '|');
    if (parts.size() < 3) continue;
    if (const auto task = number(parts[1]))
      tasks[{parts[0], *task}] = {state_word(parts[2]), parts.size() > 3 ? parts[3] : ""};
  }
  return tasks;
}

SlurmTasks parse_sacct(const std::string& text) {
  SlurmTasks tasks;
  for (const auto& line : split(text, '\n')) {
    const auto parts = split(line, '|');
    const auto underscore = parts.empty() ? std::string::npos : parts[0].find('_');
    if (parts.size() < 2 || underscore == std::string::npos) continue;
    // Waiting tasks stand together as 7_[3-5]; squeue has told of them.
    if (const auto task = number(parts[0].substr(underscore + 1)))
      tasks[{parts[0].substr(0, underscore), *task}] = {state_word(parts[1]), ""};
  }
  return tasks;
}

Result<SlurmTasks> ask_slurm(const std::vector<std::string>& jobs) {
  if (jobs.empty()) return SlurmTasks{};
  // By user and not by job: squeue fails for a job that it no longer knows.
  const auto queue = run_program({"squeue", "--noheader", "--array", "--states=all",
                                  "--user=" + std::to_string(::getuid()), "--format=%F|%K|%T|%R"});
  if (!queue) return queue.error();
  if (queue->exit_code != 0) return failure("squeue", *queue);
  std::string list;
  for (const auto& job : jobs) list += (list.empty() ? "" : ",") + job;
  SlurmTasks known;
  const auto accounts = run_program(
      {"sacct", "--allocations", "--noheader", "--parsable2", "--format=JobID,State", "--jobs=" + list});
  if (accounts && accounts->exit_code == 0) known = parse_sacct(accounts->out);
  for (auto& [task, state] : parse_squeue(queue->out)) known[task] = state;
  std::erase_if(known, [&](const auto& entry) {
    return std::find(jobs.begin(), jobs.end(), entry.first.first) == jobs.end();
  });
  return known;
}

Result<std::string> submit_to_slurm(const std::string& script) {
  const auto answer = run_program({"sbatch", "--parsable", script});
  if (!answer)
    return Error{ErrorCode::unavailable,
                 answer.error().message + "; --slurm works where sbatch does, on a cluster's login node"};
  if (answer->exit_code != 0) return failure("sbatch", *answer);
  // Warnings may stand before it, and ";cluster" behind it.
  const std::string text = trimmed(answer->out);
  const std::string last = text.substr(text.rfind('\n') + 1);
  const std::string job = last.substr(0, last.find(';'));
  if (!number(job)) return Error{ErrorCode::failed, "sbatch gave no job number: " + text};
  return job;
}

}  // namespace vaco
