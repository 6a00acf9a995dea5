// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/param_text.h"

#include <cmath>

#include <QCoreApplication>

#include "ui/plots/number_text.h"

namespace vaco::ui {

namespace {
QString tr(const char* text) {
  return QCoreApplication::translate("ParamText", text);
}

QString number(double value) {
  if (std::floor(value) == value && std::abs(value) < 1e15) return readable(static_cast<int64_t>(value));
  return QString::number(value, 'g', 6);
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
    if (choice == "sample") return tr("As printed (per sample)");
    if (choice == "window") return tr("Window");
    if (choice == "trajectory") return tr("Trajectory average (ours)");
  }
  return QString::fromStdString(choice).replace('_', ' ');
}

}  // namespace vaco::ui
