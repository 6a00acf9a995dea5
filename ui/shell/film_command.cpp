// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/film_command.h"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <stop_token>

#include <QCommandLineParser>
#include <QGuiApplication>
#include <QRegularExpression>

#include "core/base/files.h"
#include "core/base/process_setup.h"
#include "core/collect/collecting.h"
#include "core/explain/replay.h"
#include "core/sim/environment.h"
#include "ui/export/export_arguments.h"
#include "ui/rollout/film.h"

namespace vaco::ui {
namespace {

std::atomic<bool> stopAsked = false;

/// From here on what asks for an end sets stopAsked: a film that is not finished takes its parts away.
void catchStopSignals() {
  for (const int number : kStopSignals)
    if (std::signal(number, [](int) { stopAsked = true; }) == SIG_IGN) std::signal(number, SIG_IGN);
}

/// What the policy does, and where.
Result<Film> filmOf(const QCommandLineParser& parser) {
  const auto text = [&](const char* option) { return parser.value(option).toStdString(); };
  if (!parser.isSet("policy")) return Error{ErrorCode::usage, "--film needs --policy FILE or a run folder"};
  const bool best = !parser.isSet("last");
  const auto policy = open_policy(text("policy"), text("environment"), best);
  if (!policy) return policy.error();
  const auto origin = open_policy_origin(text("policy"), text("environment"), best);
  if (!origin) return origin.error();
  Film film;
  film.environment = parser.isSet("environment") ? text("environment") : policy->environment;
  if (film.environment.empty())
    return Error{ErrorCode::usage, "the policy does not say its environment: add --environment"};
  const auto physics = parse_physics(parser.isSet("physics")   ? text("physics")
                                     : origin->physics.empty() ? "v2"
                                                               : origin->physics);
  if (!physics) return physics.error();
  film.physics = *physics;
  const auto info = environment_info(film.environment, film.physics);
  if (!info) return info.error();
  const auto start =
      episode_start(film.environment, to_text(film.physics), 0, parser.value("seed").toULongLong());
  if (!start) return start.error();
  auto acted = act_from(*policy, film.environment, to_text(film.physics), **start, 0, info->max_episode_steps);
  if (!acted) return acted.error();
  film.recording = std::move(*acted);
  return film;
}

}  // namespace

int runFilmCommand(const QStringList& args) {
  QCommandLineParser parser;
  const auto help = parser.addHelpOption();
  parser.addOptions(
      {{"film", "Film (.mp4, .gif), first picture (.png), or a folder of numbered pictures.", "file"},
       {"policy", "A policy file, a run folder, or a shipped policy with --environment.", "policy"},
       {"environment", "As the policy says, if not given.", "name"},
       {"physics", "v2, v4 or v5; the policy's own, if not given.", "name"},
       {"last", "A run folder's last policy instead of its best."},
       {"seed", "Of the start, as vaco evaluate takes it (0).", "number", "0"},
       {"film-size", "Size of the pictures (1280x720).", "WxH", "1280x720"},
       {"rate", "Pictures a second (30).", "number", "30"},
       {"speed", "Against simulated time (1).", "factor", "1"},
       {"plain", "Nothing is written over the pictures."},
       {"dark", "On a dark ground."}});
  if (!parser.parse(QStringList{"vaco-workbench"} + args))
    return complain(Error{ErrorCode::usage, parser.errorText().toStdString()});
  if (parser.isSet(help)) {
    std::fputs(qPrintable(parser.helpText()), stdout);
    return 0;
  }
  static const QRegularExpression size("^([1-9][0-9]{1,3})x([1-9][0-9]{1,3})$");
  const auto pixels = size.match(parser.value("film-size"));
  const double rate = parser.value("rate").toDouble(), speed = parser.value("speed").toDouble();
  if (!pixels.hasMatch() || !(rate > 0.0) || !(speed > 0.0))
    return complain(Error{ErrorCode::usage,
                          "--film-size takes WIDTHxHEIGHT in pixels, as 1280x720; --rate and --speed numbers "
                          "above 0"});
  const auto kind = filmKindOf(parser.value("film").toStdString());
  if (!kind) return complain(kind.error());
  auto film = filmOf(parser);
  if (!film) return complain(film.error());
  const auto target = absolute_path(parser.value("film").toStdString());
  if (!target) return complain(target.error());
  film->target = *target;
  film->kind = *kind;
  film->look.width = pixels.captured(1).toInt();
  film->look.height = pixels.captured(2).toInt();
  film->look.dark = parser.isSet("dark");
  film->told = !parser.isSet("plain");
  film->font = QGuiApplication::font();
  film->rate = rate;
  film->speed = speed;
  catchStopSignals();
  std::stop_source stop;
  const auto written = writeFilm(
      *film,
      [&](double, std::string_view) {
        if (stopAsked) stop.request_stop();
      },
      stop.get_token());
  if (!written) return complain(written.error());
  std::fprintf(stderr, "%lld pictures\n", static_cast<long long>(*written));
  return tellWritten({film->target});
}

}  // namespace vaco::ui
