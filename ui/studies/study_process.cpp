// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/studies/study_process.h"

#include <csignal>
#include <cstdlib>

#include <QApplication>
#include <QProcess>
#include <QStandardPaths>

#include "core/base/files.h"
#include "core/base/json.h"
#include "core/records/run_lock.h"
#include "core/study/slurm_sweep.h"
#include "core/study/study.h"

namespace vaco::ui {

namespace fs = std::filesystem;

namespace {
constexpr auto kLog = "study.log";
constexpr auto kCommand = "command.json";
constexpr auto kRetry = "--retry-failed";
constexpr uintmax_t kLongestLog = 16u << 20;
constexpr auto kErrorBegins = "vaco sweep: ";

/// Of a folder on which no process works here.
Result<void> cancelJobs(const fs::path& runs) {
  QStringList jobs;
  for (const auto& job : slurm_jobs(runs)) jobs << QString::fromStdString(job);
  if (jobs.isEmpty()) return Error{ErrorCode::usage, "no process works on " + runs.string()};
  if (!QProcess::startDetached("scancel", jobs))
    return Error{ErrorCode::failed,
                 "cannot start scancel, which takes jobs out of Slurm's queue; is it on the PATH?"};
  return {};
}
}  // namespace

Result<fs::path> StudyProcess::program() {
  const fs::path path = fs::path(QApplication::applicationDirPath().toStdString()) / "vaco";
  std::error_code status;
  if (fs::exists(path, status)) return path;
  return Error{ErrorCode::unavailable, "the command line program is not beside this one: " + path.string()};
}

Result<void> StudyProcess::start(const QStringList& words, const fs::path& folder) {
  if (is_being_written(study_runs_folder(folder)))
    return Error{ErrorCode::usage, "a process works on " + folder.string() + " already"};
  const auto vaco = program();
  if (!vaco) return vaco.error();
  if (auto made = make_folder(folder); !made) return made;
  Json stored = Json::array();
  for (const auto& word : words) stored.push_back(word.toStdString());
  if (auto written = write_json(folder / kCommand, {{"words", stored}}); !written) return written;
  QProcess process;
  process.setProgram(QString::fromStdString(vaco->string()));
  process.setArguments(words);
  process.setStandardInputFile(QProcess::nullDevice());
  const auto log = QString::fromStdString((folder / kLog).string());
  process.setStandardOutputFile(log);
  process.setProcessChannelMode(QProcess::MergedChannels);
  if (!process.startDetached())
    return Error{ErrorCode::failed,
                 "cannot start " + vaco->string() + ": " + process.errorString().toStdString()};
  return {};
}

bool StudyProcess::canGoOn(const fs::path& folder) {
  std::error_code status;
  return fs::exists(folder / kCommand, status);
}

Result<void> StudyProcess::goOn(const fs::path& folder, bool retry) {
  const auto stored = read_json(folder / kCommand);
  if (!stored) return stored.error();
  QStringList words;
  if (stored->is_object() && stored->contains("words") && (*stored)["words"].is_array())
    for (const auto& word : (*stored)["words"])
      if (word.is_string() && word != kRetry) words << QString::fromStdString(word.get<std::string>());
  if (words.isEmpty())
    return Error{
        ErrorCode::bad_data,
        (folder / kCommand).string() + " does not say what was started here; start it again from the Run menu"};
  if (retry) words << kRetry;
  return start(words, folder);
}

Result<void> StudyProcess::stop(const fs::path& folder) {
  // The lock tells that the number in its file is that of a living process.
  const auto runs = study_runs_folder(folder);
  const auto holder = read_text(runs / "run.lock", 64);
  const long id = holder ? std::strtol(holder->c_str(), nullptr, 10) : 0;
  if (id <= 1 || !is_being_written(runs)) return cancelJobs(runs);
  if (::kill(static_cast<pid_t>(id), SIGTERM) != 0)
    return Error{ErrorCode::failed, "cannot stop process " + std::to_string(id) + ": " + last_system_error()};
  return {};
}

QString StudyProcess::lastLine(const fs::path& folder) {
  const auto text = read_text(folder / kLog, kLongestLog);
  if (!text) return {};
  const auto lines = QString::fromStdString(*text).split(QChar('\n'), Qt::SkipEmptyParts);
  return lines.isEmpty() ? QString() : lines.back().trimmed();
}

QString StudyProcess::lastError(const fs::path& folder) {
  const auto line = lastLine(folder);
  return line.startsWith(kErrorBegins) ? line.mid(static_cast<int>(qstrlen(kErrorBegins))) : QString();
}

bool StudyProcess::hasSlurm() {
  return !QStandardPaths::findExecutable("sbatch").isEmpty();
}

}  // namespace vaco::ui
