// SPDX-License-Identifier: GPL-3.0-or-later
// The pages: written ones from resources/help, and those that the program knows by itself.
#include <algorithm>

#include "core/learn/algorithm.h"
#include "core/records/run_config.h"
#include "resources/resources.h"
#include "ui/help/about_window.h"
#include "ui/help/help_window.h"
#include "ui/setup/param_text.h"

namespace vaco::ui {

namespace {
QString text(const std::string& words) {
  return QString::fromStdString(words).toHtmlEscaped();
}

QString written(const std::string& name) {
  const auto page = find_resource("help/" + name + ".html");
  return QString::fromUtf8(page.data(), static_cast<qsizetype>(page.size()));
}

/// Every algorithm of the registry, with the page that is written for it.
QString algorithmsPage() {
  QString html = "<h1>" + HelpWindow::tr("Algorithms") + "</h1>";
  for (const auto& info : algorithms())
    html += QString("<h2><a name='%1'>%2</a></h2><p><i>%3.</i></p>%4")
                .arg(text(info.key), text(info.label), text(info.summary), written("algorithm_" + info.key));
  return html;
}

QString settingRow(const ParamSpec& spec) {
  const QString symbol = spec.symbol.empty() ? QString() : " <i>" + text(spec.symbol) + "</i>";
  QString html = QString("<p><b>%1</b>%2 <code>%3</code><br>%4")
                     .arg(text(spec.label), symbol, text(spec.key), text(spec.help));
  html += "<br>" + HelpWindow::tr("Default %1").arg(readable(spec.default_value).toHtmlEscaped());
  if (!spec.choices.empty()) {
    QStringList choices;
    for (const auto& choice : spec.choices) choices << text(choice);
    html += HelpWindow::tr(", one of %1").arg(choices.join(", "));
  } else if (const auto range = rangeText(spec); !range.isEmpty()) {
    html += ", " + range.toHtmlEscaped();
  }
  if (!spec.affects.empty()) html += HelpWindow::tr(". Affects %1").arg(text(spec.affects));
  if (!spec.reference.empty()) html += HelpWindow::tr(". Source: %1").arg(text(spec.reference));
  return html + "</p>";
}

/// Every setting of every algorithm once, under the first algorithm that has it.
QString settingsPage() {
  QString html = "<h1>" + HelpWindow::tr("Every setting") + "</h1>";
  std::vector<std::string> told;
  for (const auto& info : algorithms()) {
    const auto schema = full_schema(info.key);
    if (!schema) continue;
    QString rows;
    std::string group;
    for (const auto& spec : *schema) {
      if (std::find(told.begin(), told.end(), spec.key) != told.end()) continue;
      told.push_back(spec.key);
      if (spec.group != group) rows += "<h3>" + text(spec.group) + "</h3>";
      group = spec.group;
      rows += settingRow(spec);
    }
    if (!rows.isEmpty()) html += "<h2>" + text(info.label) + "</h2>" + rows;
  }
  return html;
}
}  // namespace

QString helpPage(const QString& topic) {
  if (topic == "algorithms") return algorithmsPage();
  if (topic == "settings") return settingsPage();
  if (topic == "keys") return "<h1>" + HelpWindow::tr("Keyboard and mouse") + "</h1>" + shortcutsHtml();
  return written(topic.toStdString());
}

}  // namespace vaco::ui
