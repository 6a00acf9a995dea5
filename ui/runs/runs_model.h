// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <limits>
#include <map>
#include <set>
#include <vector>

#include <QAbstractTableModel>
#include <QString>

#include "core/records/run_marks.h"

namespace vaco::ui {

/// What the table shows of one run folder.
struct RunRow {
  std::filesystem::path folder;  ///< its one name, see canonical_path()
  QString status, preset, environment, started;
  QString algorithm;             ///< as its study calls it, else as people do, "VACO"
  QString study;                 ///< the folder of the plan that it is of; empty = none
  QString dataset;               ///< the name of the data file without its ending
  std::filesystem::path data;    ///< that file
  std::filesystem::path parent;  ///< the run that it was forked from; empty = none
  RunMarks marks;                ///< what the user says of it
  std::string settings;  ///< runs with the same differ in nothing but the seed; empty when it cannot be read
  quint64 seed = 0;
  double last = std::numeric_limits<double>::quiet_NaN();  ///< score at the last evaluation
  double best = std::numeric_limits<double>::quiet_NaN();  ///< best score of all evaluations
  double pearson = std::numeric_limits<double>::quiet_NaN();
  bool normalized = false;  ///< scores are D4RL-normalized (else plain returns)
  [[nodiscard]] bool canResume() const;
  /// Scores of the same unit can be compared: empty for normalized ones, else the environment of the returns.
  [[nodiscard]] QString unit() const { return normalized ? QString() : environment; }
  /// What the user calls it, else what its folder is called; environment or data and the start where the
  /// program made that name.
  [[nodiscard]] QString title() const;
  bool operator==(const RunRow& other) const;  ///< two unknown scores are the same
};

/// Reads manifest and config of the run folders inside some folders, and again only of those that have changed.
/// One thread at a time.
class RunScanner {
 public:
  /// Folder by folder, the newest run first.
  std::vector<RunRow> scan(const std::vector<std::filesystem::path>& folders);

 private:
  struct Known {
    std::filesystem::file_time_type manifest, marks;
    RunRow row;
  };
  std::map<std::filesystem::path, Known> known_;
};

/// The runs as a table, each by its one name however it is given; the first column has a check box: in the
/// overlay or not.
class RunsModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column {
    kName,
    kDataset,
    kStatus,
    kAlgorithm,
    kSeed,
    kLast,
    kBest,
    kPearson,
    kTags,
    kStarted,
    kColumns
  };
  static constexpr int kSortRole = Qt::UserRole;  ///< a number, which may be NaN, or a text

  explicit RunsModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}
  void setRows(std::vector<RunRow> rows);
  /// Lists only the runs inside this folder; empty = all. Ticks of the others stay.
  void setShownFolder(const std::filesystem::path& folder);
  [[nodiscard]] const RunRow* row(int at) const;
  [[nodiscard]] const RunRow* row(const std::filesystem::path& folder) const;
  /// Writes what the user says of a run; the error tells why it cannot be kept.
  Result<void> mark(const std::filesystem::path& folder, const RunMarks& marks);
  /// The run that the others are compared with in all panels; scores of its task are shown by how much they
  /// differ from its, too. Empty = none.
  void setBaseline(const std::filesystem::path& folder);
  [[nodiscard]] const std::filesystem::path& baseline() const { return baseline_; }
  [[nodiscard]] const std::set<std::filesystem::path>& overlaid() const { return overlaid_; }
  /// Ticks runs, or all of them off.
  void overlay(const std::vector<std::filesystem::path>& folders);
  void removeOverlay(const std::vector<std::filesystem::path>& folders);
  void clearOverlay();
  /// Whether normalized scores and plain returns are listed, so that the latter are marked.
  [[nodiscard]] bool mixesUnits() const { return mixes_; }
  /// The run whose events fill the plots now (shown bold); it is always in the overlay.
  void setCurrent(const std::filesystem::path& folder);

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;

 signals:
  void overlayChanged();
  void baselineChanged();
  /// What the user said of a run could not be kept: why.
  void failed(const QString& message);

 private:
  [[nodiscard]] QString text(const RunRow& row, int column) const;
  [[nodiscard]] QVariant sortKey(const RunRow& row, int column) const;
  /// " (+3.2)": by how much a score is above that of the baseline; empty where they cannot be compared.
  [[nodiscard]] QString difference(const RunRow& row, double RunRow::*of) const;

  /// With the baseline's difference, and its unit where the list has two of them.
  [[nodiscard]] QString score(const RunRow& row, double RunRow::*of) const;

  void takeRows(std::vector<RunRow> rows);
  void tell();  ///< the ticks have changed

  std::vector<RunRow> all_, rows_;  ///< rows_: those that are listed
  std::filesystem::path shown_folder_;
  std::set<std::filesystem::path> overlaid_;
  std::filesystem::path current_, baseline_;
  bool mixes_ = false;
};

}  // namespace vaco::ui
