// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "core/base/result.h"

namespace vaco {

/// An OpenGL context without window or display. Made, used and destroyed in one thread, where it is current.
class EglContext {
 public:
  /// Tries Mesa's surfaceless platform, then the first device, then the default display.
  /// unavailable: what was tried and what to install.
  static Result<std::unique_ptr<EglContext>> create();
  ~EglContext();
  EglContext(const EglContext&) = delete;
  EglContext& operator=(const EglContext&) = delete;

  /// The driver's name ("llvmpipe (LLVM 15.0.6, 256 bits)").
  [[nodiscard]] const std::string& driver() const { return driver_; }
  /// Whether the processor draws, so that every frame takes time from training.
  [[nodiscard]] bool is_software() const { return software_; }

 private:
  EglContext() = default;

  void* display_ = nullptr;
  void* context_ = nullptr;
  std::string driver_;
  bool software_ = false;
};

}  // namespace vaco
