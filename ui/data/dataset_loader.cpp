// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/dataset_loader.h"

#include <algorithm>

#include "core/base/canonical_path.h"
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

DatasetLoader::DatasetLoader(QObject* parent)
    : QObject(parent), read_([](const auto& path, const auto& options, const auto& progress, auto stop) {
        return read_dataset(path, options, progress, stop);
      }) {
  connect(&job_, &BackgroundJob::failed, this, &DatasetLoader::fail);
  connect(&job_, &BackgroundJob::progressed, this, &DatasetLoader::progressed);
  connect(&job_, &BackgroundJob::cancelled, this, [this] {
    path_ = view_ ? view_->path : std::filesystem::path();
    emit cancelled();
  });
}

void DatasetLoader::load(const std::filesystem::path& path, const ReadOptions& options) {
  path_ = path;
  options_ = options;
  job_.start([this, path, options](const ProgressFn& progress, const std::stop_token& stop) {
    return finish(path, options, progress, stop);
  });
  emit started(tr("Reading %1").arg(QString::fromStdString(path.filename().string())));
}

void DatasetLoader::loadDemo() {
  path_.clear();
  options_ = {};
  job_.start([this](const ProgressFn& progress, const std::stop_token& stop) -> BackgroundJob::Completion {
    auto made = demo_dataset(progress, stop);
    if (!made) {
      const auto message = QString::fromStdString(made.error().message);
      return [this, message] { fail(message); };
    }
    return finish(*made, {}, progress, stop);
  });
  emit started(tr("Making the demo dataset"));
}

BackgroundJob::Completion DatasetLoader::finish(const std::filesystem::path& path, const ReadOptions& options,
                                                const ProgressFn& progress, const std::stop_token& stop) {
  auto loaded = std::make_shared<Loaded>();
  stamp(path, *loaded);
  loaded->options = options;
  auto read = read_(path, options, progress, stop);
  if (!read) {
    const auto message = QString::fromStdString(read.error().message);
    return [this, message] { fail(message); };
  }
  loaded->dataset = std::move(*read);
  auto view = std::make_shared<const DatasetView>(view_of(path, loaded->dataset));
  return [this, view, loaded] {
    loaded_ = loaded;
    view_ = view;
    path_ = view->path;
    emit this->loaded(view);
  };
}

void DatasetLoader::stamp(const std::filesystem::path& path, Loaded& loaded) {
  std::error_code missing;
  loaded.path = canonical_path(path);
  loaded.bytes = std::filesystem::file_size(path, missing);
  loaded.written = std::filesystem::last_write_time(path, missing);
}

std::shared_ptr<const Dataset> DatasetLoader::dataset() const {
  return loaded_ ? std::shared_ptr<const Dataset>(loaded_, &loaded_->dataset) : nullptr;
}

DatasetLoader::Read DatasetLoader::readOnce() const {
  return [read = read_, loaded = loaded_](const std::filesystem::path& path, const ReadOptions& options,
                                          const ProgressFn& progress, std::stop_token stop) -> Result<Dataset> {
    Loaded now;
    stamp(path, now);
    // What the data says of itself may be asked for by name.
    ReadOptions asked = options;
    if (loaded && asked.environment == loaded->dataset.environment)
      asked.environment = loaded->options.environment;
    const bool same = loaded && now.path == loaded->path && now.bytes == loaded->bytes &&
                      now.written == loaded->written && asked == loaded->options;
    if (same) return Dataset(loaded->dataset);
    return read(path, options, progress, std::move(stop));
  };
}

void DatasetLoader::fail(const QString& message) {
  path_ = view_ ? view_->path : std::filesystem::path();
  emit failed(message);
}

void DatasetLoader::cancel() {
  job_.cancel();
}

void DatasetLoader::close() {
  job_.cancel();
  path_.clear();
  options_ = {};
  loaded_.reset();
  view_.reset();
  emit closed();
}

}  // namespace vaco::ui
