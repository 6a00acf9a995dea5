// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace vaco::testing {

/// What the device's part of one training step asked of torch.
struct StepLog {
  int64_t variant = 0;
  std::vector<std::string> calls;      ///< each operation with its numbers, in order
  std::set<const void*> memory;        ///< of tensors that the step used and had not made itself
  std::vector<std::string> forbidden;  ///< reads of the device by the host, and copies between the two
};

/// Logs every step of this thread while it lives; one at a time.
class StepRecorder {
 public:
  StepRecorder();
  ~StepRecorder();
  StepRecorder(const StepRecorder&) = delete;
  StepRecorder& operator=(const StepRecorder&) = delete;
  [[nodiscard]] const std::vector<StepLog>& logs() const { return logs_; }

 private:
  std::vector<StepLog> logs_;
};

}  // namespace vaco::testing
