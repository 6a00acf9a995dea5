// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "core/base/param_fields.h"
#include "core/learn/parts/metric_means.h"

namespace vaco {

/// Weights of advantage-weighted regression, w = min(exp(scale · A), clip).
/// advantage [n, 1] -> out [n, 1]; the two may be the same.
void exponential_weights(const at::Tensor& advantage, double scale, double clip, at::Tensor& out);

/// weight_clip, whose default is the field's value.
void list_weight_clip(ParamFields& fields, double& clip, const std::string& reference);

/// Adds batch_weight and batch_ess of a batch's weights [B, 1].
void add_weight_metrics(MetricMeans& metrics, const at::Tensor& weights);

/// Weights [N, 1] of all rows divided by their mean, on the host: what Algorithm::row_weights() gives.
std::vector<float> normalized_weights(const at::Tensor& weights);

}  // namespace vaco
