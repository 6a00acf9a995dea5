// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/param_text.h"

#include <cmath>

#include <QCoreApplication>

#include "ui/figures/number_text.h"

namespace vaco::ui {

namespace {
QString tr(const char* text) {
  return QCoreApplication::translate("ParamText", text);
}

QString number(double value) {
  if (std::floor(value) == value && std::abs(value) < 1e15) return readable(static_cast<int64_t>(value));
  return withMinus(QString::number(value, 'g', 6));
}

QString span(double low, double high) {
  if (std::isfinite(low) && std::isfinite(high)) return tr("%1 to %2").arg(number(low), number(high));
  if (std::isfinite(low)) return tr("at least %1").arg(number(low));
  if (std::isfinite(high)) return tr("at most %1").arg(number(high));
  return {};
}

void row(QString& table, const QString& name, const QString& value) {
  if (!value.isEmpty())
    table +=
        QString("<tr><td style='padding-right:10px'>%1</td><td>%2</td></tr>").arg(name, value.toHtmlEscaped());
}
}  // namespace

QString readable(const ParamValue& value) {
  if (const auto* whole = std::get_if<int64_t>(&value)) return countText(*whole);
  if (const auto* on = std::get_if<bool>(&value)) return *on ? tr("on") : tr("off");
  return QString::fromStdString(to_text(value));
}

QString rangeText(const ParamSpec& spec) {
  return span(spec.min, spec.max);
}

QString warningText(const ParamSpec& spec, const ParamValue& value) {
  if (warning_for(spec, value).empty()) return {};
  return tr("%1: %2 is unusual; usual are %3")
      .arg(QString::fromStdString(spec.label), readable(value), span(spec.warn_min, spec.warn_max));
}

QString refusalText(const ParamSpec& spec, const QString& text, const std::string& problem) {
  const auto label = QString::fromStdString(spec.label);
  bool is_number = false;
  const double given = text.toDouble(&is_number);
  if (is_number && (given < spec.min || given > spec.max))
    return tr("%1: %2 is outside its range, %3").arg(label, number(given), rangeText(spec));
  auto said = QString::fromStdString(problem);
  const auto key = QString::fromStdString(spec.key);
  return said.startsWith(key) ? label + said.mid(key.size()) : said;
}

QString tooltipText(const ParamSpec& spec, const ParamValue& base) {
  QString name = QString::fromStdString(spec.label).toHtmlEscaped();
  if (!spec.symbol.empty()) name += QString(" (%1)").arg(QString::fromStdString(spec.symbol).toHtmlEscaped());
  QString table;
  const auto show = [&](const ParamValue& value) {
    const auto* choice = std::get_if<std::string>(&value);
    return choice ? choiceLabel(spec.key, *choice) : readable(value);
  };
  row(table, tr("Default"), show(spec.default_value));
  if (base != spec.default_value) row(table, tr("This preset"), show(base));
  row(table, tr("Range"), rangeText(spec));
  row(table, tr("Usual"), span(spec.warn_min, spec.warn_max));
  row(table, tr("Unit"), QString::fromStdString(spec.unit));
  row(table, tr("Affects"), QString::fromStdString(spec.affects));
  row(table, tr("Reference"), QString::fromStdString(spec.reference));
  row(table, tr("Key"), QString::fromStdString(spec.key));
  return QString("<p style='margin:0'><b>%1</b> — %2</p><table style='margin-top:4px'>%3</table>")
      .arg(name, QString::fromStdString(spec.help).toHtmlEscaped(), table);
}

QString choiceLabel(const std::string& key, const std::string& choice) {
  if (key == "weight_level") {
    if (choice == "auto") return tr("Auto");
    if (choice == "sample") return tr("As printed (per sample)");
    if (choice == "window") return tr("Window");
    if (choice == "trajectory") return tr("Trajectory (ours)");
  }
  return QString::fromStdString(choice).replace('_', ' ');
}

}  // namespace vaco::ui
