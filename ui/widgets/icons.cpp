// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/icons.h"

#include <QApplication>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmap>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace vaco::ui {

namespace {
QByteArray svgOf(const QString& name) {
  QFile file(":/icons/" + name + ".svg");
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Takes the color of the theme when it is painted, so that another theme needs no other icons.
class ThemedIcon : public QIconEngine {
 public:
  explicit ThemedIcon(const QString& name) : name_(name) {}

  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
    auto svg = svgOf(name_);
    svg.replace("#000000", color(mode).toLatin1());
    QSvgRenderer(svg).render(painter, rect);
  }
  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    const auto key = QString("%1 %2 %3x%4").arg(name_, color(mode)).arg(size.width()).arg(size.height());
    QPixmap drawn;
    if (QPixmapCache::find(key, &drawn)) return drawn;
    drawn = QPixmap(size);
    drawn.fill(Qt::transparent);
    QPainter painter(&drawn);
    paint(&painter, drawn.rect(), mode, state);
    painter.end();
    QPixmapCache::insert(key, drawn);
    return drawn;
  }
  [[nodiscard]] QIconEngine* clone() const override { return new ThemedIcon(*this); }

 private:
  static QString color(QIcon::Mode mode) {
    const auto group = mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active;
    return QApplication::palette().color(group, QPalette::WindowText).name();
  }
  QString name_;
};
}  // namespace

QIcon themedIcon(const QString& name) {
  return QIcon(new ThemedIcon(name));
}

QIcon programIcon() {
  QIcon icon;
  QSvgRenderer renderer(svgOf("vaco-workbench"));
  for (const int size : {16, 24, 32, 48, 64, 128, 256}) {
    QPixmap pixmap(size, size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.render(&painter);
    painter.end();
    icon.addPixmap(pixmap);
  }
  return icon;
}

}  // namespace vaco::ui
