// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/explain/episode_filter.h"

#include <QRegularExpression>
#include <algorithm>
#include <map>

#include "core/base/readable.h"

namespace vaco::ui {
namespace {

using Number = double (*)(const EpisodeLine&);

const std::map<QString, Number>& numbers() {
  static const std::map<QString, Number> all{
      {"episode", [](const EpisodeLine& e) { return static_cast<double>(e.number); }},
      {"return", [](const EpisodeLine& e) { return e.total_reward; }},
      {"length", [](const EpisodeLine& e) { return static_cast<double>(e.length); }},
      {"weight", [](const EpisodeLine& e) { return e.weight; }},
      {"change", [](const EpisodeLine& e) { return e.change; }}};
  return all;
}

bool holds(double value, const QString& relation, double bound) {
  if (relation == "<") return value < bound;
  if (relation == ">") return value > bound;
  if (relation == "<=") return value <= bound;
  if (relation == ">=") return value >= bound;
  return value == bound;
}

}  // namespace

EpisodeFilter::EpisodeFilter(const QString& text) {
  for (const auto& word : text.split(' ', Qt::SkipEmptyParts)) addWord(word);
  if (!problem_.isEmpty()) conditions_.clear();
}

void EpisodeFilter::addWord(const QString& word) {
  static const QRegularExpression kTerm("^([a-z]+)(<=|>=|<|>|=)(.*)$",
                                        QRegularExpression::CaseInsensitiveOption);
  const auto match = kTerm.match(word);
  if (!match.hasMatch()) {
    if (word.compare("finding", Qt::CaseInsensitive) == 0)
      conditions_.emplace_back([](const EpisodeLine& e) { return !e.findings.isEmpty(); });
    else
      conditions_.emplace_back([word](const EpisodeLine& e) {
        return e.source.contains(word, Qt::CaseInsensitive) || e.ended_by.contains(word, Qt::CaseInsensitive);
      });
    return;
  }
  const auto key = match.captured(1).toLower(), relation = match.captured(2), value = match.captured(3);
  if (value.isEmpty()) return;  // still being typed
  if (const auto number = numbers().find(key); number != numbers().end()) {
    bool valid = false;
    const double bound = QString::fromStdString(plain_number(value.toStdString(), false)).toDouble(&valid);
    if (!valid) {
      problem_ = tr("%1 is compared with a number, not with '%2'").arg(key, value);
      return;
    }
    conditions_.emplace_back(
        [of = number->second, relation, bound](const EpisodeLine& e) { return holds(of(e), relation, bound); });
  } else if (relation == "=" && key == "source") {
    conditions_.emplace_back(
        [value](const EpisodeLine& e) { return e.source.compare(value, Qt::CaseInsensitive) == 0; });
  } else if (relation == "=" && key == "end") {
    conditions_.emplace_back(
        [value](const EpisodeLine& e) { return e.ended_by.compare(value, Qt::CaseInsensitive) == 0; });
  } else {
    problem_ =
        tr("'%1' is no condition: try return>100, length<50, weight>0.5, source=expert, end=timeout, finding")
            .arg(word);
  }
}

bool EpisodeFilter::takes(const EpisodeLine& line) const {
  return std::all_of(conditions_.begin(), conditions_.end(),
                     [&](const auto& holds_for) { return holds_for(line); });
}

}  // namespace vaco::ui
