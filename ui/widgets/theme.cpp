// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QFile>
#include <QPalette>
#include <QRegularExpression>
#include <QStyle>
#include <QStyleFactory>

// A static library's resources are not linked in unless someone asks for them (outside of any namespace).
static void link_resources() {
  Q_INIT_RESOURCE(app);
}

namespace vaco::ui {

namespace {
bool g_dark = false;
const ThemeColors kLight{{"#1f6feb"}, {"#9a6700"}, {"#cf222e"}, {"#1a7f37"},
                         {"#6a737d"}, {"#d0d5db"}, {"#ffffff"}};
const ThemeColors kDark{{"#4c9aff"}, {"#d8a230"}, {"#ff7b72"}, {"#57ab5a"},
                        {"#8d96a0"}, {"#3a4149"}, {"#262b31"}};

QPalette make_palette(bool dark) {
  const QColor window(dark ? "#1e2227" : "#f3f4f6"), base(dark ? "#2a3038" : "#ffffff");
  const QColor text(dark ? "#dfe3e8" : "#1f2328"), button(dark ? "#2d333b" : "#f8f9fa");
  const QColor faint(dark ? "#8d96a0" : "#6a737d"), off(dark ? "#5c6670" : "#a5adb6");
  const auto& colors = dark ? kDark : kLight;
  QPalette palette;
  palette.setColor(QPalette::Window, window);
  palette.setColor(QPalette::WindowText, text);
  palette.setColor(QPalette::Base, base);
  palette.setColor(QPalette::AlternateBase, dark ? QColor("#2e343d") : QColor("#f7f8fa"));
  palette.setColor(QPalette::Text, text);
  palette.setColor(QPalette::PlaceholderText, faint);
  palette.setColor(QPalette::Button, button);
  palette.setColor(QPalette::ButtonText, text);
  palette.setColor(QPalette::BrightText, colors.error);
  palette.setColor(QPalette::ToolTipBase, dark ? QColor("#2d333b") : QColor("#ffffff"));
  palette.setColor(QPalette::ToolTipText, text);
  palette.setColor(QPalette::Highlight, colors.accent);
  palette.setColor(QPalette::HighlightedText, dark ? QColor("#0d1117") : QColor("#ffffff"));
  palette.setColor(QPalette::Link, colors.accent);
  palette.setColor(QPalette::Light, dark ? QColor("#3a4149") : QColor("#ffffff"));
  palette.setColor(QPalette::Midlight, dark ? QColor("#343a42") : QColor("#e8eaed"));
  palette.setColor(QPalette::Mid, dark ? QColor("#4a525c") : QColor("#c3c9d0"));
  palette.setColor(QPalette::Dark, dark ? QColor("#121417") : QColor("#9aa3ad"));
  palette.setColor(QPalette::Shadow, dark ? QColor("#000000") : QColor("#6a737d"));
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
    palette.setColor(QPalette::Disabled, role, off);
  palette.setColor(QPalette::Disabled, QPalette::Highlight, off);
  return palette;
}

/// The sheet names colors as @accent, @line, ...
QString make_sheet(bool dark) {
  QFile file(":/themes/workbench.qss");
  if (!file.open(QIODevice::ReadOnly)) return {};
  auto sheet = QString::fromUtf8(file.readAll());
  const auto& colors = dark ? kDark : kLight;
  const auto palette = make_palette(dark);
  const std::pair<const char*, QColor> names[] = {
      {"@accent", colors.accent},
      {"@warning", colors.warning},
      {"@error", colors.error},
      {"@good", colors.good},
      {"@faint", colors.faint},
      {"@line", colors.line},
      {"@raised", colors.raised},
      {"@window", palette.color(QPalette::Window)},
      {"@base", palette.color(QPalette::Base)},
      {"@text", palette.color(QPalette::Text)},
      {"@button", palette.color(QPalette::Button)},
      {"@onaccent", palette.color(QPalette::HighlightedText)},
      {"@edge", QColor(dark ? "#6b7580" : "#8c959f")},
      {"@off", palette.color(QPalette::Disabled, QPalette::Text)},
  };
  for (const auto& [name, color] : names)
    sheet.replace(QRegularExpression(QString(name) + "\\b"), color.name());
  sheet.replace("@mode", dark ? "dark" : "light");
  return sheet;
}
}  // namespace

QString toText(ThemeChoice choice) {
  return choice == ThemeChoice::light ? "light" : choice == ThemeChoice::dark ? "dark" : "system";
}

ThemeChoice themeFromText(const QString& text) {
  return text == "light" ? ThemeChoice::light : text == "dark" ? ThemeChoice::dark : ThemeChoice::system;
}

const ThemeColors& themeColors() {
  return g_dark ? kDark : kLight;
}
bool themeIsDark() {
  return g_dark;
}

void applyTheme(QApplication& application, ThemeChoice choice) {
  link_resources();
  static const bool system_dark = QApplication::palette().color(QPalette::Window).lightness() < 128;
  g_dark = choice == ThemeChoice::dark || (choice == ThemeChoice::system && system_dark);
  if (application.style()->name() != "fusion") QApplication::setStyle(QStyleFactory::create("Fusion"));
  QApplication::setPalette(make_palette(g_dark));
  application.setStyleSheet(make_sheet(g_dark));
}

}  // namespace vaco::ui
