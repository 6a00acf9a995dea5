// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/dataset_loader.h"

#include <algorithm>

#include "core/collect/demo.h"

namespace vaco::ui {

namespace {
constexpr int kReturnBins = 32;

DatasetView view_of(const std::filesystem::path& path, const Dataset& dataset) {
  DatasetView view{path, summarize(dataset), {}, {}};
  const bool known = !dataset.policy_ids.empty() && !dataset.policy_names.empty();
  view.sources = known ? dataset.policy_names : std::vector<std::string>{"all"};
  std::vector<std::vector<float>> returns(view.sources.size());
  double low = 0.0, high = 0.0;
  for (size_t i = 0; i < dataset.episodes.size(); ++i) {
    const double value = dataset.episodes.returns[i];
    if (i == 0) low = high = value;
    low = std::min(low, value);
    high = std::max(high, value);
    size_t source = 0;
    if (known) source = static_cast<size_t>(dataset.policy_ids[static_cast<size_t>(dataset.episodes.first[i])]);
    if (source < returns.size()) returns[source].push_back(static_cast<float>(value));
  }
  if (high <= low) high = low + 1.0;
  const auto edges = linear_edges(low, high, kReturnBins);
  for (const auto& values : returns) view.returns.push_back(histogram(values, edges));
  return view;
}
}  // namespace

DatasetLoader::DatasetLoader(QObject* parent) : QObject(parent) {
  connect(&job_, &BackgroundJob::progressed, this, &DatasetLoader::progressed);
  connect(&job_, &BackgroundJob::cancelled, this, &DatasetLoader::cancelled);
}

void DatasetLoader::load(const std::filesystem::path& path) {
  job_.start([this, path](const ProgressFn& progress, const std::stop_token& stop) {
    return finish(path, progress, stop);
  });
  emit started(tr("Reading %1").arg(QString::fromStdString(path.filename().string())));
}

void DatasetLoader::loadDemo() {
  job_.start([this](const ProgressFn& progress, const std::stop_token& stop) -> BackgroundJob::Completion {
    auto made = demo_dataset(progress, stop);
    if (!made) {
      const auto message = QString::fromStdString(made.error().message);
      return [this, message] { emit failed(message); };
    }
    return finish(*made, progress, stop);
  });
  emit started(tr("Making the demo dataset"));
}

BackgroundJob::Completion DatasetLoader::finish(const std::filesystem::path& path, const ProgressFn& progress,
                                                const std::stop_token& stop) {
  auto read = read_dataset(path, {}, progress, stop);
  if (!read) {
    const auto message = QString::fromStdString(read.error().message);
    return [this, message] { emit failed(message); };
  }
  auto view = std::make_shared<const DatasetView>(view_of(path, *read));
  return [this, view] {
    view_ = view;
    emit loaded(view);
  };
}

void DatasetLoader::cancel() {
  job_.cancel();
}

}  // namespace vaco::ui
