// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/figures/evaluation_record.h"
#include "ui/figures/figure.h"

namespace vaco::ui {

/// Keeps the evaluations of every run; the figures of returns and scores draw from it, raw or D4RL-normalized,
/// run by run or as means over seeds.
class EvaluationFigure : public Figure {
 public:
  using Figure::Figure;
  bool consume(int run, const Event& event) override;
  [[nodiscard]] bool empty() const override;
  /// Whether any evaluation has a normalized score.
  [[nodiscard]] bool hasReference() const override;
  /// Run by run, and where there are seeds also their means; each raw and, with a reference, normalized.
  [[nodiscard]] std::vector<FigureVariant> variants(const FigureSpec& spec) const override;
  [[nodiscard]] QString variantTitle(const FigureSpec& spec) const override;

 protected:
  void clearData() override { records_.clear(); }
  /// The name of the normalized picture in files, and in lists.
  [[nodiscard]] virtual std::string normalizedKey() const = 0;
  [[nodiscard]] virtual QString normalizedName() const = 0;
  /// nullptr when the run has not been evaluated.
  [[nodiscard]] const EvaluationRecord* record(size_t run) const;

 private:
  std::vector<EvaluationRecord> records_;  ///< [runs]
};

}  // namespace vaco::ui
