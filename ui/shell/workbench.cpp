// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/workbench.h"

#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>

#include <QApplication>
#include <QCommandLineParser>
#include <QLocale>
#include <QRegularExpression>

#include "core/records/manifest.h"
#include "ui/export/export_figure.h"
#include "ui/export/export_report.h"
#include "ui/shell/film_command.h"
#include "ui/shell/main_window.h"
#include "ui/shell/tour.h"

namespace vaco::ui {

namespace {
constexpr int kUsage = 2;

bool has_argument(std::span<char*> arguments, const char* name) {
  for (const auto* one : arguments)
    if (std::strncmp(one, name, std::strlen(name)) == 0) return true;
  return false;
}

/// Qt ends the process when it finds no display; say so in our own words first.
bool display_missing(std::span<char*> arguments) {
#ifdef __linux__
  const auto set = [](const char* name) {
    const char* value = std::getenv(name);
    return value && *value;
  };
  return !set("DISPLAY") && !set("WAYLAND_DISPLAY") && !set("QT_QPA_PLATFORM") &&
         !has_argument(arguments, "-platform");
#else
  (void)arguments;
  return false;
#endif
}

void add_options(QCommandLineParser& parser) {
  parser.setApplicationDescription("Value-aligned behavior cloning: set up, watch and compare experiments.");
  parser.addHelpOption();
  parser.addVersionOption();
  parser.addOptions({
      {"demo", "Make the built-in demo data and train on it at once."},
      {"dataset", "Open this dataset.", "file"},
      {"open", "Open this run folder.", "run"},
      {"out", "Write and list runs in this folder.", "folder"},
      {"theme", "light, dark or system.", "name"},
      {"tour", "Drive the window through its states on the demo and save a picture of each.", "folder"},
      {"tour-size", "Size of the window on the tour (1280x800).", "WxH", "1280x800"},
      {"film", "Write an episode of a policy as a film or as pictures and end; see --film X --help.", "file"},
      {"export-figures", "Write every figure of the runs that follow and end; see --export-figures --help."},
      {"report-figures",
       "Write the figures that compare the runs that follow, and end; see --report-figures --help."},
  });
}
}  // namespace

int runWorkbench(int argc, char** argv) {
  const std::span<char*> arguments(argv, static_cast<size_t>(argc));
  const bool reporting = has_argument(arguments, "--report-figures");
  const bool filming = has_argument(arguments, "--film");
  const bool exporting = reporting || filming || has_argument(arguments, "--export-figures");
  const bool texts_only = has_argument(arguments, "--help") || has_argument(arguments, "--version");
  if (exporting || texts_only) {
    if (display_missing(arguments)) qputenv("QT_QPA_PLATFORM", "offscreen");
  } else if (display_missing(arguments)) {
    std::fputs(
        "vaco-workbench: no display found (DISPLAY and WAYLAND_DISPLAY are not set). Without one, run the same "
        "experiment with 'vaco demo' or 'vaco train', or set QT_QPA_PLATFORM=offscreen.\n",
        stderr);
    return 1;
  }
  QApplication::setApplicationName("vaco-workbench");
  QApplication::setApplicationDisplayName("VACO Workbench");
  QApplication::setDesktopFileName("vaco-workbench");
  QApplication::setApplicationVersion(QString::fromStdString(program_version()));
  QApplication application(argc, argv);
  // It has taken the user's locale: what is written here must read the same everywhere.
  std::setlocale(LC_NUMERIC, "C");
  QLocale::setDefault(QLocale::c());
  if (filming) return runFilmCommand(QApplication::arguments().mid(1));
  if (reporting) return runReportFiguresCommand(QApplication::arguments().mid(1));
  if (exporting) return runExportCommand(QApplication::arguments().mid(1));

  QCommandLineParser parser;
  add_options(parser);
  parser.process(application);
  const auto theme = parser.value("theme");
  if (!theme.isEmpty() && theme != "light" && theme != "dark" && theme != "system") {
    std::fputs("vaco-workbench: --theme takes light, dark or system\n", stderr);
    return kUsage;
  }
  WindowOptions options{parser.value("dataset"), parser.value("open"), theme, parser.value("out")};
  options.demo = parser.isSet("demo");
  static const QRegularExpression size("^[1-9][0-9]{2,4}x[1-9][0-9]{2,4}$");
  if (parser.isSet("tour-size") && !size.match(parser.value("tour-size")).hasMatch()) {
    std::fputs("vaco-workbench: --tour-size takes WIDTHxHEIGHT in pixels, as 1280x800\n", stderr);
    return kUsage;
  }
  if (parser.isSet("tour")) return runTour(parser.value("tour"), parser.value("tour-size"), options);
  MainWindow window(options);
  window.show();
  return QApplication::exec();
}

}  // namespace vaco::ui
