// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/icons.h"

#include <QApplication>
#include <QFile>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <QSvgRenderer>

namespace vaco::ui {

namespace {
QPixmap draw(const QByteArray& svg, int size) {
  QPixmap pixmap(size, size);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  QSvgRenderer renderer(svg);
  renderer.render(&painter);
  return pixmap;
}

QByteArray source(const QString& name) {
  QFile file(":/icons/" + name + ".svg");
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}
}  // namespace

QIcon themedIcon(const QString& name) {
  const auto svg = source(name);
  const auto palette = QApplication::palette();
  QIcon icon;
  const auto add = [&](QPalette::ColorGroup group, QIcon::Mode mode) {
    auto colored = svg;
    colored.replace("#000000", palette.color(group, QPalette::WindowText).name().toLatin1());
    for (const int size : {16, 20, 24, 32, 40, 48}) icon.addPixmap(draw(colored, size), mode);
  };
  add(QPalette::Active, QIcon::Normal);
  add(QPalette::Disabled, QIcon::Disabled);
  return icon;
}

QIcon programIcon() {
  QIcon icon;
  for (const int size : {16, 24, 32, 48, 64, 128, 256}) icon.addPixmap(draw(source("vaco-workbench"), size));
  return icon;
}

}  // namespace vaco::ui
