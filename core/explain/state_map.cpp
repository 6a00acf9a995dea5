// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/state_map.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace vaco {
namespace {

using Matrix = std::vector<std::vector<double>>;

/// Turns a symmetric matrix into its eigenvalues (on the diagonal) and eigenvectors (columns), by Jacobi's
/// rotations.
Matrix diagonalize(Matrix& a) {
  const size_t n = a.size();
  Matrix vectors(n, std::vector<double>(n, 0.0));
  for (size_t i = 0; i < n; ++i) vectors[i][i] = 1.0;
  constexpr int kSweeps = 50;
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    double off = 0.0, all = 0.0;
    for (size_t i = 0; i < n; ++i)
      for (size_t j = 0; j < n; ++j) (i == j ? all : off) += a[i][j] * a[i][j];
    if (off <= 1e-20 * all) break;
    for (size_t p = 0; p < n; ++p)
      for (size_t q = p + 1; q < n; ++q) {
        if (a[p][q] == 0.0) continue;
        const double theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
        const double t = std::copysign(1.0, theta) / (std::abs(theta) + std::hypot(theta, 1.0));
        const double c = 1.0 / std::hypot(t, 1.0), s = t * c;
        for (size_t k = 0; k < n; ++k) {
          const double kp = a[k][p], kq = a[k][q];
          a[k][p] = c * kp - s * kq;
          a[k][q] = s * kp + c * kq;
        }
        for (size_t k = 0; k < n; ++k) {
          const double pk = a[p][k], qk = a[q][k];
          a[p][k] = c * pk - s * qk;
          a[q][k] = s * pk + c * qk;
        }
        for (size_t k = 0; k < n; ++k) {
          const double kp = vectors[k][p], kq = vectors[k][q];
          vectors[k][p] = c * kp - s * kq;
          vectors[k][q] = s * kp + c * kq;
        }
      }
  }
  return vectors;
}

}  // namespace

PrincipalAxes principal_axes(std::span<const float> points, int64_t width) {
  const auto dim = static_cast<size_t>(width);
  const size_t count = points.size() / dim;
  PrincipalAxes axes;
  axes.mean.assign(dim, 0.0);
  for (size_t i = 0; i < points.size(); ++i) axes.mean[i % dim] += points[i] / static_cast<double>(count);
  Matrix covariance(dim, std::vector<double>(dim, 0.0));
  std::vector<double> row(dim);
  for (size_t i = 0; i < count; ++i) {
    for (size_t k = 0; k < dim; ++k) row[k] = points[i * dim + k] - axes.mean[k];
    for (size_t a = 0; a < dim; ++a)
      for (size_t b = 0; b <= a; ++b) covariance[a][b] += row[a] * row[b] / static_cast<double>(count);
  }
  double total = 0.0;
  for (size_t a = 0; a < dim; ++a) {
    total += covariance[a][a];
    for (size_t b = 0; b < a; ++b) covariance[b][a] = covariance[a][b];
  }
  const auto vectors = diagonalize(covariance);
  std::vector<size_t> order(dim);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return covariance[a][a] > covariance[b][b]; });
  for (size_t k = 0; k < 2; ++k) {
    axes.axis[k].assign(dim, 0.0);
    if (k >= dim) continue;
    for (size_t i = 0; i < dim; ++i) axes.axis[k][i] = vectors[i][order[k]];
    const auto first = std::find_if(axes.axis[k].begin(), axes.axis[k].end(),
                                    [](double entry) { return std::abs(entry) > 1e-6; });
    if (first != axes.axis[k].end() && *first < 0.0)
      for (auto& entry : axes.axis[k]) entry = -entry;
    if (total > 0.0) axes.share[k] = covariance[order[k]][order[k]] / total;
  }
  return axes;
}

StateMap make_state_map(std::span<const float> observations, int64_t width, const EpisodeTable& episodes,
                        int64_t most) {
  StateMap map;
  const auto dim = static_cast<size_t>(width);
  const auto total = static_cast<int64_t>(observations.size() / dim);
  const int64_t count = std::min(total, most);
  std::vector<float> points;
  points.reserve(static_cast<size_t>(count) * dim);
  size_t episode = 0;
  for (int64_t i = 0; i < count; ++i) {
    const int64_t row = i * total / count;
    while (row >= episodes.first[episode] + episodes.length[episode]) ++episode;
    map.rows.push_back(row);
    map.episode.push_back(static_cast<int32_t>(episode));
    map.time.push_back(static_cast<int32_t>(row - episodes.first[episode]));
    const auto at = observations.begin() + static_cast<std::ptrdiff_t>(row * width);
    points.insert(points.end(), at, at + width);
  }
  const auto axes = principal_axes(points, width);
  map.share = axes.share;
  for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
    double x = 0.0, y = 0.0;
    for (size_t k = 0; k < dim; ++k) {
      const double value = points[i * dim + k] - axes.mean[k];
      x += value * axes.axis[0][k];
      y += value * axes.axis[1][k];
    }
    map.x.push_back(static_cast<float>(x));
    map.y.push_back(static_cast<float>(y));
  }
  return map;
}

}  // namespace vaco
