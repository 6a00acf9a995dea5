// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/ui_state.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include "core/base/files.h"
#include "ui/bridge/worker.h"

namespace vaco::ui {

namespace {
constexpr int kSaveDelayMilliseconds = 2000;
constexpr int kVersion = 1;

QString base64(const QByteArray& bytes) {
  return QString::fromLatin1(bytes.toBase64());
}
QByteArray bytes(const QJsonValue& value) {
  return QByteArray::fromBase64(value.toString().toLatin1());
}

QByteArray to_bytes(const UiState& state) {
  QJsonObject json;
  json["version"] = kVersion;
  json["geometry"] = base64(state.geometry);
  QJsonObject docks;
  for (const auto& [layout, places] : state.docks) docks[layout] = base64(places);
  json["docks"] = docks;
  json["layout"] = state.layout;
  json["theme"] = state.theme;
  json["out"] = state.out;
  json["last_folder"] = state.last_folder;
  json["study"] = state.study;
  json["shown_run"] = state.shown_run;
  json["baseline"] = state.baseline;
  json["runs_grouping"] = state.runs_grouping;
  json["runs_filter"] = state.runs_filter;
  for (const auto& [key, list] : {std::pair{"overlaid", &state.overlaid},
                                  {"recent_data", &state.recent_data},
                                  {"recent_runs", &state.recent_runs}})
    json[key] = QJsonArray::fromStringList(*list);
  json["advanced"] = state.advanced;
  QJsonArray pauses;
  for (const auto& kind : state.pauses_at) pauses << QString::fromStdString(kind);
  json["pauses_at"] = pauses;
  for (const auto& [key, stored] : {std::pair{"figures", &state.figures}, {"config", &state.config}})
    if (!stored->is_null())
      json[key] = QJsonDocument::fromJson(QByteArray::fromStdString(to_line(*stored))).object();
  return QJsonDocument(json).toJson();
}
}  // namespace

UiStateStore::UiStateStore(Worker& worker, QObject* parent) : QObject(parent), worker_(worker) {
  timer_.setSingleShot(true);
  timer_.setInterval(kSaveDelayMilliseconds);
  connect(&timer_, &QTimer::timeout, this, &UiStateStore::flush);
}

std::filesystem::path UiStateStore::file() {
  return program_data_folder() / "workbench.json";
}

UiState UiStateStore::read() {
  UiState state;
  QFile file(QString::fromStdString(UiStateStore::file().string()));
  if (!file.open(QIODevice::ReadOnly)) return state;
  const auto json = QJsonDocument::fromJson(file.readAll()).object();
  if (json["version"].toInt() != kVersion) return state;
  state.geometry = bytes(json["geometry"]);
  state.layout = json["layout"].toString(state.layout);
  // Before layouts were kept one by one there was a single text, that of the layout that was shown.
  if (json["docks"].isString()) state.docks[state.layout] = bytes(json["docks"]);
  const auto docks = json["docks"].toObject();
  for (const auto& layout : docks.keys()) state.docks[layout] = bytes(docks[layout]);
  state.theme = json["theme"].toString(state.theme);
  state.out = json["out"].toString(state.out);
  state.last_folder = json["last_folder"].toString();
  state.study = json["study"].toString();
  state.shown_run = json["shown_run"].toString();
  state.baseline = json["baseline"].toString();
  state.runs_grouping = json["runs_grouping"].toString();
  state.runs_filter = json["runs_filter"].toString();
  for (const auto& [key, list] : {std::pair{"overlaid", &state.overlaid},
                                  {"recent_data", &state.recent_data},
                                  {"recent_runs", &state.recent_runs}})
    for (const auto& one : json[key].toArray()) *list << one.toString();
  state.advanced = json["advanced"].toBool();
  for (const auto& kind : json["pauses_at"].toArray()) state.pauses_at.insert(kind.toString().toStdString());
  for (const auto& [key, read] : {std::pair{"figures", &state.figures}, {"config", &state.config}}) {
    const auto text = QJsonDocument(json[key].toObject()).toJson(QJsonDocument::Compact).toStdString();
    *read = Json::parse(text, nullptr, false);
    if (read->is_discarded() || read->empty()) *read = nullptr;
  }
  return state;
}

void UiStateStore::scheduleSave() {
  timer_.start();
}

void UiStateStore::flush() {
  timer_.stop();
  UiState state;
  emit collect(state);
  const auto path = QString::fromStdString(file().string());
  worker_.post([path, content = to_bytes(state)] {
    QDir().mkpath(QFileInfo(path).path());
    QSaveFile out(path);
    if (out.open(QIODevice::WriteOnly) && out.write(content) == content.size()) out.commit();
  });
}

}  // namespace vaco::ui
