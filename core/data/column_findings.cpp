// SPDX-License-Identifier: GPL-3.0-or-later
// What is odd about the numbers of a column, all of them finite.
#include <algorithm>
#include <cmath>
#include <optional>

#include "core/base/readable.h"
#include "core/data/linter.h"
#include "core/data/normalizer.h"
#include "core/tasks/catalogue.h"

namespace vaco {
namespace {

/// Numbers of one column of a matrix.
struct Column {
  const std::vector<float>& values;
  int64_t width = 1, at = 0;
  [[nodiscard]] double operator[](int64_t row) const { return values[static_cast<size_t>(row * width + at)]; }
};

/// Mean and standard deviation of the finite numbers, of those within [low, high] alone.
struct Spread {
  double mean = 0.0, deviation = 0.0;
  int64_t count = 0;
};
Spread spread_of(const Column& column, int64_t rows, double low, double high) {
  Spread spread;
  const auto counts = [&](double v) { return std::isfinite(v) && v >= low && v <= high; };
  for (int64_t i = 0; i < rows; ++i)
    if (const double v = column[i]; counts(v)) {
      spread.mean += v;
      ++spread.count;
    }
  if (spread.count == 0) return spread;
  spread.mean /= static_cast<double>(spread.count);
  double squares = 0.0;
  for (int64_t i = 0; i < rows; ++i)
    if (const double v = column[i]; counts(v)) squares += (v - spread.mean) * (v - spread.mean);
  spread.deviation = std::sqrt(squares / static_cast<double>(spread.count));
  return spread;
}

/// Of each column, over its finite numbers. Row by row, as the numbers lie: a pass for each column would read
/// all of them as often.
struct ColumnSpread : Spread {
  double farthest = 0.0;  ///< from the mean
};
std::vector<ColumnSpread> spreads_of(const std::vector<float>& values, int64_t width) {
  std::vector<ColumnSpread> spreads(static_cast<size_t>(width));
  const auto for_each = [&](const auto& take) {
    for (auto row = values.begin(); row != values.end(); row += width)
      for (size_t c = 0; c < spreads.size(); ++c)
        if (const double v = row[static_cast<ptrdiff_t>(c)]; std::isfinite(v)) take(spreads[c], v);
  };
  for_each([](ColumnSpread& spread, double v) {
    spread.mean += v;
    ++spread.count;
  });
  for (auto& spread : spreads) spread.mean /= static_cast<double>(std::max<int64_t>(1, spread.count));
  for_each([](ColumnSpread& spread, double v) {
    const double distance = v - spread.mean;
    spread.deviation += distance * distance;
    spread.farthest = std::max(spread.farthest, std::abs(distance));
  });
  for (auto& spread : spreads)
    spread.deviation = std::sqrt(spread.deviation / static_cast<double>(std::max<int64_t>(1, spread.count)));
  return spreads;
}

/// The lowest and highest number of each column, as the first row and what compares with it have them.
struct Ends {
  float low, high;
};
std::vector<Ends> ends_of(const std::vector<float>& values, int64_t width) {
  std::vector<Ends> ends;
  for (int64_t c = 0; c < width; ++c)
    ends.push_back({values[static_cast<size_t>(c)], values[static_cast<size_t>(c)]});
  for (auto row = values.begin(); row != values.end(); row += width)
    for (size_t c = 0; c < ends.size(); ++c) {
      ends[c].low = std::min(ends[c].low, row[static_cast<ptrdiff_t>(c)]);
      ends[c].high = std::max(ends[c].high, row[static_cast<ptrdiff_t>(c)]);
    }
  return ends;
}

/// Where outliers begin: 200 deviations from the mean of the other 99.9 % (at least all but one), and 10 times
/// further from 0 than that mean. Sums of squares of such a number flatten all others.
struct Fence {
  double low = 0.0, high = 0.0;
  Spread rest;
};
std::optional<Fence> fence_of(const Column& column, int64_t rows, const ColumnSpread& all) {
  constexpr double kFar = 200.0, kFarFromZero = 10.0;
  if (all.count < 4 || all.deviation == 0.0) return std::nullopt;
  // A number that dominates the deviation lies many of them from the mean: few columns need a closer look.
  const double suspicious = std::min(20.0, 0.7 * std::sqrt(static_cast<double>(all.count)));
  if (all.farthest < suspicious * all.deviation) return std::nullopt;
  std::vector<double> sorted;
  for (int64_t i = 0; i < rows; ++i)
    if (const double v = column[i]; std::isfinite(v)) sorted.push_back(v);
  const auto middle = sorted.begin() + static_cast<ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  const double median = *middle;
  std::vector<double> distances;
  distances.reserve(sorted.size());
  for (const double v : sorted) distances.push_back(std::abs(v - median));
  const auto kept = static_cast<ptrdiff_t>(distances.size() - std::max<size_t>(1, distances.size() / 1000)) - 1;
  std::nth_element(distances.begin(), distances.begin() + kept, distances.end());
  const double within = distances[static_cast<size_t>(kept)];
  Fence fence;
  fence.rest = spread_of(column, rows, median - within, median + within);
  const double far =
      std::max(kFar * (fence.rest.deviation + 1e-3), kFarFromZero * std::max(1.0, std::abs(fence.rest.mean)));
  fence.low = fence.rest.mean - far;
  fence.high = fence.rest.mean + far;
  return fence;
}

}  // namespace

void Linter::columns() {
  const auto look = [&](const std::string& name, const std::vector<float>& values, int64_t width) {
    huge_numbers(name, values, width);
    const auto spreads = spreads_of(values, width);
    for (int64_t c = 0; c < width; ++c) {
      const Column column{values, width, c};
      const auto fence = fence_of(column, d_.rows, spreads[static_cast<size_t>(c)]);
      if (!fence) continue;
      FindingRows rows;
      double farthest = fence->rest.mean;
      for (int64_t i = 0; i < d_.rows; ++i) {
        const double v = column[i];
        if (!std::isfinite(v) || (v >= fence->low && v <= fence->high)) continue;
        rows.add(i);
        if (std::abs(v - fence->rest.mean) > std::abs(farthest - fence->rest.mean)) farthest = v;
      }
      if (rows.count == 0) continue;
      add(Severity::warning, "outliers",
          counted(rows.count, "row has", "rows have") + " an outlier in " +
              (width > 1 ? "column " + std::to_string(c) + " of " : "") + name + " (up to " +
              significant(farthest, 6) + ", where all others are " + significant(fence->rest.mean, 6) + " ± " +
              significant(fence->rest.deviation, 6) +
              "): mean and scale follow it, so that networks see all others as one number. Put it right, or "
              "take its trajectory out",
          rows);
    }
  };
  look("observations", d_.observations, d_.obs_dim);
  look("actions", d_.actions, d_.action_dim);
  look("rewards", d_.rewards, 1);
  if (facts_.has_next_observations) look("next_observations", d_.next_observations, d_.obs_dim);
  constant_columns();
}

void Linter::huge_numbers(const std::string& name, const std::vector<float>& values, int64_t width) {
  constexpr float kSquareOverflows = 1.8e19f;
  FindingRows rows;
  int64_t column = 0;
  for (int64_t i = 0; i < d_.rows; ++i)
    for (int64_t c = 0; c < width; ++c) {
      const float v = values[static_cast<size_t>(i * width + c)];
      if (!std::isfinite(v) || std::abs(v) < kSquareOverflows) continue;
      if (rows.count == 0) column = c;
      rows.add(i);
      break;
    }
  if (rows.count > 0)
    add(Severity::warning, "huge_numbers",
        counted(rows.count, "row", "rows") + " of " + name +
            " with a number whose square float32 cannot hold (" +
            significant(static_cast<double>(values[static_cast<size_t>(rows.first * width + column)]), 6) +
            " in column " + std::to_string(column) + "): nothing can be calculated with such numbers",
        rows);
}

void Linter::constant_columns() {
  const auto constant = [&](const std::vector<float>& values, int64_t width) {
    std::string names;
    int64_t found = 0;
    const auto ends = ends_of(values, width);
    for (size_t c = 0; c < ends.size(); ++c) {
      const auto& [low, high] = ends[c];
      if (!std::isfinite(low) || !std::isfinite(high) || !is_constant(low, high)) continue;
      constexpr int64_t kNamed = 8;
      if (++found <= kNamed)
        names += (names.empty() ? "" : ", ") + std::to_string(c) + " (" +
                 significant(static_cast<double>(values[c]), 6) + ")";
    }
    if (found > 8) names += ", …";
    return std::pair(found, names);
  };
  if (d_.rows < 2) return;
  if (const auto [found, names] = constant(d_.observations, d_.obs_dim); found > 0)
    add(Severity::note, "constant_columns",
        counted(found, "column", "columns") + " of observations never " + (found == 1 ? "varies" : "vary") +
            ": " + names + "; nothing can be learned from " + (found == 1 ? "it" : "them") +
            ", and what differs there when a policy acts is passed on unscaled");
  if (const auto [found, names] = constant(d_.actions, d_.action_dim); found > 0)
    add(Severity::warning, "constant_actions",
        counted(found, "column", "columns") + " of actions never " + (found == 1 ? "varies" : "vary") + ": " +
            names + "; no other action is known there");
}

void Linter::saturated_actions() {
  if (d_.action_count > 0) return;  // nothing lies between choices
  // Of tasks that nobody knows the data's own ends stand for the bounds.
  const Task* task = find_task(d_.environment);
  const bool known = task && task->has_shape(d_.obs_dim, d_.action_dim);
  int64_t at_bound = 0, varying = 0;
  const auto ends = known ? std::vector<Ends>{} : ends_of(d_.actions, d_.action_dim);
  for (int64_t c = 0; c < d_.action_dim; ++c) {
    const Column column{d_.actions, d_.action_dim, c};
    double high = known ? static_cast<double>(task->action_bound) : 0.0, low = -high;
    if (!known) {
      low = static_cast<double>(ends[static_cast<size_t>(c)].low);
      high = static_cast<double>(ends[static_cast<size_t>(c)].high);
      if (is_constant(static_cast<float>(low), static_cast<float>(high))) continue;
    }
    ++varying;
    const double margin = 0.5e-3 * (high - low);
    for (int64_t i = 0; i < d_.rows; ++i) at_bound += column[i] <= low + margin || column[i] >= high - margin;
  }
  const double share =
      varying > 0 ? static_cast<double>(at_bound) / static_cast<double>(varying * d_.rows) : 0.0;
  if (share < 0.5 || d_.rows < 10) return;
  add(share < 0.9 ? Severity::note : Severity::warning, "saturated_actions",
      std::to_string(std::lround(100.0 * share)) + " % of all action numbers are at " +
          (known ? "a bound" : "the lowest or highest one") +
          ": the data hardly tell what lies between, and a cloned policy learns only signs");
}

}  // namespace vaco
