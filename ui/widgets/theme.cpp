// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/theme.h"

#include <QApplication>
#include <QFile>
#include <QPalette>
#include <QPointer>
#include <QProxyStyle>
#include <QRegularExpression>
#include <QWidget>
#include <algorithm>
#include <map>

#include "ui/widgets/in_turn.h"

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
  palette.setColor(QPalette::ToolTipBase, colors.raised);
  palette.setColor(QPalette::ToolTipText, text);
  palette.setColor(QPalette::Highlight, colors.accent);
  palette.setColor(QPalette::HighlightedText, dark ? QColor("#0d1117") : QColor("#ffffff"));
  palette.setColor(QPalette::Link, colors.accent);
  palette.setColor(QPalette::LinkVisited, colors.good);
  palette.setColor(QPalette::Light, colors.raised);
  palette.setColor(QPalette::Midlight, colors.warning);
  palette.setColor(QPalette::Mid, colors.line);
  palette.setColor(QPalette::Dark, QColor(dark ? "#6b7580" : "#8c959f"));
  palette.setColor(QPalette::Shadow, faint);
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
    palette.setColor(QPalette::Disabled, role, off);
  palette.setColor(QPalette::Disabled, QPalette::Highlight, off);
  return palette;
}

/// The sheet names colors as @accent, @line, ...: each is a role of the palette, so that the sheet is the same
/// in every theme. Qt styles every widget several times over when a sheet changes, which takes half a second.
QString make_sheet() {
  QFile file(":/themes/workbench.qss");
  if (!file.open(QIODevice::ReadOnly)) return {};
  auto sheet = QString::fromUtf8(file.readAll());
  const std::pair<const char*, const char*> roles[] = {
      {"@accent", "highlight"},
      {"@onaccent", "highlighted-text"},
      {"@window", "window"},
      {"@base", "base"},
      {"@text", "text"},
      {"@button", "button"},
      {"@error", "bright-text"},
      {"@raised", "light"},
      {"@line", "mid"},
      {"@edge", "dark"},
      // Roles that nothing of ours is painted with.
      {"@warning", "midlight"},
      {"@good", "link-visited"},
      {"@faint", "shadow"},
  };
  for (const auto& [name, role] : roles)
    sheet.replace(QRegularExpression(QString(name) + "\\b"), QString("palette(%1)").arg(role));
  return sheet;
}

/// Fusion, which makes the buttons of a dock anew whenever a dock is laid out or painted: its icons are kept.
class Style : public QProxyStyle {
 public:
  Style() : QProxyStyle("Fusion") {}
  QIcon standardIcon(StandardPixmap which, const QStyleOption* option, const QWidget* widget) const override {
    if (which != SP_TitleBarCloseButton && which != SP_TitleBarNormalButton)
      return QProxyStyle::standardIcon(which, option, widget);
    auto& icon = dock_icons_[which];
    if (icon.isNull()) icon = QProxyStyle::standardIcon(which, option, widget);
    return icon;
  }

 private:
  mutable std::map<StandardPixmap, QIcon> dock_icons_;
};

/// Colors of the sheet are looked up when a widget is polished: some of these now, the others in turn.
void polish(const QList<QPointer<QWidget>>& widgets) {
  constexpr qsizetype kAtOnce = 16;
  for (const auto& one : widgets.first(std::min(kAtOnce, widgets.size())))
    if (one) {
      one->style()->polish(one);
      one->update();
    }
  if (widgets.size() > kAtOnce) inTurn(qApp, [others = widgets.sliced(kAtOnce)] { polish(others); });
}

/// What can be seen comes first.
void restyle() {
  QList<QPointer<QWidget>> widgets;
  const auto all = QApplication::allWidgets();
  for (const bool seen : {true, false})
    for (auto* one : all)
      if (one->isVisible() == seen) widgets << one;
  polish(widgets);
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
  QApplication::setPalette(make_palette(g_dark));
  if (!application.styleSheet().isEmpty()) return restyle();
  QApplication::setStyle(new Style);
  application.setStyleSheet(make_sheet());
}

}  // namespace vaco::ui
